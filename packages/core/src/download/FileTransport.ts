/**
 * The HTTP transport of downloads: one GET request, and a response whose body is read chunk by chunk.
 *
 * @module
 */

/** A request for a file. It is a GET without a body. */
export interface TransportRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** `follow` only where the runtime hides redirects, as browsers do. */
  readonly redirect: "follow" | "manual"
  /** Ends the request and the body. */
  readonly signal: AbortSignal
}

/** The response to it: any status, and a body that is read chunk by chunk. */
export interface TransportResponse {
  readonly status: number
  /** A browser's opaque redirect: neither status nor `Location` can be read. */
  readonly isHiddenRedirect: boolean
  /** A header's text, bytes that are no ASCII read as UTF-8; null when it is absent. */
  readonly header: (name: string) => string | null
  readonly body: ByteReader | null
  /** Whether reading fails when a compressed body is not complete; it is decoded in any case. */
  readonly verifiesEncoding: boolean
}

/** The bytes of a body. */
export interface ByteReader {
  /** The next bytes; undefined at the end. */
  readonly read: () => Promise<Uint8Array | undefined>
  /** Whether nobody else holds the memory of the bytes, so that their reader may free it. */
  readonly ownsBytes: boolean
}

/** Sends one request. Rejects with what the runtime said when there is no response. */
export type FileTransport = (request: TransportRequest) => Promise<TransportResponse>

/** A compressed body that is incomplete or cannot be decoded, although its transfer ended as it should. */
export class EncodingError extends Error {
  override readonly name = "EncodingError"
  /** How many encoded bytes had come. */
  readonly received: number

  constructor(message: string, received: number) {
    super(message)
    this.received = received
  }
}
