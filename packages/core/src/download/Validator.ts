/**
 * Validators: what proves that two responses hold the same file (RFC 9110 §13.1.5).
 *
 * @module
 */
import * as Schema from "effect/Schema"
import type { TransportResponse } from "./FileTransport.ts"

/** A strong `ETag`; without any `ETag`, a `Last-Modified` that can stand for one. */
export const Validator = Schema.Struct({
  header: Schema.Literals(["etag", "last-modified"]),
  value: Schema.String
})
export type Validator = typeof Validator.Type

/** A response's validator; null when it has no strong one. */
export const validatorOf = (header: TransportResponse["header"]): Validator | null => {
  const etag = header("etag")
  // A weak tag means that the bytes may change under it, and the date must not be used instead of it.
  if (etag !== null) return /^"[^"]*"$/.test(etag) ? { header: "etag", value: etag } : null
  const modified = header("last-modified")
  return modified !== null && isStrong(modified, header("date")) ? { header: "last-modified", value: modified } : null
}

/** Whether a response is about the file that has this validator. */
export const matches = (validator: Validator, header: TransportResponse["header"]): boolean =>
  header(validator.header) === validator.value

/** A file may change twice in a second, so its date proves something only once that second is over (RFC 9110 §8.8.2.2). */
const isStrong = (modified: string, date: string | null) => Date.parse(date ?? "") - Date.parse(modified) >= 1000
