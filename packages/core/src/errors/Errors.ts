/**
 * Everything that can go wrong, as tagged errors. Each tells what was asked (operation, job, host), what came back, whether
 * asking again makes sense (`transient`), and what to do (`advice`). None ever holds the token.
 *
 * @example
 * ```ts
 * import {
 *   ApiError,
 *   DownloadError,
 *   InvalidJobRefError,
 *   InvalidSettingError,
 *   JobFailedError,
 *   ProblemDetailsError,
 *   RateLimitedError,
 *   RequestTimeoutError,
 *   ResponseDecodeError,
 *   ResultUnavailableError,
 *   TransportError,
 *   WaitTimeoutError
 * } from "@ttd-jobs/core"
 *
 * // What to tell a user.
 * const sentenceFor = (error: unknown): string => {
 *   if (error instanceof JobFailedError) return `The job failed: ${error.snapshot.errors.join("; ")}`
 *   if (error instanceof WaitTimeoutError) return `Not done after ${error.elapsed / 1000} s, in ${error.polls} polls`
 *   if (error instanceof ResultUnavailableError) return `There is no result: ${error.reason}`
 *   if (error instanceof DownloadError) return `The download broke off: ${error.message}`
 *   if (error instanceof ProblemDetailsError) return `${error.title} (${error.status}): ${error.advice}`
 *   if (error instanceof ApiError) return `Refused with ${error.status}, request ${error.requestId}: ${error.advice}`
 *   if (error instanceof ResponseDecodeError) return `An answer that cannot be read: ${error.issue}`
 *   if (error instanceof RateLimitedError) return `Not sent: paused for ${error.retryAfter / 1000} s`
 *   if (error instanceof TransportError) return `No connection: ${error.reason}`
 *   if (error instanceof RequestTimeoutError) return `No answer within ${error.timeout} ms`
 *   if (error instanceof InvalidJobRefError || error instanceof InvalidSettingError) return error.advice
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
import { isTransientStatus, jobRefProblems } from "../model/index.ts"
import { adviceOnConnection, adviceOnStatus } from "../text/Advice.ts"
import { timeText } from "../text/DurationText.ts"
import { referenceProblemText, suggestedReference } from "../text/ReferenceText.ts"
import { ResumePoint } from "../tracking/ResumePoint.ts"

/** What was asked: carried by every error of a request. */
const asked = {
  /** The upstream operation, such as `getJobStatus`. */
  operation: Schema.String,
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** The host that was asked. */
  host: Schema.String
}

/** What came back: carried by every error that an answer caused. */
const answered = {
  ...asked,
  /** The HTTP status of the answer. */
  status: Schema.Int,
  /** `x-ttd-request-id`, which the vendor's support asks for. */
  requestId: Schema.NullOr(Schema.String),
  /** The answer's content type, as sent. */
  contentType: Schema.NullOr(Schema.String),
  /** The start of the answer's body, at most 2 KB of it. */
  body: Schema.String
}

/** A job reference that was not understood. */
export class InvalidJobRefError extends Schema.TaggedError<InvalidJobRefError>()("InvalidJobRefError", {
  /** What was given, at most 200 characters of it. */
  input: Schema.String,
  /** What is wrong with it: one of `jobRefProblems` of `@ttd-jobs/core/model`. */
  reason: Schema.Literals(jobRefProblems)
}) {
  readonly transient = false
  override get message(): string {
    return `Invalid job reference ${JSON.stringify(this.input)}: ${referenceProblemText(this.input, this.reason)}`
  }
  get advice(): string {
    const suggestion = suggestedReference(this.input)
    return suggestion === undefined
      ? "Use the kind of job and the id that the submission returned, such as standard:412651."
      : `Did you mean ${suggestion}?`
  }
}

/** A setting of the client that cannot be used: a server, a token, a number out of range. Holds no secret. */
export class InvalidSettingError extends Schema.TaggedError<InvalidSettingError>()("InvalidSettingError", {
  /** The setting's name. */
  setting: Schema.String,
  /** What is wrong with it. */
  reason: Schema.String,
  /** What to do. */
  advice: Schema.String
}) {
  readonly transient = false
  override get message(): string {
    return `The setting "${this.setting}" cannot be used: ${this.reason}. ${this.advice}`
  }
}

/** The API refused and said why: 400, 401, 403 or 404 with a JSON problem (RFC 9457). */
export class ProblemDetailsError extends Schema.TaggedError<ProblemDetailsError>()("ProblemDetailsError", {
  ...answered,
  /** A URI that names the kind of problem. */
  type: Schema.NullOr(Schema.String),
  /** The kind of problem, in a few words. */
  title: Schema.NullOr(Schema.String),
  /** What went wrong this time. */
  detail: Schema.NullOr(Schema.String),
  /** A URI that names this occurrence. */
  instance: Schema.NullOr(Schema.String),
  /** Every further member of the problem. */
  extensions: Schema.Record(Schema.String, Schema.Unknown)
}) {
  readonly transient = false
  override get message(): string {
    const why = [this.title, this.detail].filter((text) => text !== null && text !== "").join(": ")
    return `${this.host} refused ${this.operation} of ${this.ref} with ${statusText(this)}${why === "" ? "" : `: ${why}`}`
  }
  get advice(): string {
    return adviceOnStatus(this.status, this.operation, this.transient)
  }
}

/** Any other answer that is no success: other statuses, 400 – 404 without a problem, a 200 that holds no job. */
export class ApiError extends Schema.TaggedError<ApiError>()("ApiError", {
  ...answered,
  /** When the server asked to be asked again, in milliseconds from the answer; null when it did not say. */
  retryAfter: Schema.NullOr(Schema.Finite)
}) {
  override get message(): string {
    const pause = this.retryAfter === null ? "" : `, and asks for a pause of ${timeText(this.retryAfter)}`
    const why = this.body === "" ? "" : `: ${excerpt(this.body)}`
    return `${this.host} answered ${this.operation} of ${this.ref} with ${statusText(this)}${pause}${why}`
  }
  /** True for 408, 425, 429 and every 5XX. */
  get transient(): boolean {
    return isTransientStatus(this.status)
  }
  get advice(): string {
    return adviceOnStatus(this.status, this.operation, this.transient)
  }
}

/** No answer: the name was not found, the connection was refused, reset or not trusted, or the body broke off. */
export class TransportError extends Schema.TaggedError<TransportError>()("TransportError", {
  ...asked,
  /** What broke, in one word or code, such as `ECONNREFUSED`. */
  reason: Schema.String,
  /** What the runtime said. */
  cause: Schema.Defect()
}) {
  readonly transient = true
  override get message(): string {
    return `${this.host} gave no answer to ${this.operation} of ${this.ref} (${this.reason})`
  }
  get advice(): string {
    return adviceOnConnection(this.reason)
  }
}

/** No complete answer within the timeout of one attempt. */
export class RequestTimeoutError extends Schema.TaggedError<RequestTimeoutError>()("RequestTimeoutError", {
  ...asked,
  /** The timeout that passed, in milliseconds. */
  timeout: Schema.Finite
}) {
  readonly transient = true
  override get message(): string {
    return `${this.host} did not answer ${this.operation} of ${this.ref} within ${timeText(this.timeout)}`
  }
  get advice(): string {
    return "Try again, or allow each attempt more time."
  }
}

/** A success that is not what the contract says: no JSON, other JSON, a body that is too long. */
export class ResponseDecodeError extends Schema.TaggedError<ResponseDecodeError>()("ResponseDecodeError", {
  ...answered,
  /** What does not fit, with the path to it. */
  issue: Schema.String
}) {
  /** The call itself is not repeated; a wait asks again at its next poll. */
  readonly transient = false
  override get message(): string {
    return `${this.host} answered ${this.operation} of ${this.ref} with ${statusText(this)} but not as agreed: ${this.issue}`
  }
  get advice(): string {
    return "Something between you and the API may have answered instead of it; give support the request id."
  }
}

/** A request that was never sent: the endpoint is paused past the caller's deadline. */
export class RateLimitedError extends Schema.TaggedError<RateLimitedError>()("RateLimitedError", {
  ...asked,
  /** How long the endpoint is still paused, in milliseconds. */
  retryAfter: Schema.Finite,
  /** The status that the endpoint asked for the pause with: 429 or 503. */
  status: Schema.Literals([429, 503])
}) {
  readonly transient = true
  override get message(): string {
    return `${this.operation} of ${this.ref} was not sent: ${this.host} asked for a pause with ${this.status}, which ends in ${timeText(this.retryAfter)}, after the deadline`
  }
  get advice(): string {
    return "Allow more time, or send fewer requests: the limit counts per endpoint and account, the platform's own pages included."
  }
}

const RequestError = Schema.Union([
  ProblemDetailsError,
  ApiError,
  RateLimitedError,
  TransportError,
  RequestTimeoutError,
  ResponseDecodeError
])

/** Why a job could not be asked for. */
export type RequestError = typeof RequestError.Type

/** The deadline of a wait passed before the job had ended. The job itself goes on upstream. */
export class WaitTimeoutError extends Schema.TaggedError<WaitTimeoutError>()("WaitTimeoutError", {
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** Where the job stood when it was last seen; null when no answer came at all. */
  snapshot: Schema.NullOr(JobSnapshot),
  /** How long was waited, in milliseconds. */
  elapsed: Schema.Finite,
  /** How often the job was asked for. */
  polls: Schema.Int,
  /** How many answers came with each HTTP status; key `none` counts the polls without an answer. */
  responses: Schema.Record(Schema.String, Schema.Int),
  /** Why the last poll failed; null when it did not. */
  lastError: Schema.NullOr(RequestError),
  /** What another wait needs to go on from here. */
  resume: ResumePoint
}) {
  readonly transient = true
  override get message(): string {
    const { deadline, seen } = this.resume
    const ending =
      deadline === null ? null : DateTime.toEpochMillis(deadline) - DateTime.toEpochMillis(this.resume.startedAt)
    const why = ending !== null && this.elapsed < ending ? ", and the server asks for a pause past the deadline" : ""
    const last =
      seen === null ? "it was never seen" : `it was last seen ${seen.status}${percentText(seen.completionPercentage)}`
    const polls = this.polls === 1 ? "1 poll" : `${this.polls} polls`
    const failed = this.lastError === null ? "" : `; the last poll failed: ${this.lastError.message}`
    return `${this.ref} had not ended after ${timeText(this.elapsed)}${why}: ${last} in ${polls}${failed}`
  }
  get advice(): string {
    return "The job goes on upstream: wait again with more time; `resume` makes the new wait go on from here."
  }
}

/** The job ended as `Failure` or `Cancelled`. */
export class JobFailedError extends Schema.TaggedError<JobFailedError>()("JobFailedError", {
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** Where the job stands. */
  snapshot: JobSnapshot
}) {
  readonly transient = false
  override get message(): string {
    const why = this.snapshot.errors.length === 0 ? "the server gives no reason" : this.snapshot.errors.join("; ")
    return `${this.ref} ended as ${this.snapshot.status}: ${why}`
  }
  get advice(): string {
    return "Correct what the server names and submit a new job: this one will not change any more."
  }
}

/** There is no result to download: the job has not ended, left none, or its result has expired. */
export class ResultUnavailableError extends Schema.TaggedError<ResultUnavailableError>()("ResultUnavailableError", {
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** `not-finished`: the job has not ended. `none`: it ended and left none. `expired`: its time is over. */
  reason: Schema.Literals(["not-finished", "none", "expired"]),
  /** Where the job stands. */
  snapshot: JobSnapshot,
  /** How long ago the job ended (or was created, when no end is told), in milliseconds; null when it has not ended. */
  age: Schema.NullOr(Schema.Finite)
}) {
  get transient(): boolean {
    return this.reason === "not-finished"
  }
  override get message(): string {
    const { completionPercentage, errors, status } = this.snapshot
    const why = errors.length === 0 ? "" : `: ${errors.join("; ")}`
    const texts = {
      "not-finished": `${this.ref} has no result yet: it is ${status}${percentText(completionPercentage)}`,
      none: `${this.ref} ended as ${status} and left no result${why}`,
      expired: `The result of ${this.ref} has expired: the job ended ${timeText(this.age ?? 0)} ago, and results are kept for 24 h`
    }
    return texts[this.reason]
  }
  get advice(): string {
    const texts = {
      "not-finished": "Wait until the job has ended, then download.",
      none: "There is nothing to download; what the job's errors say is all it left.",
      expired: "Submit the job again, and download its result within 24 hours."
    }
    return texts[this.reason]
  }
}

/**
 * An existing result could not be downloaded completely, or not be saved. Holds no link: its query is a credential.
 */
export class DownloadError extends Schema.TaggedError<DownloadError>()("DownloadError", {
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /**
   * `refused`: the server does not serve the file. `unsafe-link`: the link, or a redirect, is not allowed. `interrupted`: the transfer broke
   * off and could not be resumed. `changed`: the file changed on the server meanwhile. `length`, `digest`: the bytes are not the announced
   * ones. `encoding`: the compressed body is incomplete, corrupt, or cannot be verified. `too-large`, `timeout`: a limit of the caller's.
   * `exists`, `busy`, `file`: the target on this machine: a file has the name, another download writes to it, it cannot be written.
   */
  reason: Schema.Literals([
    "refused",
    "unsafe-link",
    "interrupted",
    "changed",
    "length",
    "digest",
    "encoding",
    "too-large",
    "timeout",
    "exists",
    "busy",
    "file"
  ]),
  /** What happened, in a clause. */
  issue: Schema.String,
  /** The host that was asked last; null when none was. */
  host: Schema.NullOr(Schema.String),
  /** The HTTP status that is to blame; null when none is. */
  status: Schema.NullOr(Schema.Int),
  /** How many bytes had come. */
  bytes: Schema.Int,
  /** How many there are; null when that was not told. */
  size: Schema.NullOr(Schema.Int),
  /** What the runtime said; null when it did not say anything. */
  cause: Schema.Defect()
}) {
  /** True for `interrupted`, `changed`, `timeout`, `length`, `digest`, `encoding` and `busy`: the next attempt may succeed. */
  get transient(): boolean {
    return !permanentReasons.has(this.reason)
  }
  override get message(): string {
    const of = this.size === null ? "" : ` of ${this.size}`
    const host = this.host === null ? "" : ` from ${this.host}`
    const after = this.bytes === 0 && this.size === null ? "" : ` (after ${this.bytes}${of} bytes)`
    return `Could not download the result of ${this.ref}${host}: ${this.issue}${after}`
  }
  get advice(): string {
    const { cause } = this
    const code = cause instanceof Error && "code" in cause && this.reason === "refused" ? String(cause.code) : null
    return code === null ? downloadAdvice[this.reason] : adviceOnConnection(code)
  }
}

const downloadAdvice: Readonly<Record<DownloadError["reason"], string>> = {
  refused: "Get the job's status again; if the link stays refused, give support the status and the job.",
  "unsafe-link":
    "Results are downloaded over https from the host that the API names; tell support where this link leads.",
  interrupted: "Check the network and download again; a partial file is kept and resumed.",
  changed: "The file changed on the server; the partial download was discarded. Download again.",
  length: "Download again; if it stays, something on the way cuts the file.",
  digest: "Download again; if it stays, something on the way corrupts the file.",
  encoding: "Download again; if it stays, tell support that the server compresses the file and cuts it.",
  "too-large": "Allow more bytes, or request a smaller report.",
  timeout: "Allow more time; a partial file is kept and resumed.",
  exists: "Choose another path, or allow overwriting.",
  busy: "Wait for the other download, or choose another path.",
  file: "Check the directory, its permissions and the free space."
}

const permanentReasons: ReadonlySet<string> = new Set(["refused", "unsafe-link", "too-large", "exists", "file"])

const statusText = (error: { readonly status: number; readonly requestId: string | null }) =>
  error.requestId === null ? `${error.status}` : `${error.status} (request id ${error.requestId})`

const percentText = (percentage: number | null) => (percentage === null ? "" : ` at ${percentage} %`)

const excerpt = (body: string) => {
  const line = body.replace(/\s+/g, " ").trim()
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}
