/**
 * Flags of the command line as values: how each is written, described and read.
 *
 * @module
 */

/** A flag whose value has the type `A`. */
export interface Flag<A> {
  /** What stands for the value in the help, such as `PATH`; undefined for a flag without a value. */
  readonly metavar: string | undefined
  readonly description: string
  /** The one-letter name. */
  readonly short?: string
  /** What a shell offers for the value: words, or files. */
  readonly completes?: ReadonlyArray<string> | "files"
  /** The value of a text, or why it is invalid. */
  readonly read: (text: string) => Reading<A>
  /** The value when the flag is not given. */
  readonly absent: A
}

/** A value, or the words around the text that is invalid: `invalid duration "5" for --timeout: add a unit, e.g. 5m`. */
export type Reading<A> =
  | { readonly valid: true; readonly value: A }
  | { readonly valid: false; readonly noun: string; readonly reason: string }

/** A span of time as it was given, which is how messages repeat it. */
export interface GivenDuration {
  readonly text: string
  readonly millis: number
}

/** What one flag may have besides its name. */
interface Details {
  readonly short?: string
  readonly completes?: ReadonlyArray<string> | "files"
}

/** A flag without a value. */
export const toggle = (description: string, details: Details = {}): Flag<boolean> => ({
  ...details,
  metavar: undefined,
  description,
  read: (text) =>
    text === "true" || text === "false" ? valid(text === "true") : invalid("value", " (expected true or false)"),
  absent: false
})

/** A flag with any text as its value. */
export const text = (metavar: string, description: string, details: Details = {}): Flag<string | undefined> => ({
  ...details,
  metavar,
  description,
  read: valid,
  absent: undefined
})

/** A flag with one of several words as its value. */
export const choice = <Word extends string>(
  metavar: string,
  words: readonly [Word, ...ReadonlyArray<Word>],
  description: string
): Flag<Word> => ({
  metavar,
  description,
  completes: words,
  read: (text) => {
    const word = words.find((word) => word === text)
    return word === undefined ? invalid("value", ` (expected ${alternatives(words)})`) : valid(word)
  },
  absent: words[0]
})

/** A flag with a time of at least `min` milliseconds as its value. */
export const duration = (description: string, min: number): Flag<GivenDuration | undefined> => ({
  metavar: "TIME",
  description,
  read: (text) => {
    const millis = parseDuration(text)
    if (millis === undefined) {
      return /^\d+(?:\.\d+)?$/.test(text)
        ? invalid("duration", `: add a unit, e.g. ${text}m`)
        : invalid("duration", " (expected a number with a unit, such as 500ms, 90s, 5m or 1h30m)")
    }
    if (millis >= min) return valid({ text, millis })
    return invalid("duration", ` (expected ${min === 1 ? "more than 0s" : `at least ${min / 1000}s`})`)
  },
  absent: undefined
})

/** A flag with a decimal number as its value. */
export const number = (
  metavar: string,
  description: string,
  expected: string,
  accepts: (value: number) => boolean
): Flag<number | undefined> => ({
  metavar,
  description,
  // No sign, no exponent, no 0x.
  read: (text) =>
    /^\d+(?:\.\d+)?$/.test(text) && accepts(Number(text))
      ? valid(Number(text))
      : invalid("value", ` (expected ${expected})`),
  absent: undefined
})

/** Words as a sentence lists them: `a, b or c`. */
export const alternatives = (words: ReadonlyArray<string>): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`

/** Milliseconds of `90s`, `2h`, `500ms` or `1h30m`; undefined for anything else, also for a number without a unit. */
export const parseDuration = (text: string): number | undefined => {
  const amounts = text === "" ? null : durationPattern.exec(text)
  return amounts === null
    ? undefined
    : units.reduce((sum, [, millis], index) => sum + Number(amounts[index + 1] ?? 0) * millis, 0)
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1]
] as const

const durationPattern = new RegExp(`^${units.map(([unit]) => `(?:(\\d+(?:\\.\\d+)?)${unit})?`).join("")}$`)

const valid = <A>(value: A): Reading<A> => ({ valid: true, value })

const invalid = (noun: string, reason: string): Reading<never> => ({ valid: false, noun, reason })
