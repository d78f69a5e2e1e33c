/**
 * What downloads take from Node: its sockets and its digests. The import `#runtime` leads here under the condition `node`.
 *
 * @module
 */
import * as FetchTransport from "../download/FetchTransport.ts"
import type { FileTransport } from "../download/FileTransport.ts"
import * as BufferGarbage from "./BufferGarbage.ts"
import * as SocketTransport from "./SocketTransport.ts"

export { hasherFor } from "./FileHash.ts"

/** See `BufferGarbage`. */
export const handedOut = (bytes: number): void => {
  if (isNode) BufferGarbage.handedOut(bytes)
}

/** Sends requests for files. */
export const transport: FileTransport = (request) => (usesSockets() ? sockets : fetching)(request)

const sockets = SocketTransport.make()
const fetching: FileTransport = (request) => FetchTransport.make(globalThis.fetch)(request)

/** Other runtimes have sockets of another kind under their `node:http`. */
const isNode = !("Bun" in globalThis || "Deno" in globalThis)

const usesSockets = () => isNode && !hasOwnDispatcher()

/** Whether the application sends its requests another way, such as a proxy, by `setGlobalDispatcher` of undici. */
const hasOwnDispatcher = () => {
  const dispatcher: unknown = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"))
  return typeof dispatcher === "object" && dispatcher !== null && !runtimeDispatchers.has(dispatcher.constructor.name)
}

/** Those that Node itself sets: the default, and the one for the proxy of the environment. */
const runtimeDispatchers: ReadonlySet<string> = new Set(["Agent", "EnvHttpProxyAgent"])
