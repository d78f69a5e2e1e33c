/**
 * Bytes that can be read at any offset without being held in memory.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** A sequence of bytes, readable from any offset. */
export interface ByteSource {
  readonly length: number
  /** At least one and at most `max` bytes from `offset` on, which is below `length`. The result is a view: do not write to it. */
  readonly read: (offset: number, max: number) => Uint8Array
}

/** Bytes read at once: large enough that the work per part does not count, small enough for a socket's buffers. */
export const partSize = 256 * 1024

/** The bytes of an array. */
export const fromBytes = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: (offset, max) => bytes.subarray(offset, offset + max)
})

/** The UTF-8 bytes of a text. */
export const fromText = (text: string): ByteSource => fromBytes(new TextEncoder().encode(text))

/** A block with its own beginning appended, so that every read of `repeated` is one view, also across the end of the block. */
export const extendedBlock = (block: Uint8Array): Uint8Array => {
  const extended = new Uint8Array(block.length + partSize)
  for (let at = 0; at < extended.length; at += block.length) {
    extended.set(block.subarray(0, extended.length - at), at)
  }
  return extended
}

/** A block of `period` bytes, repeated, from `start` on. `extended`: the block as `extendedBlock` returns it. */
export const repeated = (extended: Uint8Array, period: number, start: number, length: number): ByteSource => ({
  length,
  read: (offset, max) => {
    const from = (start + offset) % period
    return extended.subarray(from, from + Math.min(max, partSize, length - offset))
  }
})

/** One source after the other. */
export const concat = (sources: ReadonlyArray<ByteSource>): ByteSource => ({
  length: sources.reduce((sum, source) => sum + source.length, 0),
  read: (offset, max) => {
    let rest = offset
    for (const source of sources) {
      if (rest < source.length) return source.read(rest, Math.min(max, source.length - rest))
      rest -= source.length
    }
    return new Uint8Array()
  }
})

/** The same bytes, with all bits of the one at `at` flipped. */
export const flipped = (source: ByteSource, at: number): ByteSource => ({
  length: source.length,
  read: (offset, max) => {
    const view = source.read(offset, max)
    if (at < offset || at >= offset + view.length) return view
    const copy = Uint8Array.from(view)
    copy[at - offset] = 255 - (copy[at - offset] ?? 0)
    return copy
  }
})

/** The bytes from `start` up to `end` as a stream, at most `max` at a time. */
export const stream = (source: ByteSource, start: number, end: number, max = partSize): Stream.Stream<Uint8Array> =>
  Stream.unfold(start, (offset) =>
    Effect.sync(() => {
      if (offset >= end) return undefined
      const bytes = source.read(offset, Math.min(max, end - offset))
      return [bytes, offset + bytes.length] as const
    })
  )

/** The bytes from `start` up to `end`, copied into one array. */
export const toBytes = (source: ByteSource, start: number, end: number): Uint8Array => {
  const copy = new Uint8Array(end - start)
  for (let at = start; at < end; ) {
    const bytes = source.read(at, end - at)
    copy.set(bytes, at - start)
    at += bytes.length
  }
  return copy
}
