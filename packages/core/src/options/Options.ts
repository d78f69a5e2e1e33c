/**
 * Reads options: durations, numbers within a range, integers. Every option of this package is read here, so that the same mistake gets the
 * same error everywhere.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { InvalidSettingError } from "../errors/Errors.ts"
import { formatDuration } from "../text/index.ts"
import { parseDuration } from "./ParseDuration.ts"

/** An option that was read, or the error that says what was expected. */
export type Read<A> = Result.Result<A, InvalidSettingError>

/** The error for an option that cannot be used; `value` is null where it may be secret. */
export const invalidOption = (
  setting: string,
  kind: InvalidSettingError["kind"],
  value: unknown,
  expected: string
): InvalidSettingError =>
  new InvalidSettingError({ setting, kind, value: value === null ? null : shown(value), expected })

/** A duration: milliseconds, a text with a unit, or any other `Duration.Input`; at least `min` milliseconds, and more than `above`. */
export const readDuration = (
  setting: string,
  input: Duration.Input,
  { above, min = 0 }: { readonly min?: number; readonly above?: number } = {}
): Read<Duration.Duration> => {
  const duration = Option.getOrUndefined(durationOf(input))
  const time = duration === undefined ? Number.NaN : Duration.toMillis(duration)
  if (duration !== undefined && time >= min && (above === undefined || time > above)) return Result.succeed(duration)
  const limit = above === undefined ? `at least ${formatDuration(min)}` : `longer than ${formatDuration(above)}`
  return Result.fail(
    invalidOption(setting, "duration", input, `milliseconds or a text with a unit such as "30 seconds", ${limit}`)
  )
}

const durationOf = (input: Duration.Input): Option.Option<Duration.Duration> =>
  Option.orElse(Duration.fromInput(input), () =>
    Option.map(Option.fromNullishOr(typeof input === "string" ? parseDuration(input) : undefined), Duration.millis)
  )

/** A number from `min` to `max`, both included. */
export const readNumber = (
  setting: string,
  value: number,
  min: number,
  max = Number.POSITIVE_INFINITY
): Read<number> =>
  value >= min && value <= max
    ? Result.succeed(value)
    : Result.fail(invalidOption(setting, "number", value, `a number ${rangeText(min, max)}`))

/** A whole number from `min` to `max`, both included; Infinity is one where there is no `max`. */
export const readInteger = (
  setting: string,
  value: number,
  min: number,
  max = Number.POSITIVE_INFINITY
): Read<number> =>
  (Number.isInteger(value) || value === Number.POSITIVE_INFINITY) && value >= min && value <= max
    ? Result.succeed(value)
    : Result.fail(invalidOption(setting, "integer", value, `an integer ${rangeText(min, max)}`))

const rangeText = (min: number, max: number) =>
  max === Number.POSITIVE_INFINITY ? `from ${min}` : `from ${min} to ${max}`

/** A value as text: the start of what was given. */
const shown = (value: unknown): string => {
  const text =
    typeof value === "object"
      ? Result.getOrElse(
          Result.try(() => JSON.stringify(value)),
          () => "object"
        )
      : String(value)
  return text.slice(0, 100)
}
