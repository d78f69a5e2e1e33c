/**
 * Reading JSON without rounding an integer.
 *
 * @module
 */
import * as Result from "effect/Result"

/**
 * Parses JSON; ids above 2^53 - 1, which no number holds exactly, come as strings with all their digits. Fails with what is
 * wrong, also in a runtime that cannot tell the digits: a rounded id would be another job's.
 */
export const parseJson = (text: string): Result.Result<unknown, string> =>
  Result.try({
    try: () => {
      const value: unknown = JSON.parse(text)
      // Reading with the source text is slow, and hardly any id is that large.
      return holdsInexactId(value) ? JSON.parse(text, exactly) : value
    },
    catch: (error) => (error instanceof Error ? error.message : String(error))
  })

const isInexactId = (key: string, value: unknown) =>
  typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && /id$/i.test(key)

const holdsInexactId = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).some(([key, inner]) => isInexactId(key, inner) || holdsInexactId(inner))

/** A reviver with source text access (ECMAScript 2026, "JSON.parse source text access"). */
const exactly = (key: string, value: unknown, context?: { readonly source?: string }): unknown => {
  if (!isInexactId(key, value)) return value
  if (context?.source === undefined) {
    throw new Error("this runtime cannot read an id above 2^53 - 1 exactly (it lacks JSON.parse source text access)")
  }
  return context.source
}
