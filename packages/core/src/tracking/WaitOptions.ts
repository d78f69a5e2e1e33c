/**
 * What a wait is told, and what it tells while it lasts.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { InvalidSettingError, type RequestError, type WaitTimeoutError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import * as PollSchedule from "./PollSchedule.ts"
import type { ResumePoint } from "./ResumePoint.ts"

/** What happens during a wait, for `onProgress`. Each event names its job. */
export type WaitEvent =
  /** The job was seen for the first time, or stands elsewhere than when it was last seen. */
  | { readonly _tag: "Changed"; readonly ref: string; readonly snapshot: JobSnapshot }
  /** A poll failed in a way that may pass; the wait goes on. */
  | { readonly _tag: "PollFailed"; readonly ref: string; readonly error: RequestError }
  /** The server uses a status that this version does not know; told once. The wait goes on until the deadline. */
  | { readonly _tag: "UnknownStatus"; readonly ref: string; readonly snapshot: JobSnapshot }
  /** The job has ended, and its result may be gone in less than an hour; `left` is in milliseconds. */
  | { readonly _tag: "ExpiresSoon"; readonly ref: string; readonly snapshot: JobSnapshot; readonly left: number }
  /** A permanent error (401, 403, 404, 410, …) ended the wait for this job. */
  | { readonly _tag: "Refused"; readonly ref: string; readonly error: RequestError }
  /** The deadline passed before the job ended. The job continues upstream. */
  | { readonly _tag: "TimedOut"; readonly ref: string; readonly error: WaitTimeoutError }

/** The settings of a wait. Times that are numbers are milliseconds. */
export interface WaitOptions {
  /** How long to wait at most, requests and pauses included; `"Infinity"` for ever. Default: 24 hours. */
  readonly timeout?: Duration.Input | undefined
  /** How to poll. Default: `PollSchedule.adaptive`. */
  readonly poll?: PollSchedule.PollPolicyOptions | undefined
  /** For how long a 404, or a GraphQL answer without a job, is taken for a job that is not there yet. Default: 0. */
  readonly notFoundGrace?: Duration.Input | undefined
  /** Whether `Failure` and `Cancelled` are results as good as any, instead of a `JobFailedError`. Default: false. */
  readonly acceptFailure?: boolean | undefined
  /** Where an earlier wait stopped: its deadline and what it saw last hold on, unless `timeout` says otherwise. */
  readonly resume?: ResumePoint | undefined
  /** Is told what happens. It is called between polls, so it should not take long; what it throws ends the wait. */
  readonly onProgress?: ((event: WaitEvent) => void) | undefined
}

/** The settings as a wait uses them. Times are milliseconds since the epoch. */
export interface WaitSettings {
  readonly startedAt: number
  readonly deadline: number
  readonly policy: PollSchedule.PollPolicy
  readonly graceUntil: number
  readonly acceptFailure: boolean
  readonly resume: ResumePoint | undefined
  readonly onProgress: ((event: WaitEvent) => unknown) | undefined
}

/** Reads the settings of a wait that begins now; fails with `InvalidSettingError` at the first that cannot be used. */
export const waitSettingsOf = (
  options: WaitOptions,
  refs: ReadonlyArray<JobRef>,
  now: number
): Result.Result<WaitSettings, InvalidSettingError> =>
  Result.gen(function* () {
    const { resume } = options
    if (resume !== undefined && refs.some((ref) => String(ref) !== resume.ref)) return yield* foreign(resume)
    return {
      startedAt: resume === undefined ? now : DateTime.toEpochMillis(resume.startedAt),
      deadline:
        options.timeout === undefined && resume !== undefined
          ? deadlineOf(resume)
          : now + (yield* time("timeout", options.timeout ?? Duration.hours(24))),
      policy: options.poll === undefined ? PollSchedule.adaptive : yield* PollSchedule.make(options.poll),
      graceUntil: now + (yield* time("notFoundGrace", options.notFoundGrace ?? Duration.zero)),
      acceptFailure: options.acceptFailure ?? false,
      resume,
      onProgress: options.onProgress
    }
  })

const foreign = ({ ref }: ResumePoint) =>
  Result.fail(
    new InvalidSettingError({
      setting: "resume",
      reason: `it is of ${ref}`,
      advice: "A resume point holds for its own job only: wait for each job with its own."
    })
  )

const deadlineOf = ({ deadline }: ResumePoint): number =>
  deadline === null ? Number.POSITIVE_INFINITY : DateTime.toEpochMillis(deadline)

const time = (setting: string, input: Duration.Input) =>
  Option.match(
    Option.filter(Duration.fromInput(input), (duration) => !Duration.isNegative(duration)),
    {
      onNone: () =>
        Result.fail(
          new InvalidSettingError({
            setting,
            reason: "it is no time, or a negative one",
            advice: 'Give milliseconds or a text such as "90 seconds".'
          })
        ),
      // Clocks and timers hold whole milliseconds.
      onSome: (duration) => Result.succeed(Math.ceil(Duration.toMillis(duration)))
    }
  )
