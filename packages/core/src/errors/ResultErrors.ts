/**
 * Errors of a job's result: there is none, or it was not delivered.
 *
 * @example
 * ```ts
 * import { DownloadError, ResultUnavailableError } from "@ttd-jobs/core"
 *
 * // What to tell a user.
 * const sentenceFor = (error: unknown): string => {
 *   if (error instanceof ResultUnavailableError) return `There is no result: ${error.reason}`
 *   if (error instanceof DownloadError) return `The download failed after ${error.bytes} bytes: ${error.issue}`
 *   return String(error)
 * }
 * sentenceFor(new Error("something else")) // "Error: something else"
 * ```
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { JobSnapshot } from "../JobSnapshot.ts"
import { type ConnectionProblem, downloadProblems, resultProblems } from "../model/ErrorData.ts"
import { bareSnapshot } from "./BareSnapshot.ts"
import { connectionProblemOf } from "./ConnectionProblems.ts"
import { adviceOf, messageOf } from "./Description.ts"
import { printable } from "./Printing.ts"
import { isTransient } from "./Transience.ts"

/** There is no result to download: the job has not ended, left none, or its result has expired. */
export class ResultUnavailableError extends Schema.TaggedError<ResultUnavailableError>()("ResultUnavailableError", {
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** `not-finished`: the job has not ended. `none`: it ended and left none. `expired`: it was kept for its lifetime and is gone. */
  reason: Schema.Literals(resultProblems),
  /** The job's last snapshot, its link without a query. */
  snapshot: JobSnapshot,
  /** How long ago the job ended (or was created, while the end is not known), in milliseconds; null when it has not ended. */
  age: Schema.NullOr(Schema.Finite)
}) {
  static {
    printable(ResultUnavailableError, ["lifetime"])
  }
  /** The error, with the snapshot's links bare of their queries. */
  static of(fields: ConstructorParameters<typeof ResultUnavailableError>[0]): ResultUnavailableError {
    return new ResultUnavailableError({ ...fields, snapshot: bareSnapshot(fields.snapshot) }, { disableChecks: true })
  }
  /** How long results of this kind of job are kept, in milliseconds; null when the job has not ended. */
  get lifetime(): number | null {
    const { completedAt, createdAt, expiresAt } = this.snapshot
    return expiresAt === null ? null : expiresAt.epochMilliseconds - (completedAt ?? createdAt).epochMilliseconds
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: for a job that has not ended. */
  get transient(): boolean {
    return isTransient(this)
  }
}

/** An existing result could not be downloaded completely, or not be saved. Holds no link: its query is a credential. */
export class DownloadError extends Schema.TaggedError<DownloadError>()("DownloadError", {
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /**
   * `refused`: the server does not serve the file. `unsafe-link`: the link, or a redirect, is not allowed. `interrupted`: the transfer broke
   * off and could not be resumed. `changed`: the file changed on the server meanwhile. `length`, `digest`: the bytes are not the announced
   * ones. `encoding`: the compressed body is incomplete, corrupt, or cannot be verified. `too-large`, `timeout`: a limit of the caller's.
   * `exists`, `busy`, `file`: the target on this machine: a file has the name, another download writes to it, it cannot be written.
   */
  reason: Schema.Literals(downloadProblems),
  /** What happened, in a clause. */
  issue: Schema.String,
  /** The host of the last request; null when there was none. */
  host: Schema.NullOr(Schema.String),
  /** The HTTP status that caused it; null when none did. */
  status: Schema.NullOr(Schema.Int),
  /** How many bytes were received. */
  bytes: Schema.Int,
  /** The size of the result in bytes; null when it is not known. */
  size: Schema.NullOr(Schema.Int),
  /** What the runtime threw; null when it threw nothing. */
  cause: Schema.Defect()
}) {
  static {
    printable(DownloadError, ["connection"])
  }
  /** Why there was no connection to the file's host, such as `certificate-expired`; null when that is not the reason. */
  get connection(): ConnectionProblem | null {
    const { cause, reason } = this
    if (reason !== "refused" && reason !== "interrupted") return null
    return cause instanceof Error && "code" in cause ? connectionProblemOf(String(cause.code)) : null
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: for `interrupted`, `changed`, `timeout`, `length`, `digest`, `encoding` and `busy`. */
  get transient(): boolean {
    return isTransient(this)
  }
}
