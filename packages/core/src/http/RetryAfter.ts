/**
 * `Retry-After` of a response in milliseconds (RFC 9110 §10.2.3): for calls, polls and downloads.
 *
 * @module
 */
import { maxPause } from "../limiter/Pause.ts"
import { parseHttpDate } from "./HttpDate.ts"

/**
 * The pause that a response asks for, in milliseconds, at most `maxPause`; null when it has no readable `Retry-After`. A date is read
 * against the response's own `Date`, so that neither side's clock has to be right, or against `now` (milliseconds since the epoch) where
 * there is none; one in the past is a pause of zero.
 */
export const retryAfterOf = (headers: Pick<Headers, "get">, now: number): number | null => {
  const value = headers.get("retry-after")?.trim()
  if (value === undefined) return null
  if (seconds.test(value)) return Math.min(Math.round(Number(value) * 1000), maxPause)
  const until = parseHttpDate(value, now)
  if (until === null) return null
  const sent = parseHttpDate(headers.get("date") ?? "", now) ?? now
  return Math.min(Math.max(0, until - sent), maxPause)
}

/** The RFC allows whole seconds; some servers send fractions. A negative number is neither, so it counts as no header at all. */
const seconds = /^\d+(\.\d*)?$/
