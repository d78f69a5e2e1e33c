/**
 * Strict decoding of compressed bodies (RFC 9110 §8.4.1): a body that ends early fails, and so does one with bytes after its end.
 *
 * @module
 */
import { Duplex, pipeline, type Readable, type Transform } from "node:stream"
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from "node:zlib"
import { EncodingError } from "../download/FileTransport.ts"

/** The decoders of a list of codings, the last applied first; undefined when one of them is unknown. */
export const decodersOf = (encoding: string): ReadonlyArray<MakeDecoder> | undefined => {
  const decoders = encoding.split(", ").map((coding) => decoderOf[coding])
  return decoders.every((decoder) => decoder !== undefined) ? decoders.reverse() : undefined
}

/** The decoded bytes of a body. */
export const decoded = (body: Readable, decoders: ReadonlyArray<MakeDecoder>): Readable =>
  decoders.reduce<Readable>((encoded, makeDecoder) => {
    const decoding = new Decoding(makeDecoder)
    // A failure of either stream ends the other, and the reader of the last one learns of it.
    return pipeline(encoded, decoding, () => {})
  }, body)

type Decoder = Transform & { readonly bytesWritten: number }
type MakeDecoder = (firstByte: number) => Decoder

const decoderOf: Readonly<Record<string, MakeDecoder>> = {
  gzip: () => createGunzip(),
  "x-gzip": () => createGunzip(),
  // The name means the zlib format, but some servers send the raw one (RFC 9110 §8.4.1.2).
  deflate: (firstByte) => ((firstByte & 0x0f) === 8 ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress()
}

/** A decoder whose input is counted: zlib's streams end without an error while there is more of it. */
class Decoding extends Duplex {
  readonly #makeDecoder: MakeDecoder
  #decoder: Decoder | undefined
  #received = 0
  #isDecoded = false
  #isReceived = false

  constructor(makeDecoder: MakeDecoder) {
    super()
    this.#makeDecoder = makeDecoder
  }

  override _write(chunk: Uint8Array, _: BufferEncoding, callback: () => void): void {
    this.#received += chunk.byteLength
    this.#decoderFor(chunk[0]).write(chunk, () => callback())
  }

  override _final(callback: () => void): void {
    this.#isReceived = true
    this.#decoderFor(0).end()
    this.#finish()
    callback()
  }

  override _read(): void {
    this.#decoder?.resume()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#decoder?.destroy()
    callback(error)
  }

  #decoderFor(firstByte = 0): Decoder {
    if (this.#decoder !== undefined) return this.#decoder
    const decoder = this.#makeDecoder(firstByte)
    this.#decoder = decoder
    decoder.on("data", (bytes: Uint8Array) => {
      if (!this.push(bytes)) decoder.pause()
    })
    decoder.on("end", () => {
      this.#isDecoded = true
      this.#finish()
    })
    decoder.on("error", (error: NodeJS.ErrnoException) => {
      const issue = error.code === "Z_BUF_ERROR" ? "is incomplete" : `cannot be decoded (${error.message})`
      this.#fail(issue)
    })
    return decoder
  }

  #finish(): void {
    if (!this.#isDecoded || !this.#isReceived) return
    if ((this.#decoder?.bytesWritten ?? 0) < this.#received) this.#fail("has bytes after its end")
    else this.push(null)
  }

  #fail(issue: string): void {
    this.destroy(new EncodingError(`the compressed body ${issue}`, this.#received))
  }
}
