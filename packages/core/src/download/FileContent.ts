/**
 * What a response of a file server holds: which bytes of which file.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ContentRange from "./ContentRange.ts"
import { digestOfFile, digestOfPart, FileDigest } from "./FileDigest.ts"
import type { TransportResponse } from "./FileTransport.ts"
import { matches, Validator, validatorOf } from "./Validator.ts"

/** What a server says about a result. An inline result is a file too, of which only the size is known. */
export const RemoteFile = Schema.Struct({
  /** Bytes of the whole; null when the server does not say. */
  size: Schema.NullOr(Schema.Int),
  /** `Content-Type`. */
  contentType: Schema.NullOr(Schema.String),
  /** `Content-Disposition`. A name in it is not safe to use as it is: `fileName` of `@ttd-jobs/core/node` makes one that is. */
  contentDisposition: Schema.NullOr(Schema.String),
  /** The last segment of the link's path, decoded and without the query; null when there is none. Not safe to use as it is. */
  linkName: Schema.NullOr(Schema.String),
  /** Proves later that the file is still the same; null when it cannot be resumed. */
  validator: Schema.NullOr(Validator),
  /** The strongest digest of the whole file that can be verified. */
  digest: Schema.NullOr(FileDigest)
})
export type RemoteFile = typeof RemoteFile.Type

/** The bytes that a response brings: from `start` up to, not including, `end`, null when only the end of the body shows it. */
export interface Content {
  readonly file: RemoteFile
  readonly isWhole: boolean
  readonly start: number
  readonly end: number | null
  /** A digest of what the response carries, when that is a part. */
  readonly digest: FileDigest | null
}

/** Whether a response's body is the file or a part of it. 204 is an empty file, 203 one that a proxy passed on. */
export const isContent = (status: number): boolean => contentStatuses.has(status)

const contentStatuses: ReadonlySet<number> = new Set([200, 203, 204, 206])

/** The coding of a body, such as `gzip`; null when it is sent as it is (RFC 9110 §8.4). */
export const encodingOf = (header: TransportResponse["header"]): string | null => {
  const codings = (header("content-encoding") ?? "").split(",").map((coding) => coding.trim().toLowerCase())
  const encoding = codings.filter((coding) => coding !== "" && coding !== "identity").join(", ")
  return encoding === "" ? null : encoding
}

/** The content of a response; null when it is a part and does not say which. */
export const contentOf = ({ header, status }: TransportResponse, linkName: string | null): Content | null => {
  // Length, range and digests are about the encoded bytes, and the body brings the decoded ones.
  const isEncoded = encodingOf(header) !== null
  const length = isEncoded ? null : status === 204 ? 0 : lengthOf(header)
  const isWhole = status !== 206
  const range = isWhole ? { start: 0, end: length, size: length } : ContentRange.parse(header("content-range"))
  if (range === null || (isEncoded && !isWhole)) return null
  if (!isWhole && length !== null && length !== (range.end ?? length) - range.start) return null
  return {
    file: {
      size: range.size,
      contentType: header("content-type"),
      contentDisposition: header("content-disposition"),
      linkName,
      validator: isEncoded ? null : validatorOf(header),
      digest: isEncoded ? null : digestOfFile(header, isWhole)
    },
    isWhole,
    start: range.start,
    end: range.end,
    digest: isEncoded || isWhole ? null : digestOfPart(header)
  }
}

/**
 * How a response's file relates to one that was seen before: provably the `same`, possibly `another`, or a `contradiction`: the same
 * validator with another size, so one of both responses is wrong.
 */
export const relationOf = (
  known: RemoteFile,
  header: TransportResponse["header"],
  { size }: RemoteFile
): "same" | "another" | "contradiction" => {
  if (known.validator === null || !matches(known.validator, header)) return "another"
  return known.size === null || size === null || known.size === size ? "same" : "contradiction"
}

const lengthOf = (header: TransportResponse["header"]): number | null => {
  const length = header("content-length") ?? ""
  return /^\d{1,15}$/.test(length) ? Number(length) : null
}
