/**
 * When an endpoint is paused for all callers, and for how long: 429 and 503, with and without `Retry-After`.
 *
 * @module
 */

/**
 * The longest pause that a `Retry-After` or a backoff leads to, in milliseconds: 15 minutes. It holds for calls, polls and downloads.
 *
 * @example
 * ```ts
 * import { maxPause } from "@ttd-jobs/core"
 *
 * maxPause // 900000
 * ```
 */
export const maxPause = 900_000

/** A response that pauses its endpoint. */
export interface PausingResponse {
  readonly status: 429 | 503
  /** The pause that the server asks for, in milliseconds; null when it does not say, or says that it is over. */
  readonly retryAfter: number | null
}

/** What an attempt's error says about a pause; undefined for every other failure. */
export const pausingResponseOf = (error: unknown): PausingResponse | undefined => {
  if (typeof error !== "object" || error === null || !("_tag" in error) || !("status" in error)) return undefined
  if (error._tag !== "ApiError" && error._tag !== "ProblemDetailsError") return undefined
  if (error.status !== 429 && error.status !== 503) return undefined
  const asked = "retryAfter" in error && typeof error.retryAfter === "number" ? error.retryAfter : 0
  return { status: error.status, retryAfter: asked > 0 ? asked : null }
}
