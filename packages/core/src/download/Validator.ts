/**
 * What proves that two answers hold the same file (RFC 9110 §13.1.5).
 *
 * @module
 */
import * as Schema from "effect/Schema"

/** A strong `ETag`; without any `ETag`, a `Last-Modified` that can stand for one. */
export const Validator = Schema.Struct({
  header: Schema.Literals(["etag", "last-modified"]),
  value: Schema.String
})
export type Validator = typeof Validator.Type

/** An answer's validator; null when it has none that proves anything. */
export const validatorOf = (headers: Headers): Validator | null => {
  const etag = headers.get("etag")
  // Who tells a weak tag says that the bytes may change under it, and going by the date instead is forbidden then.
  if (etag !== null) return /^"[^"]*"$/.test(etag) ? { header: "etag", value: etag } : null
  const modified = headers.get("last-modified")
  return modified !== null && isStrong(modified, headers.get("date"))
    ? { header: "last-modified", value: modified }
    : null
}

/** Whether an answer is about the file that has this validator. */
export const isOf = (validator: Validator, headers: Headers): boolean =>
  headers.get(validator.header) === validator.value

/** A file may change twice in a second, so its date proves something only once that second is over (RFC 9110 §8.8.2.2). */
const isStrong = (modified: string, date: string | null) => Date.parse(date ?? "") - Date.parse(modified) >= 1000
