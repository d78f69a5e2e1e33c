/** What a row expects of the client, whether it was met, and the expectation as text. */
import { isDeepStrictEqual } from "node:util"

/** An expectation. Fields that are not named may have any value; a pattern stands for every text that it matches. */
export interface Expectation {
  /** The call succeeds with a value that has these fields. */
  readonly value?: Fields
  /** The call fails with an error that has these fields. */
  readonly error?: Fields & { readonly _tag: string }
  /** The number of requests for the job's status. Default: 1. */
  readonly requests?: number
  /** The time that the call takes, in milliseconds. Default: none. */
  readonly duration?: readonly [min: number, max: number]
}

export type Fields = Readonly<Record<string, unknown>>

/** The outcome of a call. */
export interface Outcome {
  readonly value?: unknown
  readonly error?: unknown
  readonly requests: number
  readonly elapsed: number
}

/** How an outcome differs from the expectation; undefined when it meets it. */
export const mismatchOf = (expected: Expectation, outcome: Outcome): string | undefined => {
  const { elapsed, requests, ...result } = outcome
  const [min, max] = expected.duration ?? [0, 0]
  if (!matches(result, expected.value === undefined ? { error: expected.error } : { value: expected.value })) {
    return `the result was ${JSON.stringify(result)}`
  }
  if (requests !== (expected.requests ?? 1)) return `it sent ${requests} requests`
  return elapsed < min || elapsed > max ? `it took ${elapsed} ms` : undefined
}

/** The expectation in one line. */
export const textOf = ({ duration, error, requests = 1, value }: Expectation): string => {
  const { _tag: tag = "succeeds with", ...fields } = error ?? value ?? {}
  const result = error === undefined ? "succeeds with" : `fails with ${tag}`
  const count = requests === 1 ? "" : `, ${requests} requests`
  const time = duration === undefined ? "" : `, in ${duration.map((time) => time / 1000).join(" – ")} s`
  return `${[result, ...Object.entries(fields).map(fieldText)].join(" ")}${count}${time}`
}

const fieldText = ([name, value]: readonly [string, unknown]) =>
  `${name}=${value instanceof RegExp ? value : JSON.stringify(value)}`

const matches = (actual: unknown, expected: unknown): boolean => {
  if (expected instanceof RegExp) return typeof actual === "string" && expected.test(actual)
  if (!isFields(expected)) return isDeepStrictEqual(actual, expected)
  return isFields(actual) && Object.entries(expected).every(([name, value]) => matches(actual[name], value))
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)
