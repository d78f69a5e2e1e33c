/**
 * What can go wrong with a result file beyond what can go wrong with any answer.
 *
 * @example
 * ```ts
 * import { Fault, startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * await using simulator = await startSimulator()
 * await simulator.script([
 *   Fault.redirect({ hops: 2, to: "api", alternate: true }),
 *   Fault.ignoreRange,
 *   Fault.earlyRange(40),
 *   Fault.lateRange(40, { honest: false }),
 *   Fault.shortRange(40),
 *   Fault.rangeRefused,
 *   Fault.replacedFile(),
 *   Fault.changedETag,
 *   Fault.missingETag({ lastModified: true }),
 *   Fault.expiredLink(410),
 *   Fault.wrongLength(-10),
 *   Fault.corruptBytes(500)
 * ])
 * Fault.isFileFault(Fault.rangeRefused) // true
 * ```
 *
 * @module
 */
import * as Bounds from "./Bounds.ts"

/** The whole file with 200, whatever range was asked for. */
export interface IgnoreRange {
  readonly _tag: "IgnoreRange"
}

/** A 206 with other bytes than those that were asked for. Requests without a range are answered honestly. */
export interface WrongRange {
  readonly _tag: "WrongRange"
  /** How many bytes later the answer begins; earlier when negative. */
  readonly shift: number
  /** How many bytes earlier the answer ends. */
  readonly shorten: number
  /** Whether `Content-Range` tells the bytes that come, or those that were asked for. */
  readonly honest: boolean
}

/** 416, whatever range was asked for. */
export interface RangeRefused {
  readonly _tag: "RangeRefused"
}

/** The file has been replaced: another `ETag` and `Last-Modified`, and other bytes of the same length. */
export interface ReplacedFile {
  readonly _tag: "ReplacedFile"
  /** Whether the bytes differ too, or only the headers. */
  readonly otherBytes: boolean
  /** Whether `If-Range` is heeded (so that the whole new file comes) or not (so that a range of the new one comes). */
  readonly heedsIfRange: boolean
}

/** Neither `ETag` nor, if so asked, `Last-Modified`. */
export interface MissingValidators {
  readonly _tag: "MissingValidators"
  readonly lastModified: boolean
}

/** The link has expired before its time. */
export interface ExpiredLink {
  readonly _tag: "ExpiredLink"
  readonly status: 401 | 403 | 404 | 410
}

/** A `Content-Length` that differs from the file's: shorter, and the file's end is missing; longer, and the connection is closed. */
export interface WrongLength {
  readonly _tag: "WrongLength"
  readonly by: number
}

/** One byte is flipped; length, validators and digests are those of the right file. */
export interface CorruptBytes {
  readonly _tag: "CorruptBytes"
  /** Where in the file. */
  readonly at: number
}

/** A redirect that leads to the file in the end, or never. */
export interface Redirect {
  readonly _tag: "Redirect"
  readonly status: 301 | 302 | 303 | 307 | 308
  /** How many redirects there are in a row; `Infinity` for a loop. */
  readonly hops: number
  /** Which origin the first hop leads to, `files` or `api`, and whether each further one leads to the other. */
  readonly to: "files" | "api"
  readonly alternate: boolean
}

/** What can go wrong with a result file. */
export type FileFault =
  | IgnoreRange
  | WrongRange
  | RangeRefused
  | ReplacedFile
  | MissingValidators
  | ExpiredLink
  | WrongLength
  | CorruptBytes
  | Redirect

/** 200 and the whole file to a request for a range. */
export const ignoreRange: IgnoreRange = { _tag: "IgnoreRange" }

/** Settings of a wrong range. */
export interface WrongRangeOptions {
  /** Whether `Content-Range` tells the bytes that come (default), or those that were asked for. */
  readonly honest?: boolean
}

/** A 206 that begins `by` bytes before what was asked for. */
export const earlyRange = (by: number, options: WrongRangeOptions = {}): WrongRange => wrongRange(-by, 0, options)

/** A 206 that begins `by` bytes after what was asked for. */
export const lateRange = (by: number, options: WrongRangeOptions = {}): WrongRange => wrongRange(by, 0, options)

/** A 206 that ends `by` bytes before what was asked for. */
export const shortRange = (by: number, options: WrongRangeOptions = {}): WrongRange => wrongRange(0, by, options)

/** 416 to any range. */
export const rangeRefused: RangeRefused = { _tag: "RangeRefused" }

/** Another file under the same link. */
export const replacedFile = (
  options: {
    /** Default true; false for a mere change of `ETag`. */
    readonly otherBytes?: boolean
    /** Default true. */
    readonly heedsIfRange?: boolean
  } = {}
): ReplacedFile => ({
  _tag: "ReplacedFile",
  otherBytes: options.otherBytes ?? true,
  heedsIfRange: options.heedsIfRange ?? true
})

/** Another `ETag` for the same bytes. */
export const changedETag: ReplacedFile = replacedFile({ otherBytes: false })

/** No `ETag`; with `lastModified: false`, the default, no `Last-Modified` either. */
export const missingETag = (options: { readonly lastModified?: boolean } = {}): MissingValidators => ({
  _tag: "MissingValidators",
  lastModified: options.lastModified ?? false
})

/** The link no longer works: 403 (default), 410, 401 or 404, in the manner of an object storage. */
export const expiredLink = (status: ExpiredLink["status"] = 403): ExpiredLink => ({ _tag: "ExpiredLink", status })

/** `Content-Length` is `by` bytes more than the truth (or less, when negative). */
export const wrongLength = (by: number): WrongLength => ({ _tag: "WrongLength", by })

/** The byte at `at` is flipped. */
export const corruptBytes = (at = 0): CorruptBytes => ({ _tag: "CorruptBytes", at })

/**
 * `hops` redirects in a row (from 1, default 1, `Infinity` for a loop) before the file comes. Only the first takes a fault's turn;
 * the request that the last one leads to is one like any other, and meets the next fault.
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
  hops: Bounds.within("hops", options.hops ?? 1, 1),
  to: options.to ?? "files",
  alternate: options.alternate ?? false
})

const wrongRange = (shift: number, shorten: number, options: WrongRangeOptions): WrongRange => ({
  _tag: "WrongRange",
  shift,
  shorten,
  honest: options.honest ?? true
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
  "Redirect"
])

/** Whether a fault is one of a result file. */
export const isFileFault = (fault: { readonly _tag: string }): fault is FileFault => tags.has(fault._tag)
