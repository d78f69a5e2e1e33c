/**
 * Content codings: encodes the body of a response, or cuts the encoded body.
 *
 * @module
 */
import * as zlib from "node:zlib"
import * as ByteSource from "./ByteSource.ts"
import type { ContentCoding, Encoded } from "./ResponseFault.ts"
import { bytesOf } from "./SendResponse.ts"
import type { SimulatedResponse } from "./SimulatedResponse.ts"

/** The response with an encoded body, which is held in memory. */
export const encodeResponse = (response: SimulatedResponse, fault: Encoded): SimulatedResponse => {
  const { end, source, start } = bytesOf(response.body)
  const plain = ByteSource.toBytes(source, start, end)
  const whole = fault.codings.reduce((bytes, coding) => encoders[coding](bytes), plain)
  const sent = whole.subarray(0, Math.max(0, whole.length - fault.cut))
  const contentLength = fault.chunked ? null : sent.length
  return {
    ...response,
    headers: { ...response.headers, "content-encoding": fault.label },
    body: { source: ByteSource.fromBytes(sent), start: 0, end: sent.length, contentLength }
  }
}

const encoders: Readonly<Record<ContentCoding, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  "deflate-raw": zlib.deflateRawSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
  identity: (bytes) => bytes
}
