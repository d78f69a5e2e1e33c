/**
 * The answer to a request for a result file: 200, 206 or 416, right or wrong in one of the ways of `FileFault`.
 *
 * @module
 */
import * as ByteRange from "./ByteRange.ts"
import * as ByteSource from "./ByteSource.ts"
import type { Draft } from "./Delivery.ts"
import type {
  CorruptBytes,
  IgnoreRange,
  MissingValidators,
  RangeRefused,
  WrongLength,
  WrongRange
} from "./FileFault.ts"
import type { Digests } from "./ResultFile.ts"
import type { DigestHeader } from "./ResultScript.ts"
import type { Honest } from "./WireFault.ts"

/** A file as the server tells of it. */
export interface Representation {
  readonly source: ByteSource.ByteSource
  readonly contentType: string
  readonly contentDisposition: string | null
  readonly etag: string | null
  readonly lastModified: string | null
  readonly digests: Digests | null
  readonly digestHeaders: ReadonlyArray<DigestHeader>
  readonly ranges: boolean
  /** False when a changed file is served to whoever asked for a range of the old one. */
  readonly heedsIfRange: boolean
  readonly chunked: boolean
}

/** The headers of a request that decide which bytes come. */
export interface RangeRequest {
  readonly range: string | undefined
  readonly ifRange: string | undefined
}

/** Faults that change which bytes come, or what is told about them. */
export type ContentFault =
  | Honest
  | IgnoreRange
  | WrongRange
  | RangeRefused
  | MissingValidators
  | WrongLength
  | CorruptBytes

/** The answer to a request for a file. */
export const make = (file: Representation, request: RangeRequest, fault: ContentFault): Draft => {
  const told = fault._tag === "MissingValidators" ? withoutValidators(file, fault) : file
  const source = fault._tag === "CorruptBytes" ? ByteSource.flipped(file.source, fault.at) : file.source
  const size = source.length
  const headers = headersOf(told)
  const range = rangeOf(told, request, fault)
  if (range === "unsatisfiable") {
    return { status: 416, headers: { ...headers, "content-range": `bytes */${size}` }, contentType: null, body: "" }
  }
  if (range === "whole") {
    const by = fault._tag === "WrongLength" ? fault.by : 0
    return {
      status: 200,
      headers: { ...headers, ...digestsOf(told, true) },
      contentType: file.contentType,
      body: bytes(source, { start: 0, end: size }, file.chunked, by)
    }
  }
  const { content, named } = fault._tag === "WrongRange" ? wrong(range, fault, size) : { content: range, named: range }
  return {
    status: 206,
    headers: { ...headers, ...digestsOf(told, false), "content-range": ByteRange.contentRange(named, size) },
    contentType: file.contentType,
    body: bytes(source, content, file.chunked, fault._tag === "WrongLength" ? fault.by : 0)
  }
}

const rangeOf = (file: Representation, { ifRange, range }: RangeRequest, fault: ContentFault) => {
  if (range === undefined || !file.ranges || fault._tag === "IgnoreRange") return "whole"
  if (fault._tag === "RangeRefused") return "unsatisfiable"
  const unchanged =
    ifRange === undefined ||
    !file.heedsIfRange ||
    // RFC 9110 §13.1.5: a strong comparison, so a weak validator never matches.
    (ifRange === file.etag && !ifRange.startsWith("W/")) ||
    ifRange === file.lastModified
  return unchanged ? ByteRange.parse(range, file.source.length) : "whole"
}

/** The bytes that come, and those that `Content-Range` names. */
const wrong = (asked: ByteRange.ByteRange, { honest, shift, shorten }: WrongRange, size: number) => {
  const start = Math.min(Math.max(0, asked.start + shift), size - 1)
  const end = Math.max(start + 1, asked.end - shorten)
  if (honest) return { content: { start, end }, named: { start, end } }
  // As many bytes as were named, but from elsewhere.
  return { content: { start, end: Math.min(size, start + asked.end - asked.start - shorten) }, named: asked }
}

const bytes = (source: ByteSource.ByteSource, { end, start }: ByteRange.ByteRange, chunked: boolean, by: number) => {
  const contentLength = Math.max(0, end - start + by)
  return {
    source,
    start,
    end: Math.min(end, start + contentLength),
    contentLength: chunked && by === 0 ? null : contentLength
  }
}

const withoutValidators = (file: Representation, { lastModified }: MissingValidators): Representation => ({
  ...file,
  etag: null,
  lastModified: lastModified ? file.lastModified : null
})

const headersOf = ({ contentDisposition, etag, lastModified, ranges }: Representation) => ({
  "cache-control": "private, no-store",
  ...(ranges ? { "accept-ranges": "bytes" } : {}),
  ...(contentDisposition === null ? {} : { "content-disposition": contentDisposition }),
  ...(etag === null ? {} : { etag }),
  ...(lastModified === null ? {} : { "last-modified": lastModified })
})

/** `Content-MD5` is of what is sent (RFC 1864), the two others of the whole file whatever is sent (RFC 3230, RFC 9530). */
const digestsOf = ({ digestHeaders, digests }: Representation, whole: boolean): Record<string, string> => {
  if (digests === null) return {}
  const told = {
    "content-md5": whole ? digests.md5 : null,
    digest: `sha-256=${digests.sha256}`,
    "repr-digest": `sha-256=:${digests.sha256}:`
  }
  return Object.fromEntries(
    digestHeaders.flatMap((header) => {
      const digest = told[header]
      return digest === null ? [] : [[header, digest]]
    })
  )
}
