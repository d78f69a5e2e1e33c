/**
 * Waiting for jobs to end, and watching how they get there.
 *
 * Three kinds of outcome are never mixed: what became of the job (a snapshot, or `JobFailedError`), why it could not be asked for
 * (a `RequestError`), and why we stopped asking (`WaitTimeoutError`). Giving up never touches the job upstream.
 *
 * @module
 */
import {
  Array as Arr,
  type Cause,
  Clock,
  type Context,
  Effect,
  Exit,
  Option,
  type Pull,
  Result,
  type Scope
} from "effect"
import type { InvalidJobRefError, InvalidSettingError } from "./Errors.ts"
import type { JobPoller, PolledJob } from "./JobPoller.ts"
import { JobRef, type JobRefInput } from "./JobRef.ts"
import type { JobSnapshot } from "./JobSnapshot.ts"
import { Observer, outcomeOf, type WaitError } from "./Observer.ts"
import { type WaitOptions, type WaitSettings, waitSettingsOf } from "./WaitOptions.ts"
import { changesOf } from "./Watch.ts"

/** What became of one of many jobs, or why it is not known. */
export type WaitOutcome = Result.Result<JobSnapshot, WaitError>

/** Why a wait does not begin. */
export type WaitRefusal = InvalidJobRefError | InvalidSettingError

/** Waiting and watching. */
export interface Waiting {
  /**
   * Waits until a job has ended. Trouble that may pass (5XX, 408, 425, 429, connection, timeout, an unreadable answer) is ridden out
   * and told to `onProgress`; other refusals end the wait at once. `Failure` and `Cancelled` are a `JobFailedError`.
   */
  readonly wait: (ref: JobRefInput, options?: WaitOptions) => Effect.Effect<JobSnapshot, WaitRefusal | WaitError>
  /** Waits for many jobs under one deadline; outcomes come in the order asked, and one never disturbs another. */
  readonly waitAll: (
    refs: Iterable<JobRefInput>,
    options?: WaitOptions
  ) => Effect.Effect<ReadonlyArray<WaitOutcome>, WaitRefusal>
  /**
   * Takes a job's changes one by one, the terminal snapshot last, for as long as the scope is open. While nobody takes the next
   * change the job is not polled on its behalf.
   */
  readonly changes: (
    ref: JobRefInput,
    options?: WaitOptions
  ) => Effect.Effect<Pull.Pull<JobSnapshot, WaitError>, WaitRefusal, Scope.Scope>
}

/** Waiting on top of a poller. */
export const make = (poller: JobPoller): Waiting => {
  const waitAll = Effect.fn("JobStatus.waitAll")(function* (inputs: Iterable<JobRefInput>, options: WaitOptions = {}) {
    const refs = yield* Effect.fromResult(Result.all([...inputs].map((input) => JobRef.parse(input))))
    const now = yield* Clock.currentTimeMillis
    const settings = yield* Effect.fromResult(waitSettingsOf(options, now))
    return yield* awaitAll(poller, refs, settings, now)
  })

  const wait = Effect.fn("JobStatus.wait")(function* (input: JobRefInput, options: WaitOptions = {}) {
    const ref = yield* Effect.fromResult(JobRef.parse(input))
    const now = yield* Clock.currentTimeMillis
    const settings = yield* Effect.fromResult(waitSettingsOf(options, now))
    const outcomes = yield* awaitAll(poller, [ref], settings, now)
    return yield* Effect.fromResult(Option.getOrThrow(Arr.head(outcomes)))
  })

  const changes = Effect.fnUntraced(function* (input: JobRefInput, options: WaitOptions = {}) {
    const ref = yield* Effect.fromResult(JobRef.parse(input))
    const settings = yield* Effect.fromResult(waitSettingsOf(options, yield* Clock.currentTimeMillis))
    return yield* changesOf(poller, ref, settings)
  })

  return { wait, waitAll, changes }
}

/** Waits for many jobs with one fiber and one timer. */
const awaitAll = (
  poller: JobPoller,
  refs: ReadonlyArray<JobRef>,
  settings: WaitSettings,
  now: number
): Effect.Effect<ReadonlyArray<WaitOutcome>> =>
  Effect.contextWith((context: Context.Context<never>) => {
    const outcomes: Array<WaitOutcome> = []
    let waiters: ReadonlyArray<Waiter> = []
    const ended = Effect.callback<ReadonlyArray<WaitOutcome>>((resume) => {
      let left = refs.length
      const onExit: OnExit = (index, exit) => {
        if (Exit.isFailure(exit)) return resume(Exit.failCause(exit.cause))
        outcomes[index] = exit.value
        left -= 1
        if (left === 0) resume(Effect.succeed(outcomes))
      }
      if (left === 0) return resume(Effect.succeed(outcomes))
      waiters = refs.map((ref, index) => new Waiter(ref, settings, index, onExit))
      for (const waiter of waiters) waiter.job = poller.join(waiter.ref, settings.policy, waiter, context)
      return Effect.sync(() => {
        for (const waiter of waiters) waiter.leave(poller)
      })
    })
    const expired = Effect.map(Clock.currentTimeMillis, (now) => {
      for (const waiter of waiters) if (!waiter.isDone) waiter.expire(waiter.job, now)
      return outcomes
    })
    return Effect.timeoutOrElse(ended, { duration: Math.max(0, settings.deadline - now), orElse: () => expired })
  })

type OnExit = (index: number, exit: Exit.Exit<WaitOutcome>) => void

/** One of the jobs that somebody waits for. */
class Waiter extends Observer {
  readonly isReady = true
  job: PolledJob | undefined
  isDone = false
  readonly #index: number
  readonly #onExit: OnExit

  constructor(ref: JobRef, settings: WaitSettings, index: number, onExit: OnExit) {
    super(ref, settings)
    this.#index = index
    this.#onExit = onExit
  }

  protected override onChange(snapshot: JobSnapshot): void {
    if (snapshot.isTerminal) this.#end(Exit.succeed(outcomeOf(snapshot, this.settings)))
  }

  protected override onFailure(error: WaitError): void {
    this.#end(Exit.succeed(Result.fail(error)))
  }

  override onBroken(cause: Cause.Cause<never>): void {
    this.#end(Exit.failCause(cause))
  }

  leave(poller: JobPoller): void {
    if (this.job !== undefined && !this.isDone) poller.leave(this.job, this)
  }

  #end(exit: Exit.Exit<WaitOutcome>): void {
    if (this.isDone) return
    this.isDone = true
    this.#onExit(this.#index, exit)
  }
}
