/**
 * Faults of a result file: wrong ranges, changed validators, expired links, corrupt bytes, redirects.
 *
 * @example
 * ```ts
 * import { Fault, startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * await using simulator = await startSimulator()
 * await simulator.addFaults([
 *   Fault.redirect({ hops: 2, to: "api", alternate: true }),
 *   Fault.ignoreRange,
 *   Fault.earlyRange(40),
 *   Fault.lateRange(40, { contentRange: "requested" }),
 *   Fault.shortRange(40),
 *   Fault.rangeRefused,
 *   Fault.replacedFile(),
 *   Fault.changedETag,
 *   Fault.missingETag({ lastModified: true }),
 *   Fault.expiredLink(410),
 *   Fault.wrongLength(-10),
 *   Fault.corruptBytes(500),
 *   Fault.wholeMd5
 * ])
 * Fault.isFileFault(Fault.rangeRefused) // true
 * ```
 *
 * @module
 */
import * as OptionChecks from "./OptionChecks.ts"

/** The whole file with 200, whatever range was requested. */
export interface IgnoreRange {
  readonly _tag: "IgnoreRange"
}

/** A 206 with other bytes than requested. Requests without a range get the regular response. */
export interface WrongRange {
  readonly _tag: "WrongRange"
  /** How many bytes later the body begins; earlier when negative. */
  readonly shift: number
  /** How many bytes earlier the body ends. */
  readonly shorten: number
  /** Whether `Content-Range` names the bytes that are sent, or those that were requested. */
  readonly contentRange: "sent" | "requested"
}

/** 416, whatever range was requested. */
export interface RangeRefused {
  readonly _tag: "RangeRefused"
}

/** The file was replaced: another `ETag` and `Last-Modified`, and other bytes of the same length. */
export interface ReplacedFile {
  readonly _tag: "ReplacedFile"
  /** Whether the bytes differ too, or only the headers. */
  readonly otherBytes: boolean
  /** Whether `If-Range` is honored (so that the whole new file is sent) or not (so that a range of the new file is sent). */
  readonly honorsIfRange: boolean
}

/** Neither `ETag` nor, by default, `Last-Modified`. */
export interface MissingValidators {
  readonly _tag: "MissingValidators"
  readonly lastModified: boolean
}

/** The link has expired before its time. */
export interface ExpiredLink {
  readonly _tag: "ExpiredLink"
  readonly status: 401 | 403 | 404 | 410
}

/** A wrong `Content-Length`: if shorter, the file's end is missing; if longer, the connection is closed after the file. */
export interface WrongLength {
  readonly _tag: "WrongLength"
  readonly by: number
}

/** One byte is flipped; length, validators and digests are those of the right file. */
export interface CorruptBytes {
  readonly _tag: "CorruptBytes"
  /** The byte's offset in the file. */
  readonly at: number
}

/** `Content-MD5` of the whole file, also with a 206. */
export interface WholeMd5 {
  readonly _tag: "WholeMd5"
}

/** Redirects that lead to the file in the end, or never. */
export interface Redirect {
  readonly _tag: "Redirect"
  readonly status: 301 | 302 | 303 | 307 | 308
  /** How many redirects there are in a row; `Infinity` for a loop. */
  readonly hops: number
  /** The origin of the first hop, `files` or `api`, and whether each further hop changes it. */
  readonly to: "files" | "api"
  readonly alternate: boolean
}

/** A fault of a result file. */
export type FileFault =
  | IgnoreRange
  | WrongRange
  | RangeRefused
  | ReplacedFile
  | MissingValidators
  | ExpiredLink
  | WrongLength
  | CorruptBytes
  | WholeMd5
  | Redirect

/** 200 and the whole file for a request with a range. */
export const ignoreRange: IgnoreRange = { _tag: "IgnoreRange" }

/** Settings of a wrong range. */
export interface WrongRangeOptions {
  /** Whether `Content-Range` names the bytes that are `sent` (default), or those that were `requested`. */
  readonly contentRange?: "sent" | "requested"
}

/** A 206 that begins `by` bytes before the requested range. */
export const earlyRange = (by: number, options: WrongRangeOptions = {}): WrongRange => wrongRange(-by, 0, options)

/** A 206 that begins `by` bytes after the start of the requested range. */
export const lateRange = (by: number, options: WrongRangeOptions = {}): WrongRange => wrongRange(by, 0, options)

/** A 206 that ends `by` bytes before the end of the requested range. */
export const shortRange = (by: number, options: WrongRangeOptions = {}): WrongRange => wrongRange(0, by, options)

/** 416 for any range. */
export const rangeRefused: RangeRefused = { _tag: "RangeRefused" }

/** Another file under the same link. */
export const replacedFile = (
  options: {
    /** Default true; false for a change of the `ETag` alone. */
    readonly otherBytes?: boolean
    /** Default true. */
    readonly honorsIfRange?: boolean
  } = {}
): ReplacedFile => ({
  _tag: "ReplacedFile",
  otherBytes: options.otherBytes ?? true,
  honorsIfRange: options.honorsIfRange ?? true
})

/** Another `ETag` for the same bytes. */
export const changedETag: ReplacedFile = replacedFile({ otherBytes: false })

/** No `ETag`; with `lastModified: false`, the default, no `Last-Modified` either. */
export const missingETag = (options: { readonly lastModified?: boolean } = {}): MissingValidators => ({
  _tag: "MissingValidators",
  lastModified: options.lastModified ?? false
})

/** The link no longer works: 403 (default), 410, 401 or 404, with the XML error of an object storage. */
export const expiredLink = (status: ExpiredLink["status"] = 403): ExpiredLink => ({ _tag: "ExpiredLink", status })

/** `Content-Length` is larger than the file by `by` bytes (or smaller, when negative). */
export const wrongLength = (by: number): WrongLength => ({ _tag: "WrongLength", by })

/** The byte at `at` is flipped. */
export const corruptBytes = (at = 0): CorruptBytes => ({ _tag: "CorruptBytes", at })

/** `Content-MD5` of the whole file with every response, 206 included: some storages send it where RFC 1864 means the part. */
export const wholeMd5: WholeMd5 = { _tag: "WholeMd5" }

/**
 * `hops` redirects in a row (from 1, default 1, `Infinity` for a loop) before the file is sent. Only the first one uses up a fault;
 * the request that the last one leads to meets the next fault.
 */
export const redirect = (
  options: {
    /** Default 302. */
    readonly status?: Redirect["status"]
    readonly hops?: number
    /** The origin that the first hop leads to. Default `files`. */
    readonly to?: "files" | "api"
    /** Whether each further hop leads to the other origin. Default false. */
    readonly alternate?: boolean
  } = {}
): Redirect => ({
  _tag: "Redirect",
  status: options.status ?? 302,
  hops: OptionChecks.inRange("hops", options.hops ?? 1, 1),
  to: options.to ?? "files",
  alternate: options.alternate ?? false
})

const wrongRange = (shift: number, shorten: number, options: WrongRangeOptions): WrongRange => ({
  _tag: "WrongRange",
  shift,
  shorten,
  contentRange: options.contentRange ?? "sent"
})

const tags: ReadonlySet<string> = new Set<FileFault["_tag"]>([
  "IgnoreRange",
  "WrongRange",
  "RangeRefused",
  "ReplacedFile",
  "MissingValidators",
  "ExpiredLink",
  "WrongLength",
  "CorruptBytes",
  "WholeMd5",
  "Redirect"
])

/** Whether a fault is one of a result file. */
export const isFileFault = (fault: { readonly _tag: string }): fault is FileFault => tags.has(fault._tag)
