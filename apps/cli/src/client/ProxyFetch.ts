/**
 * A `fetch` that goes through an HTTP proxy, on every supported version of Node.
 *
 * @module
 */
import { EnvHttpProxyAgent } from "undici"
import type { ProxyServer, ProxySettings } from "../input/ProxySettings.ts"

/** The runtime's `fetch` with undici's proxy agent. */
export const proxyFetch = ({ http, https, noProxy }: ProxySettings, maxHeaderSize: number): typeof globalThis.fetch => {
  const options = { noProxy, maxHeaderSize, proxyTunnel: false }
  const agentFor = (proxy: ProxyServer | undefined) =>
    proxy && new EnvHttpProxyAgent({ ...options, httpProxy: proxy.url, httpsProxy: proxy.url })
  // One agent would send https through the proxy for http when there is no other; curl and Go do not.
  const agents = new Map([
    ["http:", agentFor(http)],
    ["https:", agentFor(https)]
  ])
  return (input, init) => {
    const { protocol } = new URL(input instanceof Request ? input.url : input)
    const dispatcher = agents.get(protocol)
    if (dispatcher === undefined) return fetch(input, init)
    const proxied: RequestInit = { ...init }
    // undici and the types of Node describe the same class in two packages, which the compiler holds for two.
    Reflect.set(proxied, "dispatcher", dispatcher)
    return fetch(input, proxied)
  }
}
