/**
 * Writes bytes to a file while the next ones come. What comes during a write is the next batch, so that a fast transfer makes large
 * writes and a slow one early ones. At most two batches are in memory: a slow disk slows the transfer down.
 *
 * @module
 */
import type { FileHandle } from "node:fs/promises"
import * as Effect from "effect/Effect"

/** An open file that is written from a position on. */
export class FileWriter<E> {
  readonly #handle: FileHandle
  readonly #failed: (error: unknown) => E
  #batch: Array<Uint8Array> = []
  #batchBytes = 0
  #own: Array<Uint8Array> = []
  #position: number
  #writing: Promise<void> = Promise.resolve()
  #isWriting = false

  constructor(handle: FileHandle, position: number, failed: (error: unknown) => E) {
    this.#handle = handle
    this.#position = position
    this.#failed = failed
  }

  /** Takes bytes, which must not change any more. Those that are nobody else's are gone once they are written. */
  write(bytes: Uint8Array, isOwn: boolean): Effect.Effect<void, E> {
    this.#batch.push(bytes)
    if (isOwn) this.#own.push(bytes)
    this.#batchBytes += bytes.byteLength
    return this.#isWriting && this.#batchBytes < largestBatch ? Effect.void : this.#send
  }

  /** Writes everything that was taken. */
  readonly flush: Effect.Effect<void, E> = Effect.suspend(() => Effect.andThen(this.#send, this.#settled))

  readonly #settled: Effect.Effect<void, E> = Effect.suspend(() =>
    Effect.tryPromise({ try: () => this.#writing, catch: this.#failed })
  )

  readonly #send: Effect.Effect<void, E> = Effect.suspend(() =>
    Effect.map(this.#settled, () => {
      const batch = this.#batch
      const position = this.#position
      this.#position += this.#batchBytes
      this.#batch = []
      this.#batchBytes = 0
      const own = this.#own
      this.#own = []
      this.#isWriting = true
      this.#writing = writeAll(this.#handle, batch, position).finally(() => {
        this.#isWriting = false
        own.forEach(release)
      })
      // Whoever settles it learns of a failure; until then nobody is to call it unhandled.
      this.#writing.catch(() => {})
    })
  )
}

/**
 * Gives memory back at once. The garbage collector would let a hundred megabytes of network buffers pile up first, and each new one
 * would be cold.
 */
const release = ({ buffer, byteLength }: Uint8Array) => {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}

const largestBatch = 1024 * 1024

/** A write may stop early, as when a disk is almost full: then the next one says why. */
const writeAll = async (handle: FileHandle, chunks: ReadonlyArray<Uint8Array>, position: number): Promise<void> => {
  if (chunks.length === 0) return
  const total = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const { bytesWritten } = await handle.writev(chunks, position)
  if (bytesWritten < total) await writeAll(handle, after(chunks, bytesWritten), position + bytesWritten)
}

const after = (chunks: ReadonlyArray<Uint8Array>, bytes: number): ReadonlyArray<Uint8Array> => {
  let skip = bytes
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(Math.min(skip, chunk.byteLength))
    skip -= chunk.byteLength - rest.byteLength
    return rest.byteLength === 0 ? [] : [rest]
  })
}
