/**
 * How requests are sent: through the proxy of the environment, with room for large response headers.
 *
 * @module
 */
import { Effect } from "effect"
import type { ProxySettings } from "../input/ProxySettings.ts"

/** The `fetch` for these proxies. Undefined without a proxy: then the runtime's own is used, configured here. */
export const fetchThrough = (proxies: ProxySettings | undefined): Effect.Effect<typeof globalThis.fetch | undefined> =>
  Effect.gen(function* () {
    allowLargeHeaders()
    if (proxies === undefined) return undefined
    const { proxyFetch } = yield* Effect.promise(() => import("./ProxyFetch.ts"))
    return proxyFetch(proxies, maxHeaderSize)
  })

/** Gateways send policies of tens of kilobytes; the runtime's limit is 16 KB, and only a flag of `node` changes it. */
const maxHeaderSize = 256 * 1024

/** Where undici, which is the runtime's `fetch`, keeps the dispatcher that it uses; `setGlobalDispatcher` of undici writes it too. */
const slot = Symbol.for("undici.globalDispatcher.1")

/**
 * Replaces the dispatcher of the runtime's `fetch` by one of the same class. That costs nothing, while undici as a dependency takes
 * 40 ms to load. A runtime that has none keeps its own limit.
 */
const allowLargeHeaders = () => {
  // The dispatcher is made when one of fetch's classes is used for the first time.
  void globalThis.Request
  const dispatcher: unknown = Reflect.get(globalThis, slot)
  if (typeof dispatcher !== "object" || dispatcher === null) return
  const larger: unknown = Reflect.construct(Object.getPrototypeOf(dispatcher).constructor, [{ maxHeaderSize }])
  Reflect.set(globalThis, slot, larger)
}
