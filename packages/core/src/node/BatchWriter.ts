/**
 * Writes bytes while the next ones come. What comes during a write is the next batch, so that a fast transfer makes large writes and a
 * slow one early ones. At most two batches are in memory: a slow disk or pipe slows the transfer down.
 *
 * @module
 */
import * as Effect from "effect/Effect"

/** Writes chunks one after the other; resolves when their memory is not needed any more. */
export type WriteChunks = (chunks: ReadonlyArray<Uint8Array>) => Promise<void>

/** A writer of batches. */
export class BatchWriter<E> {
  readonly #write: WriteChunks
  readonly #failed: (error: unknown) => E
  #batch: Array<Uint8Array> = []
  #batchBytes = 0
  #owned: Array<Uint8Array> = []
  #writing: Promise<void> = Promise.resolve()
  #isWriting = false

  constructor(write: WriteChunks, failed: (error: unknown) => E) {
    this.#write = write
    this.#failed = failed
  }

  /** Takes bytes, which must not change any more. The memory of those that are `owned` is freed once they are written. */
  write(bytes: Uint8Array, owned: boolean): Effect.Effect<void, E> {
    this.#batch.push(bytes)
    if (owned) this.#owned.push(bytes)
    this.#batchBytes += bytes.byteLength
    return this.#isWriting && this.#batchBytes < maxBatch ? Effect.void : this.#send
  }

  /** Writes everything that was taken. */
  readonly flush: Effect.Effect<void, E> = Effect.suspend(() => Effect.andThen(this.#send, this.#settled))

  readonly #settled: Effect.Effect<void, E> = Effect.suspend(() =>
    Effect.tryPromise({ try: () => this.#writing, catch: this.#failed })
  )

  readonly #send: Effect.Effect<void, E> = Effect.suspend(() =>
    Effect.map(this.#settled, () => {
      const batch = this.#batch
      const owned = this.#owned
      this.#batch = []
      this.#batchBytes = 0
      this.#owned = []
      if (batch.length === 0) return
      this.#isWriting = true
      this.#writing = this.#write(batch).finally(() => {
        this.#isWriting = false
        owned.forEach(free)
      })
      // `#settled` reports a failure; until then it is not unhandled.
      this.#writing.catch(() => {})
    })
  )
}

/**
 * Frees memory at once. The garbage collector would let a hundred megabytes of network buffers pile up first, and each new one would be
 * cold.
 */
const free = ({ buffer, byteLength }: Uint8Array) => {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}

const maxBatch = 1024 * 1024
