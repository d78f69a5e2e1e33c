/** Whether what happened is what must happen, and what must happen in words. */
import { isDeepStrictEqual } from "node:util"

/** What the client must do. Fields that are not named may have any value; a pattern stands for every text that it matches. */
export interface Must {
  /** Succeed with a value that has these fields. */
  readonly give?: Fields
  /** Fail with an error that has these fields. */
  readonly fail?: Fields & { readonly _tag: string }
  /** How many requests for the job's status it takes. Default: 1. */
  readonly requests?: number
  /** How long it takes, in milliseconds: at least, and at most. Default: no time at all. */
  readonly within?: readonly [least: number, most: number]
}

export type Fields = Readonly<Record<string, unknown>>

/** What happened. */
export interface Happened {
  readonly give?: unknown
  readonly fail?: unknown
  readonly requests: number
  readonly elapsed: number
}

/** What is wrong with it; undefined when nothing is. */
export const complaintAbout = (must: Must, happened: Happened): string | undefined => {
  const { elapsed, requests, ...outcome } = happened
  const [least, most] = must.within ?? [0, 0]
  if (!holds(outcome, must.give === undefined ? { fail: must.fail } : { give: must.give })) {
    return `came to ${JSON.stringify(outcome)}`
  }
  if (requests !== (must.requests ?? 1)) return `took ${requests} requests`
  return elapsed < least || elapsed > most ? `took ${elapsed} ms` : undefined
}

/** What must happen, in one line. */
export const inWords = ({ fail, give, requests = 1, within }: Must): string => {
  const { _tag: tag = "a value", ...fields } = fail ?? give ?? {}
  const outcome = `${fail === undefined ? "give" : "fail with"} ${tag}`
  const count = requests === 1 ? "" : `, ${requests} requests`
  const time = within === undefined ? "" : `, in ${within.map((time) => time / 1000).join(" – ")} s`
  return `${[outcome, ...Object.entries(fields).map(fieldText)].join(" ")}${count}${time}`
}

const fieldText = ([name, value]: readonly [string, unknown]) =>
  `${name}=${value instanceof RegExp ? value : JSON.stringify(value)}`

const holds = (actual: unknown, expected: unknown): boolean => {
  if (expected instanceof RegExp) return typeof actual === "string" && expected.test(actual)
  if (!isFields(expected)) return isDeepStrictEqual(actual, expected)
  return isFields(actual) && Object.entries(expected).every(([name, value]) => holds(actual[name], value))
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)
