/**
 * What a scripted job leaves behind: nothing, a text inside the answer, or a file behind a signed link.
 *
 * @module
 */
import type { Duration } from "effect"
import * as Bounds from "./Bounds.ts"

/** No result: `url` and `rawResult` are null. */
export interface NoResult {
  readonly _tag: "NoResult"
}

/** A result inside the answer, as `rawResult`. */
export interface InlineResult {
  readonly _tag: "InlineResult"
  readonly text: string
}

/** A result behind `url`. Its bytes are made up while they are sent, so a size of many GiB costs no memory. */
export interface FileResult extends FileOptions {
  readonly _tag: "FileResult"
}

/** A digest that the file server tells in a header of that name. */
export type DigestHeader = "content-md5" | "digest" | "repr-digest"

/** What a result file is like. */
export interface FileOptions {
  /** Bytes of the whole file: a whole number from 0. */
  readonly size: number
  /** Files with the same seed and size are equal, byte for byte. Default: the simulator's seed and the job's reference. */
  readonly seed?: string | undefined
  /** The name in `Content-Disposition`. Default: the last part of the link. */
  readonly name?: string | undefined
  /** The whole `Content-Disposition` header, as it is to be sent; null for none. Default: an attachment with the name. */
  readonly contentDisposition?: string | null | undefined
  /** Default `text/csv`. */
  readonly contentType?: string | undefined
  /** How long a link works, in simulated time. Default 1 hour. Every answer holds a link of its own. */
  readonly linkLifetime?: Duration.Input | undefined
  /** Digests to tell. The first request for the file reads all of it once to learn them. Default: none. */
  readonly digests?: ReadonlyArray<DigestHeader> | undefined
  /** `strong` (default), `weak` (`W/"…"`, which `If-Range` never matches), or `none`. */
  readonly etag?: "strong" | "weak" | "none" | undefined
  /** Whether `Last-Modified` is sent. Default true. */
  readonly lastModified?: boolean | undefined
  /** Whether ranges are served; if not, every answer is a 200 with the whole file. Default true. */
  readonly ranges?: boolean | undefined
  /** Whether the answer is chunked, so that it does not tell its length. Default false. */
  readonly chunked?: boolean | undefined
  /**
   * `files`: on the file server, where the signature is enough (default). `api`: on the API's own origin, where `TTD-Auth` is
   * asked for.
   */
  readonly origin?: "files" | "api" | undefined
  /** Whether the answer also holds the text as `rawResult`, as upstream does up to 20 MB. Default false. */
  readonly alsoInline?: boolean | undefined
}

/** What a scripted job leaves behind. */
export type ResultScript = NoResult | InlineResult | FileResult

/**
 * The largest result that comes inside an answer, in bytes (contract: `rawResult`).
 *
 * @example
 * ```ts
 * import { ResultScript } from "@ttd-jobs/simulator"
 *
 * ResultScript.mostInlineBytes // 20000000
 * ```
 */
export const mostInlineBytes = 20_000_000

/**
 * No result.
 *
 * @example
 * ```ts
 * import { ResultScript } from "@ttd-jobs/simulator"
 *
 * ResultScript.none._tag // "NoResult"
 * ```
 */
export const none: ResultScript = { _tag: "NoResult" }

/**
 * A text inside the answer. A `RangeError` above 20,000,000 bytes: upstream sends no larger result inline.
 *
 * @example
 * ```ts
 * import { ResultScript } from "@ttd-jobs/simulator"
 *
 * ResultScript.inline("date,impressions\n2026-11-23,48213\n")._tag // "InlineResult"
 * ```
 */
export const inline = (text: string): ResultScript => {
  Bounds.within("bytes", Buffer.byteLength(text), 0, mostInlineBytes)
  return { _tag: "InlineResult", text }
}

/**
 * A file behind a link. A `RangeError` when the size is no whole number from 0, or the link's lifetime no time.
 *
 * @example
 * ```ts
 * import { ResultScript } from "@ttd-jobs/simulator"
 *
 * ResultScript.file({ size: 3 * 2 ** 30, digests: ["repr-digest"], linkLifetime: "5 minutes" })
 * ```
 */
export const file = (options: FileOptions): ResultScript => {
  Bounds.whole("size", options.size, 0)
  if (options.linkLifetime !== undefined) Bounds.time("linkLifetime", options.linkLifetime)
  return { _tag: "FileResult", ...options }
}
