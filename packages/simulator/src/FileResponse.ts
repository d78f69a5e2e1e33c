/**
 * The response to a request for a result file: 200, 206 or 416, regular or with a fault of its content.
 *
 * @module
 */
import * as ByteRange from "./ByteRange.ts"
import * as ByteSource from "./ByteSource.ts"
import type { NoFault } from "./ConnectionFault.ts"
import type {
  CorruptBytes,
  IgnoreRange,
  MissingValidators,
  RangeRefused,
  WholeMd5,
  WrongLength,
  WrongRange
} from "./FileFault.ts"
import type { Digests } from "./ResultFile.ts"
import type { DigestHeader } from "./ResultScript.ts"
import type { SimulatedResponse } from "./SimulatedResponse.ts"

/** A file and its headers. */
export interface Representation {
  readonly source: ByteSource.ByteSource
  readonly contentType: string
  readonly contentDisposition: string | null
  readonly etag: string | null
  readonly lastModified: string | null
  readonly digests: Digests | null
  readonly digestHeaders: ReadonlyArray<DigestHeader>
  readonly ranges: boolean
  readonly honorsIfRange: boolean
  readonly chunked: boolean
}

/** The request headers that decide which bytes are sent. */
export interface RangeRequest {
  readonly range: string | undefined
  readonly ifRange: string | undefined
}

/** Faults that change which bytes are sent, or the headers that describe them. */
export type ContentFault =
  | NoFault
  | IgnoreRange
  | WrongRange
  | RangeRefused
  | MissingValidators
  | WrongLength
  | CorruptBytes
  | WholeMd5

/** The response to a request for a file. */
export const fileResponse = (file: Representation, request: RangeRequest, fault: ContentFault): SimulatedResponse => {
  const described = fault._tag === "MissingValidators" ? withoutValidators(file, fault) : file
  const source = fault._tag === "CorruptBytes" ? ByteSource.flipped(file.source, fault.at) : file.source
  const size = source.length
  const headers = headersOf(described)
  const range = rangeOf(described, request, fault)
  if (range === "unsatisfiable") {
    return { status: 416, headers: { ...headers, "content-range": `bytes */${size}` }, contentType: null, body: "" }
  }
  if (range === "whole") {
    const by = fault._tag === "WrongLength" ? fault.by : 0
    return {
      status: 200,
      headers: { ...headers, ...digestsOf(described, true) },
      contentType: file.contentType,
      body: bytes(source, { start: 0, end: size }, file.chunked, by)
    }
  }
  const { content, named } =
    fault._tag === "WrongRange" ? wrongRange(range, fault, size) : { content: range, named: range }
  return {
    status: 206,
    headers: {
      ...headers,
      ...digestsOf(described, fault._tag === "WholeMd5"),
      "content-range": ByteRange.contentRange(named, size)
    },
    contentType: file.contentType,
    body: bytes(source, content, file.chunked, fault._tag === "WrongLength" ? fault.by : 0)
  }
}

const rangeOf = (file: Representation, { ifRange, range }: RangeRequest, fault: ContentFault) => {
  if (range === undefined || !file.ranges || fault._tag === "IgnoreRange") return "whole"
  if (fault._tag === "RangeRefused") return "unsatisfiable"
  const unchanged =
    ifRange === undefined ||
    !file.honorsIfRange ||
    // RFC 9110 §13.1.5: a strong comparison, so a weak validator never matches.
    (ifRange === file.etag && !ifRange.startsWith("W/")) ||
    ifRange === file.lastModified
  return unchanged ? ByteRange.parse(range, file.source.length) : "whole"
}

/** The bytes that are sent, and those that `Content-Range` names. */
const wrongRange = (requested: ByteRange.ByteRange, { contentRange, shift, shorten }: WrongRange, size: number) => {
  const start = Math.min(Math.max(0, requested.start + shift), size - 1)
  const end = Math.max(start + 1, requested.end - shorten)
  if (contentRange === "sent") return { content: { start, end }, named: { start, end } }
  // As many bytes as were requested, but from another offset.
  return {
    content: { start, end: Math.min(size, start + requested.end - requested.start - shorten) },
    named: requested
  }
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

/** `Content-MD5` is that of the bytes sent (RFC 1864), the others are those of the whole file (RFC 3230, RFC 9530). */
const digestsOf = ({ digestHeaders, digests }: Representation, withMd5: boolean): Record<string, string> => {
  if (digests === null) return {}
  const values = {
    "content-md5": withMd5 ? digests.md5 : null,
    digest: `sha-256=${digests.sha256}`,
    "repr-digest": `sha-256=:${digests.sha256}:`
  }
  return Object.fromEntries(
    digestHeaders.flatMap((header) => {
      const value = values[header]
      return value === null ? [] : [[header, value]]
    })
  )
}
