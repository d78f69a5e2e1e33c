/**
 * Tagged errors of this package. Each holds what was requested and what came back as data, whether the same call may succeed a moment
 * later (`transient`), and what to do (`advice`). None holds the token or the query of a signed link.
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
