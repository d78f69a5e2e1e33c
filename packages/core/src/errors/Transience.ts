/**
 * Which errors are transient and which are permanent: the one rule for retries, waits and downloads.
 *
 * @module
 */
import {
  type DownloadProblem,
  isTransientStatus,
  type RequestErrorData,
  type TtdJobsErrorData
} from "../model/index.ts"

/**
 * Whether the same call may succeed a moment later, so that a retry makes sense. A failed job, a rejected request and a certificate that is
 * not accepted are permanent; a response that cannot be decoded is not requested again by the call itself.
 *
 * @example
 * ```ts
 * import { isTransient } from "@ttd-jobs/core"
 *
 * const error = { operation: "getJobStatus", ref: "standard:1", host: "api.example", timeout: 30_000 }
 * isTransient({ _tag: "RequestTimeoutError", ...error }) // true
 * ```
 */
export const isTransient = (error: TtdJobsErrorData): boolean => {
  switch (error._tag) {
    case "RateLimitedError":
    case "RequestTimeoutError":
    case "WaitTimeoutError":
      return true
    case "ApiError":
      return isTransientStatus(error.status) || (error.status === 200 && rateLimit.test(error.body))
    case "TransportError":
      return !error.reason.startsWith("certificate-")
    case "ResultUnavailableError":
      return error.reason === "not-finished"
    case "DownloadError":
      return transientDownloads.includes(error.reason)
    default:
      return false
  }
}

/** A rate limit of the platform's GraphQL API, which may come with status 200 (contract, "Errors"). */
const rateLimit = /\bRESOURCE_LIMIT_EXCEEDED\b/

const transientDownloads: ReadonlyArray<DownloadProblem> = [
  "interrupted",
  "changed",
  "length",
  "digest",
  "encoding",
  "timeout",
  "busy"
]

/**
 * Whether an error ends a wait at once, because every further poll would meet it too: a rejected request (3XX and 4XX other than the
 * transient ones), a GraphQL response without a job, a certificate that is not accepted. Responses that cannot be read are not among them:
 * they may come from a gateway in front of the API.
 *
 * @example
 * ```ts
 * import { isPermanent } from "@ttd-jobs/core"
 *
 * const request = { operation: "getJobStatus", ref: "standard:1", host: "api.example" }
 * const response = { ...request, requestId: null, body: "", retryAfter: null }
 * isPermanent({ _tag: "ApiError", ...response, status: 410 }) // true
 * isPermanent({ _tag: "ApiError", ...response, status: 503 }) // false
 * ```
 */
export const isPermanent = (error: RequestErrorData): boolean => {
  if (isTransient(error)) return false
  if (error._tag === "TransportError" || error._tag === "ProblemDetailsError") return true
  return error._tag === "ApiError" && (error.status === 200 || (error.status >= 300 && error.status < 500))
}
