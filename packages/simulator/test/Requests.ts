/** Requests over HTTP, as any HTTP client sends them. */
import { connect } from "node:net"
import { type JobRef, statusPath } from "@ttd-jobs/core"
import { Data, Effect } from "effect"
import type { Simulator } from "../src/index.ts"

/** A complete response. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  readonly text: string
}

/** No response, or an incomplete one. */
export class RequestFailed extends Data.TaggedError("RequestFailed")<{ readonly cause: unknown }> {}

/** One request; redirects are not followed. */
export const request = (url: string, init: RequestInit = {}): Effect.Effect<HttpResponse, RequestFailed> =>
  Effect.tryPromise({
    try: async (signal) => {
      const response = await fetch(url, { redirect: "manual", signal, ...init })
      const bytes = new Uint8Array(await response.arrayBuffer())
      return { status: response.status, headers: response.headers, bytes, text: new TextDecoder().decode(bytes) }
    },
    catch: (cause) => new RequestFailed({ cause })
  })

/** One request for a job's status, with the token. */
export const requestStatus = (simulator: Simulator["Service"], ref: JobRef, init: RequestInit = {}) =>
  request(simulator.url + statusPath(ref), { ...init, headers: { "ttd-auth": simulator.token, ...init.headers } })

/** A job's status as JSON: the job itself, whatever the operation. */
export const statusOf = (simulator: Simulator["Service"], ref: JobRef) =>
  Effect.map(requestStatus(simulator, ref), ({ text }) => jobIn(text))

/** The job in the text of a response. */
export const jobIn = (text: string): StatusFields => {
  const body = JSON.parse(text)
  return "job" in body ? body.job : body
}

/** Fields of a job that the operations return. */
export interface StatusFields {
  readonly id: number
  readonly status: string
  readonly completionPercentage: number | null
  readonly url: string | null
  readonly rawResult: string | null
  readonly errors?: string | null
  readonly createdAtUtc?: string
  readonly completedAtUtc?: string | null
  readonly completedAt?: string | null
  readonly runtimeErrors?: ReadonlyArray<string> | null
  readonly queryGqlErrors?: ReadonlyArray<string> | null
}

/** The link to a job's file; fails when there is none. */
export const linkOf = (simulator: Simulator["Service"], ref: JobRef) =>
  Effect.flatMap(statusOf(simulator, ref), ({ url }) => Effect.fromNullishOr(url))

/** The bytes received on a connection, and how it ended. */
export interface RawResponse {
  readonly head: string
  readonly body: Buffer
  readonly end: "closed" | "reset" | "open"
}

/**
 * One request over a connection of its own, without a client that hides how the connection ends. It is `open` when, after
 * `silenceAfter` bytes of the body (-1: not even a head), nothing more comes for 150 ms.
 */
export const rawRequest = (
  url: string,
  options: { readonly token?: string; readonly silenceAfter?: number } = {}
): Effect.Effect<RawResponse> =>
  Effect.callback<RawResponse>((resume) => {
    const { host, hostname, pathname, port, search } = new URL(url)
    const { silenceAfter = Number.POSITIVE_INFINITY, token } = options
    let received: Buffer = Buffer.alloc(0)
    let silence: NodeJS.Timeout | undefined
    const socket = connect(Number(port), hostname)
    const done = (end: RawResponse["end"]) => {
      clearTimeout(silence)
      socket.destroy()
      const split = received.indexOf("\r\n\r\n")
      const head = split === -1 ? "" : received.subarray(0, split).toString()
      resume(Effect.succeed({ head, body: received.subarray(split === -1 ? 0 : split + 4), end }))
    }
    const listen = () => {
      const split = received.indexOf("\r\n\r\n")
      clearTimeout(silence)
      const body = split === -1 ? -1 : received.length - split - 4
      if (body >= silenceAfter) silence = setTimeout(() => done("open"), 150)
    }
    const lines = [`host: ${host}`, "connection: close", ...(token === undefined ? [] : [`ttd-auth: ${token}`])]
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`)
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk])
      listen()
    })
    socket.on("error", () => done("reset"))
    socket.on("end", () => done("closed"))
    listen()
    return Effect.sync(() => done("open"))
  })
