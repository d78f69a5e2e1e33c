/**
 * HTTP client for files: follows redirects itself and checks every hop. Holds no credentials: each request brings its own, and they are
 * dropped on the first cross-origin redirect.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { isLoopback } from "../client/Server.ts"
import { codeOf, isBrowser } from "../http/Runtime.ts"
import type { FileTransport, TransportRequest, TransportResponse } from "./FileTransport.ts"
import type { Expiry, IdleTimeout } from "./IdleTimeout.ts"

/** A request for a file. */
export interface FileRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Headers for the origin of `url` alone; they are dropped on the first redirect that leaves it. */
  readonly credentials: Readonly<Record<string, string>>
}

/** A response whose body waits to be read. */
export interface FileResponse extends TransportResponse {
  /** The host that sent it. */
  readonly host: string
  /** Closes the connection. */
  readonly abort: () => void
}

/** Why there is no response. The host is the one of the last request. */
export type FileClientError =
  | { readonly _tag: "ConnectionFailed"; readonly host: string; readonly reason: string; readonly cause: unknown }
  | { readonly _tag: "Expired"; readonly host: string; readonly expiry: Expiry }
  | { readonly _tag: "UnsafeLink"; readonly host: string; readonly status: number | null; readonly issue: string }

/** Sends requests for files. */
export interface FileClient {
  /** The first response that is no redirect. At most five redirects are followed; every URL is checked before it is requested. */
  readonly get: (request: FileRequest, idle: IdleTimeout) => Effect.Effect<FileResponse, FileClientError>
}

/** Decides about a URL before it is requested: `true` lets it pass, a text is the reason why not. */
export type LinkPolicy = (url: URL) => true | string

/** The settings of a client for files. */
export interface FileClientOptions {
  readonly transport: FileTransport
  readonly userAgent: string
  /** The origin of the API's server: links to it, and where it is this machine to any of its ports, may be plain http. */
  readonly apiOrigin: string
  readonly linkPolicy: LinkPolicy | undefined
}

/** A client for files. */
export const make = ({ apiOrigin, linkPolicy, transport, userAgent }: FileClientOptions): FileClient => {
  const common = {
    accept: "*/*",
    // Bytes are counted, resumed and verified as they are stored, so a server is asked to send them like that.
    ...(isBrowser ? {} : { "accept-encoding": "identity", "user-agent": userAgent })
  }

  const send = (url: URL, headers: FileRequest["headers"], redirect: TransportRequest["redirect"], idle: IdleTimeout) =>
    Effect.suspend(() => {
      const controller = new AbortController()
      const abort = () => controller.abort()
      const { host } = url
      return Effect.map(
        idle.wait(
          () => transport({ url, headers: { ...common, ...headers }, redirect, signal: controller.signal }),
          (cause): FileClientError => ({ _tag: "ConnectionFailed", host, reason: codeOf(cause), cause }),
          (expiry): FileClientError => ({ _tag: "Expired", host, expiry }),
          abort
        ),
        (response): FileResponse => ({ ...response, host, abort })
      )
    })

  const follow = (
    { credentials, headers, url }: FileRequest,
    hops: number,
    idle: IdleTimeout
  ): Effect.Effect<FileResponse, FileClientError> => {
    const issue = issueOf(url, apiOrigin, linkPolicy)
    if (issue !== null) return Effect.fail(unsafeLink(url.host, null, issue))
    return Effect.flatMap(send(url, { ...headers, ...credentials }, "manual", idle), (response) => {
      if (response.isHiddenRedirect) {
        response.abort()
        // A browser hides where to. It may follow by itself only where no credential and no policy is involved.
        return Object.keys(credentials).length === 0 && linkPolicy === undefined
          ? send(url, headers, "follow", idle)
          : Effect.fail(unsafeLink(url.host, null, "it redirects, and a browser hides where to"))
      }
      if (!redirects.has(response.status)) return Effect.succeed(response)
      response.abort()
      const next = URL.parse(response.header("location") ?? "", url.href)
      if (next === null) return Effect.fail(unsafeLink(url.host, response.status, "its redirect has no valid URL"))
      if (hops === maxHops) {
        return Effect.fail(unsafeLink(url.host, response.status, `it redirects more than ${maxHops} times`))
      }
      const kept = next.origin === url.origin ? credentials : {}
      return follow({ url: next, headers, credentials: kept }, hops + 1, idle)
    })
  }

  return { get: (request, idle) => follow(request, 0, idle) }
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

const maxHops = 5

const issueOf = (url: URL, apiOrigin: string, linkPolicy: LinkPolicy | undefined): string | null => {
  if (url.username !== "" || url.password !== "") return "its link contains a user name or a password"
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return `its link is a ${url.protocol} URL (expected https:)`
  if (isLoopback(url.hostname)) {
    if (!isLoopback(new URL(apiOrigin).hostname)) return "a server elsewhere must not link to this machine"
  } else if (url.protocol === "http:" && url.origin !== apiOrigin) {
    return "its link is plain http, which others on the network can read and change"
  }
  const verdict = linkPolicy?.(url) ?? true
  return verdict === true ? null : verdict
}

const unsafeLink = (host: string, status: number | null, issue: string): FileClientError => ({
  _tag: "UnsafeLink",
  host,
  status,
  issue
})
