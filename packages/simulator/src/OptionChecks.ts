/**
 * Range checks for options and scripts: an invalid value is a `RangeError` where it is given, not a wrong response later.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

/** A number from `min` to `max`. */
export const inRange = (name: string, value: number, min: number, max = Number.POSITIVE_INFINITY): number => {
  if (value >= min && value <= max) return value
  throw new RangeError(`invalid value ${value} for "${name}" (expected a number from ${min} to ${max})`)
}

/** An integer from `min` on. */
export const integer = (name: string, value: number, min: number): number => {
  if (Number.isSafeInteger(value) && value >= min) return value
  throw new RangeError(`invalid value ${value} for "${name}" (expected an integer from ${min})`)
}

/** A duration from 0 on, in milliseconds. */
export const duration = (name: string, input: Duration.Input): number => {
  const parsed = Option.getOrUndefined(Duration.fromInput(input))
  const milliseconds = parsed === undefined ? Number.NaN : Duration.toMillis(parsed)
  if (milliseconds >= 0 && !Number.isNaN(input)) return milliseconds
  throw new RangeError(
    `invalid value ${String(input)} for "${name}" (expected a duration from 0, such as "30 seconds")`
  )
}
