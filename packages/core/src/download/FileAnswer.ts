/**
 * What an answer of a file server holds: which bytes of which file.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ContentRange from "./ContentRange.ts"
import { digestOfContent, digestOfFile, FileDigest } from "./FileDigest.ts"
import { isOf, Validator, validatorOf } from "./Validator.ts"

/** What a server tells of a result. An inline result is a file too, of which only the size is known. */
export const RemoteFile = Schema.Struct({
  /** Bytes of the whole; null when the server does not tell. */
  size: Schema.NullOr(Schema.Int),
  /** `Content-Type` as it was sent. */
  contentType: Schema.NullOr(Schema.String),
  /** `Content-Disposition` as it was sent: a name in it is the server's word, and not safe to use as it is. */
  contentDisposition: Schema.NullOr(Schema.String),
  /** What a broken transfer goes on with; null when it cannot. */
  validator: Schema.NullOr(Validator),
  /** The strongest digest that was told and can be checked. */
  digest: Schema.NullOr(FileDigest)
})
export type RemoteFile = typeof RemoteFile.Type

/** Bytes that an answer brings: from `start` up to, not including, `end`, null when that shows only at the end. */
export interface Content {
  readonly file: RemoteFile
  readonly isWhole: boolean
  readonly start: number
  readonly end: number | null
  /** A digest of what the answer sends. */
  readonly digest: FileDigest | null
}

/** The content of a 200 or 206; null when a 206 does not say which bytes it brings. */
export const contentOf = ({ headers, status }: Response): Content | null => {
  // Bytes that are decoded on the way are others than those that length, range and digests are about.
  const isEncoded = !/^(identity)?$/i.test(headers.get("content-encoding") ?? "")
  const length = isEncoded ? null : lengthOf(headers)
  const isWhole = status !== 206
  const range = isWhole ? { start: 0, end: length, size: length } : ContentRange.parse(headers.get("content-range"))
  if (range === null || (isEncoded && !isWhole)) return null
  if (!isWhole && length !== null && length !== (range.end ?? length) - range.start) return null
  return {
    file: {
      size: range.size,
      contentType: headers.get("content-type"),
      contentDisposition: headers.get("content-disposition"),
      validator: isEncoded ? null : validatorOf(headers),
      digest: isEncoded ? null : digestOfFile(headers, isWhole)
    },
    isWhole,
    start: range.start,
    end: range.end,
    digest: isEncoded || isWhole ? null : digestOfContent(headers)
  }
}

/**
 * How an answer's file relates to one that was seen before: provably the `same`, `another` one as far as is known, or a `contradiction`
 * of what was told before, which says that one of both answers is wrong.
 */
export const relationOf = (
  known: RemoteFile,
  headers: Headers,
  { size }: RemoteFile
): "same" | "another" | "contradiction" => {
  if (known.validator === null || !isOf(known.validator, headers)) return "another"
  return known.size === null || size === null || known.size === size ? "same" : "contradiction"
}

const lengthOf = (headers: Headers): number | null => {
  const length = headers.get("content-length") ?? ""
  return /^\d{1,15}$/.test(length) ? Number(length) : null
}
