/**
 * Options of a wait.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import type { InvalidSettingError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import { invalidOption, readDuration } from "../options/Options.ts"
import type { WaitEvent } from "./JobEvent.ts"
import * as PollSchedule from "./PollSchedule.ts"
import type { ResumePoint } from "./ResumePoint.ts"
import type { TrackerTime, WatcherSettings } from "./TrackedJob.ts"

/** The options of a wait. Times that are numbers are milliseconds. */
export interface WaitOptions {
  /**
   * The deadline over requests, backoff and poll intervals; `"Infinity"` for none, 0 to check once. It counts the time that the machine is
   * awake. Default: 24 hours.
   */
  readonly timeout?: Duration.Input | undefined
  /** How to poll. Default: `PollSchedule.adaptive`. */
  readonly poll?: PollSchedule.PollPolicyOptions | undefined
  /** For how long a 404, or a GraphQL response without a job, means that the job does not exist yet. Default: 0. */
  readonly notFoundGrace?: Duration.Input | undefined
  /** Whether `Failure` and `Cancelled` are results like any other instead of a `JobFailedError`. Default: false. */
  readonly acceptFailure?: boolean | undefined
  /** The state of an earlier wait: its deadline, what it saw last, and its poll schedule hold, unless `timeout` says otherwise. */
  readonly resume?: ResumePoint | undefined
  /** Called with each event, between polls, so it should return quickly; what it throws ends the wait. */
  readonly onProgress?: ((event: WaitEvent) => void) | undefined
}

/** The options as a wait uses them. */
export interface WaitSettings extends WatcherSettings {
  readonly acceptFailure: boolean
  readonly onProgress: ((event: WaitEvent) => unknown) | undefined
}

/** Reads the options of a wait that begins now; fails with `InvalidSettingError` at the first that is invalid. */
export const waitSettingsOf = (
  options: WaitOptions,
  refs: ReadonlyArray<JobRef>,
  time: TrackerTime,
  span: Tracer.AnySpan | undefined
): Result.Result<WaitSettings, InvalidSettingError> =>
  Result.gen(function* () {
    const { resume } = options
    if (resume !== undefined) yield* checkResume(resume, refs)
    const timeout = yield* timeoutOf(options, time)
    return {
      ...startOf(resume, time),
      // No time at all is time for one poll, however long it takes.
      deadline: timeout === 0 ? Number.POSITIVE_INFINITY : time.awake + timeout,
      checksOnce: timeout === 0,
      policy: yield* policyOf(options.poll),
      graceUntil: time.awake + (yield* millisOf("notFoundGrace", options.notFoundGrace ?? Duration.zero)),
      acceptFailure: options.acceptFailure ?? false,
      resume,
      span,
      onProgress: options.onProgress
    }
  })

/** When a wait began that may have begun in another process: the time until now counts by the wall clock. */
export const startOf = (
  resume: ResumePoint | undefined,
  time: TrackerTime
): Pick<WatcherSettings, "startedAt" | "startedAwake"> => {
  const startedAt = resume === undefined ? time.wall : DateTime.toEpochMillis(resume.startedAt)
  return { startedAt, startedAwake: time.awake - Math.max(0, time.wall - startedAt) }
}

/** A poll policy from options. */
export const policyOf = (
  options: PollSchedule.PollPolicyOptions | undefined
): Result.Result<PollSchedule.PollPolicy, InvalidSettingError> =>
  options === undefined ? Result.succeed(PollSchedule.adaptive) : PollSchedule.make(options)

/** A state holds for its own job only. */
export const checkResume = (
  { ref }: ResumePoint,
  refs: ReadonlyArray<JobRef>
): Result.Result<void, InvalidSettingError> => {
  const foreign = refs.find((other) => String(other) !== ref)
  return foreign === undefined
    ? Result.succeed(undefined)
    : Result.fail(invalidOption("resume", "value", ref, `the state of ${foreign}`))
}

/** A duration in whole milliseconds, 0 or more. */
export const millisOf = (setting: string, input: Duration.Input): Result.Result<number, InvalidSettingError> =>
  Result.map(readDuration(setting, input), (duration) => Math.ceil(Duration.toMillis(duration)))

const timeoutOf = ({ resume, timeout }: WaitOptions, time: TrackerTime) => {
  if (timeout !== undefined || resume === undefined) return millisOf("timeout", timeout ?? Duration.hours(24))
  const { deadline } = resume
  // A deadline that has passed leaves time for one poll.
  return Result.succeed(
    deadline === null ? Number.POSITIVE_INFINITY : Math.max(0, DateTime.toEpochMillis(deadline) - time.wall)
  )
}
