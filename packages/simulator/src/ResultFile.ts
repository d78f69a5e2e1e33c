/**
 * The file behind a job's link: its bytes, made up from a seed, and what is told about them.
 *
 * @module
 */
import { createHash } from "node:crypto"
import type { JobRef } from "@ttd-jobs/core"
import { Effect, Hash } from "effect"
import * as ByteSource from "./ByteSource.ts"
import type { FileResult } from "./ResultScript.ts"

/** A result file. */
export interface ResultFile {
  readonly size: number
  readonly source: ByteSource.ByteSource
  /** The bytes from `start` (default 0) up to `end` (default: all), at once: for small files and comparisons. */
  readonly bytes: (start?: number, end?: number) => Uint8Array
  /** The SHA-256 of all bytes, in hexadecimal. Reads the whole file. */
  readonly sha256: Effect.Effect<string>
}

/** The digests of a whole file, in Base64. */
export interface Digests {
  readonly md5: string
  readonly sha256: string
}

/** The bytes of a seed and a size: the same every time, with a period of about a million bytes that is no multiple of 1,024. */
export const make = (seed: string, size: number): ResultFile => {
  const start = ((Hash.string(seed) >>> 0) % rows) * rowBytes
  const source = ByteSource.window(seamless(), rows * rowBytes, start, size)
  return {
    size,
    source,
    bytes: (from = 0, to = size) => {
      const copy = new Uint8Array(to - from)
      for (let at = from; at < to; ) {
        const view = source.read(at, to - at)
        copy.set(view, at - from)
        at += view.length
      }
      return copy
    },
    sha256: Effect.map(digestsOf(source), ({ sha256 }) => Buffer.from(sha256, "base64").toString("hex"))
  }
}

/** The file of a job. */
export const ofJob = (simulatorSeed: string, ref: JobRef, script: FileResult): ResultFile =>
  make(script.seed ?? `${simulatorSeed}:${ref}`, script.size)

/** The digests of a source. Reads it all, but lets others work in between. */
export const digestsOf = Effect.fnUntraced(function* (source: ByteSource.ByteSource): Effect.fn.Return<Digests> {
  const md5 = createHash("md5")
  const sha256 = createHash("sha256")
  let portions = 0
  for (let at = 0; at < source.length; ) {
    const view = source.read(at, ByteSource.portion)
    md5.update(view)
    sha256.update(view)
    at += view.length
    if (++portions % 16 === 0) yield* Effect.yieldNow
  }
  return { md5: md5.digest("base64"), sha256: sha256.digest("base64") }
})

/** Rows of equal length: a file starts at the beginning of one, wherever in the block its seed leads. */
const rows = 17_189
const rowBytes = 63

let block: Uint8Array | undefined

/** One block for all files of the process. */
const seamless = (): Uint8Array => {
  block ??= ByteSource.seamlessOf(
    new TextEncoder().encode(Array.from({ length: rows }, (_, index) => row(index)).join(""))
  )
  return block
}

const row = (index: number): string => {
  const draw = (salt: number, most: number) => (Hash.string(`${index}/${salt}`) >>> 0) % most
  const digits = (value: number, width: number) => String(value).padStart(width, "0")
  const date = `2026-${digits(1 + draw(1, 12), 2)}-${digits(1 + draw(2, 28), 2)}`
  const advertiser = draw(3, 2 ** 20)
    .toString(16)
    .padStart(5, "0")
  const campaign = draw(4, 2 ** 24)
    .toString(16)
    .padStart(6, "0")
  const spend = `${digits(draw(6, 10_000), 4)}.${digits(draw(7, 10_000), 4)}`
  return `${date},advertiser-${advertiser},campaign-${campaign},${digits(draw(5, 10 ** 8), 8)},${spend}\n`
}
