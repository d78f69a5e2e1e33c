/**
 * GET requests through ky, with its hooks as extension points. The `fetch` behind it is called as `fetch(url, init)`.
 *
 * @module
 */
import ky, { type KyInstance, type Options } from "ky"
import type { Redaction } from "./Redaction.ts"
import { isBrowser } from "./Runtime.ts"

/** A function like `fetch`: it gets the URL as a text, and in `init` method, headers (a plain object), signal and redirect mode. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>

/** The runtime's `fetch`, looked up late: a stub or an instrumentation may be installed after the client was made. */
export const runtimeFetch: FetchFunction = (url, init) => globalThis.fetch(url, init)

/** Hooks and further options of ky (`credentials`, `searchParams`, …), or a ky instance that has them. */
export type KyOption = KyInstance | Options

/** One request. */
export interface GetRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly fetch: FetchFunction
  /** What hooks find as `options.context`. */
  readonly context: Readonly<Record<string, unknown>>
}

/** Sends a request; no redirect is followed. */
export type SendRequest = (request: GetRequest) => Promise<Response>

/** Sends requests, through hooks where there are any. */
export const make = (option: KyOption | undefined, redaction: Redaction): SendRequest =>
  option === undefined ? withoutHooks : withHooks(option, redaction)

/** Retries, timeouts and statuses are the client's own. */
const inert = { retry: 0, timeout: false, totalTimeout: false, throwHttpErrors: false } as const

// Node's fetch would send the token along to another origin, so no redirect is followed at all.
const redirect = "manual"

const cache: Pick<RequestInit, "cache"> = isBrowser ? { cache: "no-store" } : {}

const plain = ky.create(inert)

/** Without hooks nothing can change the request, so it is put together in `fetch`, which is as good and half the work. */
const withoutHooks: SendRequest = ({ fetch, headers, signal, url }) =>
  plain(url, { fetch: () => fetch(url, { ...cache, method: "GET", headers, redirect, signal }) })

const withHooks = (option: KyOption, redaction: Redaction): SendRequest => {
  let given: Options = {}
  const parent = typeof option === "function" ? option : ky.create(option)
  const instance = parent.extend((options) => {
    given = options
    return { ...inert, ...cache, redirect }
  })
  return ({ context, fetch, headers, signal, url }) =>
    instance(url, {
      headers: { ...headers },
      context: { ...context },
      fetch: (input, init) => {
        // The caller may have gone while a hook was at work.
        signal.throwIfAborted()
        const request = input instanceof Request ? input : new Request(input, init)
        const sent = Object.fromEntries(request.headers)
        redaction.addHeaders(Object.entries(sent).filter(([name, value]) => headers[name] !== value))
        const { method } = request
        return fetch(request.url, {
          ...cache,
          ...fetchOptionsOf(given),
          ...init,
          method,
          headers: sent,
          redirect,
          signal
        })
      }
    })
}

/** The options that are `fetch`'s own; ky has put them into a `Request`, of which `fetch(url, init)` knows nothing. */
const fetchOptionsOf = ({
  cache,
  credentials,
  integrity,
  keepalive,
  mode,
  referrer,
  referrerPolicy
}: Options): RequestInit =>
  Object.fromEntries(
    Object.entries({ cache, credentials, integrity, keepalive, mode, referrer, referrerPolicy }).filter(
      ([, value]) => value !== undefined
    )
  )
