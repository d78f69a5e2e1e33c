/**
 * Bytes that can be read at any offset without being held in memory.
 *
 * @module
 */
import { Effect, Stream } from "effect"

/** So many bytes, readable from any offset. */
export interface ByteSource {
  readonly length: number
  /** At least one and at most `most` bytes from `offset` on, which is below `length`. A view: not to be written to. */
  readonly read: (offset: number, most: number) => Uint8Array
}

/** What is read at once: large enough that the work per portion does not count, small enough for a socket's buffers. */
export const portion = 256 * 1024

/** The bytes of an array. */
export const fromBytes = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: (offset, most) => bytes.subarray(offset, offset + most)
})

/** The UTF-8 bytes of a text. */
export const fromText = (text: string): ByteSource => fromBytes(new TextEncoder().encode(text))

/** A block with its own beginning appended, so that every read of `window` is one view, also across the seam. */
export const seamlessOf = (block: Uint8Array): Uint8Array => {
  const seamless = new Uint8Array(block.length + portion)
  for (let at = 0; at < seamless.length; at += block.length) {
    seamless.set(block.subarray(0, seamless.length - at), at)
  }
  return seamless
}

/** A seamless block of `period` bytes from `start` on, over and over. */
export const window = (seamless: Uint8Array, period: number, start: number, length: number): ByteSource => ({
  length,
  read: (offset, most) => {
    const from = (start + offset) % period
    return seamless.subarray(from, from + Math.min(most, portion, length - offset))
  }
})

/** One source after the other. */
export const concat = (sources: ReadonlyArray<ByteSource>): ByteSource => ({
  length: sources.reduce((sum, source) => sum + source.length, 0),
  read: (offset, most) => {
    let rest = offset
    for (const source of sources) {
      if (rest < source.length) return source.read(rest, Math.min(most, source.length - rest))
      rest -= source.length
    }
    return new Uint8Array()
  }
})

/** The same bytes, all bits of the one at `at` turned over. */
export const flipped = (source: ByteSource, at: number): ByteSource => ({
  length: source.length,
  read: (offset, most) => {
    const view = source.read(offset, most)
    if (at < offset || at >= offset + view.length) return view
    const copy = Uint8Array.from(view)
    copy[at - offset] = 255 - (copy[at - offset] ?? 0)
    return copy
  }
})

/** The bytes from `start` up to `end` as a stream, at most `most` at a time. */
export const stream = (source: ByteSource, start: number, end: number, most = portion): Stream.Stream<Uint8Array> =>
  Stream.unfold(start, (offset) =>
    Effect.sync(() => {
      if (offset >= end) return undefined
      const bytes = source.read(offset, Math.min(most, end - offset))
      return [bytes, offset + bytes.length] as const
    })
  )
