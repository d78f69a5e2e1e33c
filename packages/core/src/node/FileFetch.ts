/**
 * A `fetch` for files, on Node's own sockets. The runtime's makes two copies of every byte and leaves both to the garbage collector,
 * which lets them pile up. Here one buffer takes whatever a connection brings, and each part of a body is its reader's alone.
 *
 * @module
 */
import { type IncomingMessage, request as requestPlain } from "node:http"
import { globalAgent, request as requestSecure } from "node:https"
import { connect as connectPlain, isIP, type Socket } from "node:net"
import { connect as connectSecure } from "node:tls"

/**
 * Asks for a file over a connection of its own, which ends with the body. What this does not do the runtime's `fetch` does: going by
 * way of a proxy, following redirects, and decoding what a server encoded although it was not to.
 */
export const fetchFile: typeof globalThis.fetch = (input, init) => {
  const { headers, redirect, signal, url } = new Request(input, init)
  if (redirect !== "manual" || isProxied() || !isNode) return fetch(input, init)
  const target = new URL(url)
  const buffer = Buffer.allocUnsafeSlow(bufferSize)
  return new Promise((resolve, reject) => {
    const request = (isSecure(target) ? requestSecure : requestPlain)(target, {
      headers: Object.fromEntries(headers),
      signal,
      createConnection: () => connect(target, buffer)
    })
    request.on("error", reject)
    request.on("response", (message) => {
      const head = headOf(message)
      const hasBody = !withoutBody.has(head.status)
      if (hasBody && !head.headers.has("content-encoding")) return resolve(new Response(bodyOf(message, buffer), head))
      request.destroy()
      resolve(hasBody ? fetch(input, init) : new Response(null, head))
    })
    request.end()
  })
}

const isProxied = () => globalAgent.options.proxyEnv !== undefined

/** What else has a `node:http` has sockets of another kind under it. */
const isNode = !("Bun" in globalThis || "Deno" in globalThis)

/** A connection whose bytes all go through one buffer; the parser copies those that it passes on. */
const connect = (url: URL, buffer: Uint8Array): Socket => {
  const host = url.hostname.replace(/^\[|\]$/g, "")
  const callback = (length: number) => {
    socket.emit("data", buffer.subarray(0, length))
    return true
  }
  const options = { host, port: Number(url.port || (isSecure(url) ? 443 : 80)), onread: { buffer, callback } }
  const socket = isSecure(url)
    ? connectSecure({ ...options, ALPNProtocols: ["http/1.1"], servername: isIP(host) === 0 ? host : "" })
    : connectPlain(options)
  return socket
}

/** Large enough for few reads, small enough to stay in a processor's cache. */
const bufferSize = 256 * 1024

const isSecure = ({ protocol }: URL) => protocol === "https:"

const headOf = ({ rawHeaders, statusCode = 0 }: IncomingMessage) => {
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "")
  }
  return { headers, status: statusCode }
}

/** Statuses whose answers have no body: a `Response` refuses to be made with one. */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])

const bodyOf = (message: IncomingMessage, { buffer }: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream(
    {
      start: (controller) => {
        message.on("data", (bytes: Uint8Array) => {
          // Rather no file than one whose bytes changed after they came: should the parser ever not copy, it shows here at once.
          if (bytes.buffer === buffer) message.destroy(new Error("This version of Node shares its buffers."))
          else controller.enqueue(bytes)
          message.pause()
        })
        message.on("end", () => controller.close())
        message.on("error", (error) => controller.error(error))
      },
      pull: () => void message.resume(),
      cancel: () => void message.destroy()
    },
    { highWaterMark: 0 }
  )
