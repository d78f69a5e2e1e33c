/**
 * The body of one response: which of its bytes are still missing, and whether all announced ones came.
 *
 * @module
 */

import type { FileResponse } from "./FileClient.ts"
import type { Content } from "./FileContent.ts"
import type { FileDigest, Hasher } from "./FileDigest.ts"
import type { ByteReader } from "./FileTransport.ts"

/** A body that is being read, from `content.start` of the file on; the bytes before `wantedFrom` are there already. */
export class TransferBody {
  readonly host: string
  readonly abort: () => void
  /** Whether the body is the whole file, not a part of it. */
  readonly isWhole: boolean
  readonly #reader: ByteReader | null
  readonly #end: number | null
  readonly #wantedFrom: number
  readonly #digest: FileDigest | null
  readonly #hasher: Hasher | undefined
  #position: number

  constructor({ abort, body, host }: FileResponse, content: Content, wantedFrom: number, hasher: Hasher | undefined) {
    this.host = host
    this.abort = abort
    this.isWhole = content.isWhole
    this.#reader = body
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
    return this.#reader?.read()
  }

  /** Whether nobody else holds the memory of its bytes. */
  get ownsBytes(): boolean {
    return this.#reader?.ownsBytes ?? false
  }

  /** Counts bytes, and returns those of them that are missing: possibly none. */
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

  /** Whether any missing byte came. */
  get isUseful(): boolean {
    return this.#position > this.#wantedFrom
  }

  /** Whether the bytes have the announced digest. Called once, at the end. */
  isIntact(): boolean {
    return this.#hasher === undefined || this.#digest === null || this.#hasher.digest() === this.#digest.value
  }
}
