/**
 * The body of one answer: which of its bytes are still wanted, and whether all that was announced came.
 *
 * @module
 */
import type { Content } from "./FileAnswer.ts"
import type { FileResponse } from "./FileClient.ts"
import type { FileDigest, Hasher } from "./FileDigest.ts"

/** A body that is being read, from `content.start` of the file on; what lies before `wantedFrom` is there already. */
export class TransferBody {
  readonly host: string
  readonly abort: () => void
  /** Whether the body is the whole file, not a part of it. */
  readonly isWhole: boolean
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  readonly #end: number | null
  readonly #wantedFrom: number
  readonly #digest: FileDigest | null
  readonly #hasher: Hasher | undefined
  #position: number

  constructor(
    { abort, host, response }: FileResponse,
    content: Content,
    wantedFrom: number,
    hasher: Hasher | undefined
  ) {
    this.host = host
    this.abort = abort
    this.isWhole = content.isWhole
    this.#reader = response.body?.getReader()
    this.#position = content.start
    this.#end = content.end
    this.#wantedFrom = wantedFrom
    this.#digest = content.digest
    this.#hasher = hasher
  }

  /** Where in the file the next byte belongs. */
  get position(): number {
    return this.#position
  }

  /** The next bytes as they come; undefined at the end. */
  async read(): Promise<Uint8Array | undefined> {
    return (await this.#reader?.read())?.value
  }

  /** Counts bytes, and gives those of them that are wanted: it may be none. */
  take(chunk: Uint8Array): Uint8Array {
    const surplus = this.#wantedFrom - this.#position
    this.#position += chunk.byteLength
    this.#hasher?.update(chunk)
    return surplus > 0 ? chunk.subarray(Math.min(surplus, chunk.byteLength)) : chunk
  }

  /** Whether more bytes came than were announced. */
  get isOverlong(): boolean {
    return this.#end !== null && this.#position > this.#end
  }

  /** Whether the end came before all announced bytes did. */
  get isShort(): boolean {
    return this.#end !== null && this.#position < this.#end
  }

  /** Whether any wanted byte came. */
  get isUseful(): boolean {
    return this.#position > this.#wantedFrom
  }

  /** Whether what came has the digest that was told. Asked once, at the end. */
  isIntact(): boolean {
    return this.#hasher === undefined || this.#digest === null || this.#hasher.digest() === this.#digest.value
  }
}
