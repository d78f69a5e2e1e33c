/**
 * Tagged errors of this package. Each holds what was requested and what came back as data, whether the same call may succeed a moment
 * later (`transient`), and what to do (`advice`). None holds the token or the query of a signed link.
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
 *   if (error instanceof DownloadError) return `The download failed: ${error.message}`
 *   if (error instanceof ProblemDetailsError) return `${error.title} (${error.status}): ${error.advice}`
 *   if (error instanceof ApiError) return `Failed with ${error.status}, request ${error.requestId}: ${error.advice}`
 *   if (error instanceof ResponseDecodeError) return `An unexpected response: ${error.issue}`
 *   if (error instanceof RateLimitedError) return `Not sent: paused for ${error.retryAfter / 1000} s`
 *   if (error instanceof TransportError) return `No connection: ${error.reason}`
 *   if (error instanceof RequestTimeoutError) return `No response within ${error.timeout} ms`
 *   if (error instanceof InvalidJobRefError || error instanceof InvalidSettingError) return error.advice
 *   return String(error)
 * }
 * sentenceFor(new Error("something else")) // "Error: something else"
 * ```
 *
 * @module
 */
import type { TtdJobsErrorData } from "../model/index.ts"
import type { InvalidJobRefError, InvalidSettingError } from "./InputErrors.ts"
import type { RequestError } from "./RequestErrors.ts"
import type { DownloadError, ResultUnavailableError } from "./ResultErrors.ts"
import type { JobFailedError, WaitTimeoutError } from "./WaitErrors.ts"

export { InvalidJobRefError, InvalidSettingError } from "./InputErrors.ts"
export {
  ApiError,
  ProblemDetailsError,
  RateLimitedError,
  type RequestError,
  RequestTimeoutError,
  ResponseDecodeError,
  TransportError
} from "./RequestErrors.ts"
export { DownloadError, ResultUnavailableError } from "./ResultErrors.ts"
export { isPermanent, isTransient } from "./Transience.ts"
export { JobFailedError, WaitTimeoutError } from "./WaitErrors.ts"

/** Any error of this package; `_tag` tells which. */
export type TtdJobsError =
  | InvalidJobRefError
  | InvalidSettingError
  | RequestError
  | WaitTimeoutError
  | JobFailedError
  | ResultUnavailableError
  | DownloadError

const tags: Readonly<Record<TtdJobsErrorData["_tag"], true>> = {
  InvalidJobRefError: true,
  InvalidSettingError: true,
  ProblemDetailsError: true,
  ApiError: true,
  RateLimitedError: true,
  TransportError: true,
  RequestTimeoutError: true,
  ResponseDecodeError: true,
  WaitTimeoutError: true,
  JobFailedError: true,
  ResultUnavailableError: true,
  DownloadError: true
}

/**
 * Whether a value is an error of this package, of another copy of it too. It narrows to their union, so that `_tag` tells which.
 *
 * @example
 * ```ts
 * import { createClient, isTtdJobsError } from "@ttd-jobs/core/promise"
 *
 * await using client = createClient({ server: process.env["WORKFLOWS_SERVER"] ?? "prod" })
 * try {
 *   await client.get("report 7")
 * } catch (error) {
 *   if (!isTtdJobsError(error)) throw error
 *   console.log(error._tag) // "InvalidJobRefError"
 *   console.log(error.transient) // false
 * }
 * ```
 */
export const isTtdJobsError = (error: unknown): error is TtdJobsError =>
  error instanceof Error && "_tag" in error && typeof error._tag === "string" && Object.hasOwn(tags, error._tag)
