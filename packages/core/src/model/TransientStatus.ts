/**
 * Responses that are worth a retry.
 *
 * @module
 */

/**
 * Whether a response with this status is transient: 408, 425, 429 and every 5XX (contract, "Limits and retrying").
 *
 * @example
 * ```ts
 * import { isTransientStatus } from "@ttd-jobs/core/model"
 *
 * isTransientStatus(429) // true
 * isTransientStatus(404) // false
 * ```
 */
export const isTransientStatus = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || (status >= 500 && status <= 599)
