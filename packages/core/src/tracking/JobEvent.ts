/**
 * What is reported while a job is waited for or tracked. Each event names its job.
 *
 * @module
 */
import type { RequestError, WaitTimeoutError } from "../errors/Errors.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"

/** The job was seen for the first time, or its phase, status, percentage, errors or result differ from the last snapshot. */
export interface Changed {
  readonly _tag: "Changed"
  readonly ref: string
  readonly snapshot: JobSnapshot
}

/** A poll failed with an error that may pass. Polling continues. */
export interface PollFailed {
  readonly _tag: "PollFailed"
  readonly ref: string
  readonly error: RequestError
  /** How many polls of this job have failed in a row. */
  readonly failures: number
  /** For how long every poll of this job has failed with this kind of error (the same `_tag`), in milliseconds. */
  readonly failingFor: number
  /** When the job is polled next, in milliseconds from now; null when there is no time for another poll before the deadline. */
  readonly retryIn: number | null
}

/** The server uses a status that this version does not know; reported once. Polling continues until the deadline. */
export interface UnknownStatus {
  readonly _tag: "UnknownStatus"
  readonly ref: string
  readonly snapshot: JobSnapshot
}

/** The job has ended, and its result may be deleted soon. `left` is the time until then in milliseconds, 0 when it has passed. */
export interface ExpiresSoon {
  readonly _tag: "ExpiresSoon"
  readonly ref: string
  readonly snapshot: JobSnapshot
  readonly left: number
}

/** A permanent error (401, 403, 404, 410, an untrusted certificate, …): the job is not polled any more. */
export interface Refused {
  readonly _tag: "Refused"
  readonly ref: string
  readonly error: RequestError
}

/** The deadline passed before the job ended. The job continues upstream. */
export interface TimedOut {
  readonly _tag: "TimedOut"
  readonly ref: string
  readonly error: WaitTimeoutError
}

/** The job reached a terminal phase, which a `Changed` has just reported; it is not polled any more. */
export interface Ended {
  readonly _tag: "Ended"
  readonly ref: string
  readonly snapshot: JobSnapshot
}

/** What happens during a wait, for `onProgress`: a terminal `Changed` (then perhaps `ExpiresSoon`), `Refused` or `TimedOut` is the last. */
export type WaitEvent = Changed | PollFailed | UnknownStatus | ExpiresSoon | Refused | TimedOut

/** What a `JobTracker` reports: `Ended`, `Refused` or `TimedOut` is the last event of each tracked job. */
export type JobTrackerEvent = WaitEvent | Ended
