/**
 * `JobTracker`: follows a changing set of jobs, with one poll per job and events for all changes.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Take from "effect/Take"
import { trackerOf } from "../client/ClientInternals.ts"
import type { InvalidJobRefError, InvalidSettingError, RequestError } from "../errors/Errors.ts"
import { JobRef, type JobRefInput } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import { JobStatus, type JobStatusService } from "../JobStatus.ts"
import { invalidOption } from "../options/Options.ts"
import type { JobTrackerEvent } from "./JobEvent.ts"
import * as PollSchedule from "./PollSchedule.ts"
import type { ResumePoint } from "./ResumePoint.ts"
import { never, type TrackerTime, Watcher, type WatcherSettings } from "./TrackedJob.ts"
import type { Tracker, TrackerLoad } from "./Tracker.ts"
import { checkResume, millisOf, policyOf, startOf } from "./WaitOptions.ts"
import { resumePointOf } from "./WatcherReport.ts"

/** How a job is tracked. */
export interface TrackOptions {
  /** How to poll. Default: `PollSchedule.adaptive`. */
  readonly policy?: PollSchedule.PollPolicyOptions | undefined
  /** The state of an earlier tracking or wait: what it saw last, its schedule, and its deadline unless one is given here. */
  readonly state?: ResumePoint | undefined
  /** When tracking ends with `TimedOut`. Default: never. */
  readonly deadline?: DateTime.Utc | Date | undefined
  /** For how long a 404, or a GraphQL response without a job, means that the job does not exist yet. Default: 0. */
  readonly notFoundGrace?: Duration.Input | undefined
}

/** What `JobTracker` offers. */
export interface JobTrackerService {
  /**
   * Tracks a job until it has ended, is refused, times out, or is untracked. A job that is tracked already gets the new options; what was
   * reported of it is not reported again.
   */
  readonly track: (
    ref: JobRefInput,
    options?: TrackOptions
  ) => Effect.Effect<void, InvalidJobRefError | InvalidSettingError>
  /** Stops tracking a job and interrupts its poll, unless somebody else waits for it. The job itself continues upstream. */
  readonly untrack: (ref: JobRefInput) => Effect.Effect<void, InvalidJobRefError>
  /**
   * Polls a job now, or waits for the poll in flight, and returns what it saw; a status of less than a second ago is returned at once. It
   * fails with the poll's error, and with the limiter's when the endpoint is paused. The job need not be tracked.
   */
  readonly refresh: (ref: JobRefInput) => Effect.Effect<JobSnapshot, InvalidJobRefError | RequestError>
  /** Takes a snapshot that another caller has just got, as if the job had been polled. */
  readonly observe: (
    ref: JobRefInput,
    snapshot: JobSnapshot
  ) => Effect.Effect<void, InvalidJobRefError | InvalidSettingError>
  /** All events from now on. Run the stream before jobs are tracked: what was reported earlier is not repeated. */
  readonly events: Stream.Stream<JobTrackerEvent>
  /** The state of a tracked job, to continue in another process; none when it is not tracked. */
  readonly state: (ref: JobRefInput) => Effect.Effect<Option.Option<ResumePoint>, InvalidJobRefError>
  /** The tracked jobs, such as `standard:412651`, in the order in which tracking began. */
  readonly tracked: Effect.Effect<ReadonlyArray<string>>
  /** How many jobs are polled for this client, `wait` and `watch` included, how many are due, and for how long. */
  readonly load: Effect.Effect<TrackerLoad>
}

/**
 * Tracks a changing set of jobs, for services and dashboards. It shares its polls with `wait` and `watch` of the same client: one poll per
 * job, at most four in flight per endpoint and account. When more polls are due than may be sent, jobs that are expected to end soonest go
 * first.
 *
 * @example
 * ```ts
 * import { JobStatus, JobTracker } from "@ttd-jobs/core"
 * import { Effect, Layer, Stream } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const tracker = yield* JobTracker
 *   const ended = yield* tracker.events.pipe(
 *     Stream.filter((event) => event._tag === "Ended"),
 *     Stream.take(2),
 *     Stream.runCollect,
 *     Effect.forkChild({ startImmediately: true })
 *   )
 *   yield* tracker.track("standard:412651")
 *   yield* tracker.track("graphql-bulk:7", { policy: { interval: "10 seconds" } })
 *   return ended
 * })
 * const runnable = program.pipe(Effect.provide(JobTracker.layer.pipe(Layer.provide(JobStatus.layerConfig))))
 * ```
 */
export class JobTracker extends Context.Service<JobTracker, JobTrackerService>()("@ttd-jobs/core/JobTracker") {
  /** The tracker of a client, for as long as the scope is open. Fails for a client that this package did not make. */
  static readonly make = Effect.fnUntraced(function* (
    client: JobStatusService
  ): Effect.fn.Return<JobTrackerService, InvalidSettingError, Scope.Scope> {
    return yield* serviceOf(yield* yield* Effect.fromResult(trackerOf(client)))
  })

  /** The tracker of the client in `JobStatus`. */
  static readonly layer: Layer.Layer<JobTracker, InvalidSettingError, JobStatus> = Layer.effect(
    JobTracker,
    Effect.flatMap(JobStatus, JobTracker.make)
  )
}

const serviceOf = Effect.fnUntraced(function* (
  tracker: Tracker
): Effect.fn.Return<JobTrackerService, never, Scope.Scope> {
  const events = yield* PubSub.unbounded<Take.Take<JobTrackerEvent>>()
  const tracked = new Map<string, TrackedReference>()
  const settingsFor = settingsReader()
  const owner: Owner = {
    publish: (take) => PubSub.publishUnsafe(events, take),
    forget: (watcher) => {
      if (tracked.get(String(watcher.ref)) === watcher) tracked.delete(String(watcher.ref))
    }
  }
  yield* Effect.addFinalizer(() => {
    for (const watcher of tracked.values()) tracker.leave(watcher)
    tracked.clear()
    return PubSub.shutdown(events)
  })

  const track: JobTrackerService["track"] = (input, options = {}) =>
    Effect.suspend(() =>
      Effect.fromResult(
        Result.gen(function* () {
          const ref = yield* JobRef.parse(input)
          const settings = yield* settingsFor(ref, options, tracker.time())
          const before = tracked.get(String(ref))
          const watcher = new TrackedReference(ref, settings, owner)
          watcher.last = before?.last
          watcher.isWarned = before?.isWarned ?? false
          // The new one joins first, so that a poll in flight goes on.
          tracker.join(watcher)
          if (before !== undefined) tracker.leave(before)
          // A job that was just seen to have ended is not tracked any more.
          if (watcher.job === undefined) tracked.delete(String(ref))
          else tracked.set(watcher.job.key, watcher)
        })
      )
    )

  const withRef = <A, E>(input: JobRefInput, use: (ref: JobRef) => Effect.Effect<A, E>) =>
    Effect.flatMap(Effect.fromResult(JobRef.parse(input)), use)

  return {
    track,
    untrack: (input) =>
      withRef(input, (ref) =>
        Effect.sync(() => {
          const watcher = tracked.get(String(ref))
          tracked.delete(String(ref))
          if (watcher !== undefined) tracker.leave(watcher)
        })
      ),
    refresh: (input) => withRef(input, (ref) => refresh(tracker, ref)),
    observe: (input, snapshot) =>
      withRef(input, (ref) =>
        snapshot.ref === String(ref)
          ? Effect.sync(() => tracker.observe(ref, { snapshot, age: null }))
          : Effect.fail(foreignSnapshot(snapshot))
      ),
    events: Stream.fromPubSubTake(events),
    state: (input) =>
      withRef(input, (ref) =>
        Effect.sync(() => {
          const watcher = tracked.get(String(ref))
          return watcher?.job === undefined
            ? Option.none()
            : Option.some(resumePointOf(watcher, watcher.job, tracker.time()))
        })
      ),
    tracked: Effect.sync(() => [...tracked.keys()]),
    load: Effect.sync(tracker.load)
  }
})

/** Reads options. Jobs that are tracked at the same time without any share their settings: there may be 100,000 of them. */
const settingsReader = () => {
  let shared: WatcherSettings | undefined
  return (
    ref: JobRef,
    options: TrackOptions,
    time: TrackerTime
  ): Result.Result<WatcherSettings, InvalidSettingError> => {
    const isDefault = Object.values(options).every((option) => option === undefined)
    if (isDefault && shared?.startedAt === time.wall) return Result.succeed(shared)
    const settings = settingsOf(ref, options, time)
    if (isDefault) shared = Option.getOrUndefined(Result.getSuccess(settings))
    return settings
  }
}

const settingsOf = (
  ref: JobRef,
  { deadline, notFoundGrace, policy, state }: TrackOptions,
  time: TrackerTime
): Result.Result<WatcherSettings, InvalidSettingError> =>
  Result.gen(function* () {
    if (state !== undefined) yield* checkResume(state, [ref])
    const endsAt = deadline ?? state?.deadline ?? undefined
    return {
      ...startOf(state, time),
      deadline: endsAt === undefined ? never : time.awake + Math.max(0, millisUntil(endsAt, time.wall)),
      checksOnce: false,
      policy: yield* policyOf(policy),
      graceUntil: notFoundGrace === undefined ? 0 : time.awake + (yield* millisOf("notFoundGrace", notFoundGrace)),
      resume: state,
      span: undefined
    }
  })

const millisUntil = (deadline: DateTime.Utc | Date, now: number): number =>
  (deadline instanceof Date ? deadline.getTime() : DateTime.toEpochMillis(deadline)) - now

const foreignSnapshot = ({ ref }: JobSnapshot) => invalidOption("snapshot", "value", ref, "a snapshot of the same job")

/** The tracker service that a tracked reference belongs to. */
interface Owner {
  readonly publish: (take: Take.Take<JobTrackerEvent>) => void
  readonly forget: (watcher: TrackedReference) => void
}

class TrackedReference extends Watcher {
  readonly #owner: Owner

  constructor(ref: JobRef, settings: WatcherSettings, owner: Owner) {
    super(ref, settings)
    this.#owner = owner
  }

  override receive(event: JobTrackerEvent): void {
    if (this.job === undefined && isLast(event)) this.#owner.forget(this)
    this.#owner.publish([event])
  }

  override fail(cause: Cause.Cause<never>): void {
    this.#owner.forget(this)
    // A closed client needs no event; a defect must not pass unnoticed.
    if (!Cause.hasInterruptsOnly(cause)) this.#owner.publish(Exit.failCause(cause))
  }
}

const isLast = ({ _tag }: JobTrackerEvent) => _tag === "Ended" || _tag === "Refused" || _tag === "TimedOut"

/** One poll, shared with whoever else watches the job. */
const refresh = (tracker: Tracker, ref: JobRef): Effect.Effect<JobSnapshot, RequestError> =>
  Effect.callback((resume) => {
    const time = tracker.time()
    const settings: WatcherSettings = {
      ...startOf(undefined, time),
      deadline: never,
      checksOnce: true,
      policy: PollSchedule.adaptive,
      graceUntil: 0,
      resume: undefined,
      span: undefined
    }
    const watcher = new Refresh(ref, settings, resume)
    tracker.join(watcher)
    return Effect.sync(() => tracker.leave(watcher))
  })

class Refresh extends Watcher {
  readonly #resume: (outcome: Effect.Effect<JobSnapshot, RequestError>) => void

  constructor(
    ref: JobRef,
    settings: WatcherSettings,
    resume: (outcome: Effect.Effect<JobSnapshot, RequestError>) => void
  ) {
    super(ref, settings)
    this.#resume = resume
  }

  override receive(event: JobTrackerEvent): void {
    if (event._tag === "Changed") this.#resume(Effect.succeed(event.snapshot))
    else if (event._tag === "PollFailed" || event._tag === "Refused") this.#resume(Effect.fail(event.error))
    else if (event._tag === "TimedOut" && event.error.lastError !== null) {
      this.#resume(Effect.fail(event.error.lastError))
    }
  }

  override fail(cause: Cause.Cause<never>): void {
    this.#resume(Effect.failCause(cause))
  }
}
