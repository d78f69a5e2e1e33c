/**
 * Errors of a wait: the deadline passed, or the job failed.
 *
 * @example
 * ```ts
 * import { JobFailedError, WaitTimeoutError } from "@ttd-jobs/core"
 *
 * // What to tell a user.
 * const sentenceFor = (error: unknown): string => {
 *   if (error instanceof JobFailedError) return `The job failed: ${error.snapshot.errors.join("; ")}`
 *   if (error instanceof WaitTimeoutError) return `Not done after ${error.elapsed / 1000} s, in ${error.polls} polls`
 *   return String(error)
 * }
 * sentenceFor(new Error("something else")) // "Error: something else"
 * ```
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { JobSnapshot } from "../JobSnapshot.ts"
import { ResumePoint } from "../tracking/ResumePoint.ts"
import { bareSnapshot } from "./BareSnapshot.ts"
import { adviceOf, messageOf } from "./Description.ts"
import { printable } from "./Printing.ts"
import { RequestError } from "./RequestErrors.ts"
import { isTransient } from "./Transience.ts"

/** The deadline of a wait passed before the job ended. The job itself continues upstream. */
export class WaitTimeoutError extends Schema.TaggedError<WaitTimeoutError>()("WaitTimeoutError", {
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** The job's last snapshot, its link without a query; null when no status was seen. */
  snapshot: Schema.NullOr(JobSnapshot),
  /** How long the wait lasted, in milliseconds. */
  elapsed: Schema.Finite,
  /** How many polls were sent. */
  polls: Schema.Int,
  /** How many responses came with each HTTP status; key `none` counts the polls without a response. */
  responses: Schema.Record(Schema.String, Schema.Int),
  /** Why the last poll failed; null when it did not. */
  lastError: Schema.NullOr(RequestError),
  /** What another wait needs to continue from here. */
  resume: ResumePoint
}) {
  static {
    printable(WaitTimeoutError, ["isEarly", "lastSeen"])
  }
  /** The error, with the snapshot's links bare of their queries. */
  static of(fields: ConstructorParameters<typeof WaitTimeoutError>[0]): WaitTimeoutError {
    return new WaitTimeoutError(
      { ...fields, snapshot: fields.snapshot && bareSnapshot(fields.snapshot) },
      { disableChecks: true }
    )
  }
  /** Whether the wait ended before its deadline, because the server asked for a pause past it. */
  get isEarly(): boolean {
    const { deadline, startedAt } = this.resume
    if (deadline === null) return false
    // The last poll before a deadline is not exactly at it.
    return this.elapsed + 1000 < DateTime.toEpochMillis(deadline) - DateTime.toEpochMillis(startedAt)
  }
  /** What was seen of the job last, by this wait or the one it resumed; null when no status was seen. */
  get lastSeen(): ResumePoint["seen"] {
    return this.resume.seen
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: always, the job goes on. */
  get transient(): boolean {
    return isTransient(this)
  }
}

/** The job ended as `Failure` or `Cancelled`. */
export class JobFailedError extends Schema.TaggedError<JobFailedError>()("JobFailedError", {
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** The job's last snapshot, its link without a query. */
  snapshot: JobSnapshot
}) {
  static {
    printable(JobFailedError)
  }
  /** The error, with the snapshot's links bare of their queries. */
  static of(fields: ConstructorParameters<typeof JobFailedError>[0]): JobFailedError {
    return new JobFailedError({ ...fields, snapshot: bareSnapshot(fields.snapshot) }, { disableChecks: true })
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: never. */
  get transient(): boolean {
    return isTransient(this)
  }
}
