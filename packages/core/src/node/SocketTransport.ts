/**
 * Downloads over Node's own sockets. The runtime's `fetch` makes two copies of every byte, decodes without verifying the end, refuses
 * unusual status lines and large headers; here one buffer takes whatever a connection brings.
 *
 * @module
 */
import { type ClientRequestArgs, type IncomingMessage, Agent as PlainAgent, request as requestPlain } from "node:http"
import { globalAgent, request as requestSecure, Agent as SecureAgent } from "node:https"
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from "node:net"
import type { Readable } from "node:stream"
import { connect as connectSecure } from "node:tls"
import { encodingOf } from "../download/FileContent.ts"
import type { ByteReader, FileTransport, TransportResponse } from "../download/FileTransport.ts"
import { decodeHeader } from "../download/HeaderText.ts"
import { decoded, decodersOf } from "./ContentDecoding.ts"

/** The settings of a socket transport. */
export interface SocketTransportOptions {
  /**
   * Resolves host names, as in `node:net`: it can refuse addresses when a connection is made, after name resolution. It is not called for
   * URLs that contain an IP address: those are up to `linkPolicy`. Default: the operating system's.
   */
  readonly lookup?: LookupFunction | undefined
}

/**
 * The transport of downloads on Node: a connection for each request, closed with the body. The proxy of the environment is used where
 * Node's own is enabled (`NODE_USE_ENV_PROXY`, `--use-env-proxy`, `http.setGlobalProxyFromEnv`). Redirects are not followed.
 */
export const make =
  ({ lookup }: SocketTransportOptions = {}): FileTransport =>
  ({ headers, signal, url }) =>
    new Promise((resolve, reject) => {
      const buffer = Buffer.allocUnsafeSlow(bufferSize)
      const request = (isSecure(url) ? requestSecure : requestPlain)(url, {
        headers,
        signal,
        maxHeaderSize,
        ...connecting(url, buffer, lookup)
      })
      request.on("error", reject)
      request.on("upgrade", (message, socket) => {
        socket.destroy()
        resolve({ ...headOf(message), body: null, verifiesEncoding: true })
      })
      request.on("response", (message) => resolve(responseOf(message, buffer)))
      request.end()
    })

/** Object storages send up to 22 KB of header fields; Node's own limit is 16 KB. */
const maxHeaderSize = 256 * 1024

/** Large enough for few reads, small enough to stay in a processor's cache. */
const bufferSize = 256 * 1024

const isSecure = ({ protocol }: URL) => protocol === "https:"

const connecting = (url: URL, buffer: Uint8Array, lookup: LookupFunction | undefined): ClientRequestArgs => {
  const { proxyEnv } = globalAgent.options
  const resolving = lookup === undefined ? {} : { lookup }
  return proxyEnv === undefined
    ? { createConnection: () => connect(url, buffer, resolving) }
    : { agent: new (isSecure(url) ? SecureAgent : PlainAgent)({ proxyEnv }), ...resolving }
}

/** A connection whose bytes all go through one buffer; the parser copies those that it passes on. */
const connect = (url: URL, buffer: Uint8Array, resolving: SocketTransportOptions): Socket => {
  const host = url.hostname.replace(/^\[|\]$/g, "")
  const callback = (length: number) => {
    socket.emit("data", buffer.subarray(0, length))
    return true
  }
  const port = Number(url.port || (isSecure(url) ? 443 : 80))
  const options = { host, port, onread: { buffer, callback }, ...resolving }
  const socket = isSecure(url)
    ? connectSecure({ ...options, ALPNProtocols: ["http/1.1"], servername: isIP(host) === 0 ? host : "" })
    : connectPlain(options)
  return socket
}

const headOf = ({ headersDistinct, statusCode = 0 }: IncomingMessage) => ({
  status: statusCode,
  isHiddenRedirect: false,
  header: (name: string) => {
    const values = headersDistinct[name]
    return values === undefined ? null : decodeHeader(values.join(", "))
  }
})

const responseOf = (message: IncomingMessage, buffer: Uint8Array): TransportResponse => {
  const head = headOf(message)
  const encoding = encodingOf(head.header)
  // Some servers name a coding for an empty body too.
  const decoders = encoding === null || head.header("content-length") === "0" ? [] : decodersOf(encoding)
  const stream = decoders === undefined ? message : decoded(message, decoders)
  return { ...head, body: readerOf(stream, buffer), verifiesEncoding: decoders !== undefined }
}

/** Reads a stream chunk by chunk: chunks that came before the stream broke off are read before its error. */
const readerOf = (stream: Readable, { buffer }: Uint8Array): ByteReader => {
  const chunks: Array<Uint8Array> = []
  let ending: { readonly error: unknown } | "complete" | undefined
  let waiting: PromiseWithResolvers<void> | undefined
  const wake = () => {
    waiting?.resolve()
    waiting = undefined
  }
  stream.on("data", (bytes: Uint8Array) => {
    // Rather no file than one whose bytes changed after they came: should the parser ever not copy, it shows here at once.
    if (bytes.buffer === buffer) stream.destroy(new Error("This version of Node shares its buffers."))
    else chunks.push(bytes)
    stream.pause()
    wake()
  })
  stream.on("end", () => {
    ending ??= "complete"
    wake()
  })
  stream.on("error", (error) => {
    ending ??= { error }
    wake()
  })
  stream.on("close", () => {
    ending ??= { error: new Error("The connection was closed before the end of the body.") }
    wake()
  })
  return {
    ownsBytes: true,
    read: async () => {
      while (true) {
        const bytes = chunks.shift()
        if (bytes !== undefined) return bytes
        if (ending === "complete") return undefined
        if (ending !== undefined) throw ending.error
        waiting = Promise.withResolvers()
        stream.resume()
        await waiting.promise
      }
    }
  }
}
