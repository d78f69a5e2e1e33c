/**
 * What downloads take from the runtime where there is no better: `fetch`, and digests in JavaScript. The import `#runtime` leads here,
 * or to `node/Runtime.ts` under the condition `node`.
 *
 * @module
 */
import * as FetchTransport from "./FetchTransport.ts"
import type { FileTransport } from "./FileTransport.ts"

export { hasher as hasherFor } from "./FileDigest.ts"

/** Notes that so many bytes of buffers were handed to a consumer. */
export const handedOut = (_bytes: number): void => {}

/** Sends requests for files. */
export const transport: FileTransport = (request) => FetchTransport.make(globalThis.fetch)(request)
