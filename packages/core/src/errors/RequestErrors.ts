/**
 * Errors of one request for a job's status: what was requested, what came back.
 *
 * @example
 * ```ts
 * import {
 *   ApiError,
 *   ProblemDetailsError,
 *   RateLimitedError,
 *   RequestTimeoutError,
 *   ResponseDecodeError,
 *   TransportError
 * } from "@ttd-jobs/core"
 *
 * // What to tell a user.
 * const sentenceFor = (error: unknown): string => {
 *   if (error instanceof ProblemDetailsError) return `${error.title} (${error.status}): ${error.advice}`
 *   if (error instanceof ApiError) return `Failed with ${error.status}, request ${error.requestId}: ${error.advice}`
 *   if (error instanceof RateLimitedError) return `Not sent: paused for ${error.retryAfter / 1000} s`
 *   if (error instanceof TransportError) return `No connection to ${error.host}: ${error.reason}`
 *   if (error instanceof RequestTimeoutError) return `No response within ${error.timeout} ms`
 *   if (error instanceof ResponseDecodeError) return `An unexpected response: ${error.reason}`
 *   return String(error)
 * }
 * sentenceFor(new Error("something else")) // "Error: something else"
 * ```
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { responseProblems } from "../model/ErrorData.ts"
import type { ConnectionProblem } from "../model/index.ts"
import { connectionProblemOf } from "./ConnectionProblems.ts"
import { adviceOf, messageOf } from "./Description.ts"
import { printable } from "./Printing.ts"
import { isTransient } from "./Transience.ts"

/** What was requested: a part of every error of a request. */
const request = {
  /** The upstream operation, such as `getJobStatus`. */
  operation: Schema.String,
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** The host of the request. */
  host: Schema.String
}

/** What came back: a part of every error that a response caused. */
const response = {
  ...request,
  /** The HTTP status of the response. */
  status: Schema.Int,
  /** `x-ttd-request-id`, which the vendor's support asks for. */
  requestId: Schema.NullOr(Schema.String),
  /** The response's content type, as sent. */
  contentType: Schema.NullOr(Schema.String),
  /** The start of the response's body, at most 2 KB of it. */
  body: Schema.String
}

/** The API rejected the request and said why: 400, 401, 403 or 404 with a JSON problem (RFC 9457). */
export class ProblemDetailsError extends Schema.TaggedError<ProblemDetailsError>()("ProblemDetailsError", {
  ...response,
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
  static {
    printable(ProblemDetailsError)
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

/** Any other unexpected response: other statuses, 400 – 404 without a problem, a 200 that holds no job. */
export class ApiError extends Schema.TaggedError<ApiError>()("ApiError", {
  ...response,
  /** The pause that the server asked for, in milliseconds from the response; null when it did not ask for one. */
  retryAfter: Schema.NullOr(Schema.Finite)
}) {
  static {
    printable(ApiError)
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: for 408, 425, 429, every 5XX, and a GraphQL rate limit that came with 200. */
  get transient(): boolean {
    return isTransient(this)
  }
}

/** A request that was never sent: the endpoint is paused past the caller's deadline. */
export class RateLimitedError extends Schema.TaggedError<RateLimitedError>()("RateLimitedError", {
  ...request,
  /** How long the endpoint is still paused, in milliseconds. */
  retryAfter: Schema.Finite,
  /** The status that the endpoint asked for the pause with: 429 or 503. */
  status: Schema.Literals([429, 503])
}) {
  static {
    printable(RateLimitedError)
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: always. */
  get transient(): boolean {
    return isTransient(this)
  }
}

/** No response: the host was not found, the connection was refused, reset or not trusted, or the body broke off. */
export class TransportError extends Schema.TaggedError<TransportError>()("TransportError", {
  ...request,
  /** The runtime's own code or message, such as `ECONNREFUSED`. */
  code: Schema.String,
  /** What the runtime threw. */
  cause: Schema.Defect()
}) {
  static {
    printable(TransportError, ["reason"])
  }
  /** What the code means: `connection-refused`, `host-not-found`, `certificate-expired`, …; `other` when that is not known. */
  get reason(): ConnectionProblem {
    return connectionProblemOf(this.code)
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: not when the server's certificate is not accepted. */
  get transient(): boolean {
    return isTransient(this)
  }
}

/** No complete response within the timeout of one attempt. */
export class RequestTimeoutError extends Schema.TaggedError<RequestTimeoutError>()("RequestTimeoutError", {
  ...request,
  /** The timeout, in milliseconds. */
  timeout: Schema.Finite
}) {
  static {
    printable(RequestTimeoutError)
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: always. */
  get transient(): boolean {
    return isTransient(this)
  }
}

/** A success that violates the contract: no JSON, other JSON, another job, a body that is too large. */
export class ResponseDecodeError extends Schema.TaggedError<ResponseDecodeError>()("ResponseDecodeError", {
  ...response,
  /**
   * What is wrong. `empty-body`; `not-json`; `body-too-large`: there is more of it than is read; `unexpected-body`: the JSON violates the
   * contract; `status-of-another-job`: it is not for the requested job.
   */
  reason: Schema.Literals(responseProblems),
  /** What is wrong in detail, with the path to it. */
  issue: Schema.String
}) {
  static {
    printable(ResponseDecodeError)
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** False: the call itself is not repeated. A wait continues with its next poll. */
  get transient(): boolean {
    return isTransient(this)
  }
}

/** Any error of one request, as a schema. */
export const RequestError = Schema.Union([
  ProblemDetailsError,
  ApiError,
  RateLimitedError,
  TransportError,
  RequestTimeoutError,
  ResponseDecodeError
])

/** Why a request for a job's status failed. */
export type RequestError = typeof RequestError.Type
