/**
 * Bounds of the numbers that options and scripts hold. What can mean nothing is refused where it is given, with a `RangeError`,
 * and not by an answer that makes no sense an hour later.
 *
 * @module
 */
import { Duration, Option } from "effect"

/** A number from `least` to `most`. */
export const within = (name: string, value: number, least: number, most = Number.POSITIVE_INFINITY): number => {
  if (value >= least && value <= most) return value
  throw new RangeError(`"${name}" is a number from ${least} to ${most}, not ${value}.`)
}

/** A whole number from `least` on. */
export const whole = (name: string, value: number, least: number): number => {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new RangeError(`"${name}" is a whole number from ${least}, not ${value}.`)
}

/** A time from 0 on, in milliseconds. */
export const time = (name: string, input: Duration.Input): number => {
  const duration = Option.getOrUndefined(Duration.fromInput(input))
  const millis = duration === undefined ? Number.NaN : Duration.toMillis(duration)
  if (millis >= 0 && !Number.isNaN(input)) return millis
  throw new RangeError(`"${name}" is a time from 0, such as "30 seconds", not ${String(input)}.`)
}
