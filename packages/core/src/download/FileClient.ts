/**
 * The client that downloads. It is a value of its own that knows no credential: what may be sent where comes with each request,
 * and never goes further than the origin it is for.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import ky, { isNetworkError } from "ky"
import { isLoopback } from "../client/Server.ts"
import { isBrowser, reasonOf } from "../http/Transport.ts"
import type { Silence, StallWatch } from "./StallWatch.ts"

/** A request for a file. */
export interface FileRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Headers for the origin of `url` alone; they end with the first redirect that leaves it. */
  readonly credentials: Readonly<Record<string, string>>
}

/** An answer whose body waits to be read, and a way to be rid of it. */
export interface FileResponse {
  readonly response: Response
  /** The host that gave it. */
  readonly host: string
  readonly abort: () => void
}

/** Why there is no answer. The host is the one that was asked last. */
export type NoFileResponse =
  | { readonly _tag: "Broken"; readonly host: string; readonly reason: string; readonly cause: unknown }
  | { readonly _tag: "Silent"; readonly host: string; readonly silence: Silence }
  | { readonly _tag: "Misled"; readonly host: string; readonly status: number | null; readonly issue: string }

/** Asks for files. */
export interface FileClient {
  /** Gives the answer that is no redirect. At most five are followed, each one checked before it is asked. */
  readonly get: (request: FileRequest, watch: StallWatch) => Effect.Effect<FileResponse, NoFileResponse>
}

/** What a client for files is told. */
export interface FileClientOptions {
  readonly fetch: typeof globalThis.fetch | undefined
  readonly userAgent: string
  /** Whether plain `http` may be used to this machine. */
  readonly loopback: boolean
}

/** A client for files. */
export const make = ({ fetch, loopback, userAgent }: FileClientOptions): FileClient => {
  const send = fetch ?? globalThis.fetch
  const client = ky.create({
    headers: {
      accept: "*/*",
      // Bytes are counted, continued and checked as they are stored, so they had better come like that.
      ...(isBrowser ? {} : { "accept-encoding": "identity", "user-agent": userAgent })
    },
    ...(isBrowser ? { cache: "no-store" } : {}),
    retry: 0,
    timeout: false,
    throwHttpErrors: false
  })

  const ask = (url: URL, headers: Readonly<Record<string, string>>, redirect: "follow" | "manual", watch: StallWatch) =>
    Effect.suspend(() => {
      const controller = new AbortController()
      const abort = () => controller.abort()
      const { host } = url
      const request = () =>
        client(url, { headers, redirect, fetch: (input, init) => send(input, { ...init, signal: controller.signal }) })
      const broken = (error: unknown): NoFileResponse => {
        const cause = isNetworkError(error) ? error.cause : error
        return { _tag: "Broken", host, reason: reasonOf(cause), cause }
      }
      const silent = (silence: Silence): NoFileResponse => ({ _tag: "Silent", host, silence })
      return Effect.map(
        watch.wait(request, broken, silent, abort),
        (response): FileResponse => ({ response, host, abort })
      )
    })

  const follow = (
    { credentials, headers, url }: FileRequest,
    hops: number,
    watch: StallWatch
  ): Effect.Effect<FileResponse, NoFileResponse> => {
    const issue = issueOf(url, loopback)
    if (issue !== null) return Effect.fail(misled(url.host, null, issue))
    return Effect.flatMap(ask(url, { ...headers, ...credentials }, "manual", watch), (answer) => {
      const { response } = answer
      if (response.type === "opaqueredirect") {
        answer.abort()
        // A browser does not say where to, and follows by itself only where no credential could come along.
        return Object.keys(credentials).length === 0
          ? ask(url, headers, "follow", watch)
          : Effect.fail(misled(url.host, null, "it leads elsewhere, and a browser does not say where"))
      }
      if (!redirects.has(response.status)) return Effect.succeed(answer)
      answer.abort()
      const next = URL.parse(response.headers.get("location") ?? "", url.href)
      if (next === null) return Effect.fail(misled(url.host, response.status, "its redirect leads nowhere"))
      if (hops === mostHops) {
        return Effect.fail(misled(url.host, response.status, `it redirects more than ${mostHops} times`))
      }
      const kept = next.origin === url.origin ? credentials : {}
      return follow({ url: next, headers, credentials: kept }, hops + 1, watch)
    })
  }

  return { get: (request, watch) => follow(request, 0, watch) }
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

const mostHops = 5

const issueOf = (url: URL, loopback: boolean): string | null => {
  if (url.username !== "" || url.password !== "") return "its link holds a user name or a password"
  if (url.protocol === "https:") return null
  if (url.protocol !== "http:") return `its link is no https URL but one of ${url.protocol}`
  if (!isLoopback(url.hostname))
    return "its link is plain http, where anybody on the way could read and change the file"
  return loopback ? null : "a server elsewhere may not lead to this machine"
}

const misled = (host: string, status: number | null, issue: string): NoFileResponse => ({
  _tag: "Misled",
  host,
  status,
  issue
})
