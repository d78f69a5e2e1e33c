/**
 * A response before it is sent, as data.
 *
 * @module
 */
import type { ByteSource } from "./ByteSource.ts"

/** A response before it is sent. */
export interface SimulatedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Null: no `Content-Type`. */
  readonly contentType: string | null
  readonly body: string | BodyBytes
}

/** A body that is produced while it is sent. */
export interface BodyBytes {
  readonly source: ByteSource
  readonly start: number
  readonly end: number
  /** The value of `Content-Length`; null for a chunked body. */
  readonly contentLength: number | null
}
