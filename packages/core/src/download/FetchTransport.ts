/**
 * Downloads over a WHATWG `fetch`: the transport of browsers, workers, Deno and Bun, and of an application's own `fetch`.
 *
 * @module
 */
import type { FetchFunction } from "../http/KyRequest.ts"
import { isBrowser } from "../http/Runtime.ts"
import type { ByteReader, FileTransport } from "./FileTransport.ts"
import { decodeHeader } from "./HeaderText.ts"

/** The transport over a `fetch`. */
export const make =
  (fetch: FetchFunction): FileTransport =>
  async ({ headers, redirect, signal, url }) => {
    const cache = isBrowser ? { cache: "no-store" as const } : {}
    const response = await fetch(url.href, { method: "GET", headers: { ...headers }, redirect, signal, ...cache })
    return {
      status: response.status,
      isHiddenRedirect: response.type === "opaqueredirect",
      header: (name) => {
        const value = response.headers.get(name)
        return value === null ? null : decodeHeader(value)
      },
      body: response.body === null ? null : readerOf(response.body),
      // `fetch` decodes, and forgives a missing end: seen in Node 24 (gzip, deflate, br) and Chromium 153 (zstd, too).
      verifiesEncoding: false
    }
  }

/** Reads one chunk ahead: a stream that breaks off drops the chunks that were not read yet. */
const readerOf = (body: ReadableStream<Uint8Array>): ByteReader => {
  const reader = body.getReader()
  let next: Promise<Uint8Array | undefined> | undefined
  const advance = async () => (await reader.read()).value
  return {
    ownsBytes: false,
    read: async () => {
      const bytes = await (next ?? advance())
      next = bytes === undefined ? Promise.resolve(undefined) : advance()
      // The next read reports a failure; until then it is not unhandled.
      next.catch(() => {})
      return bytes
    }
  }
}
