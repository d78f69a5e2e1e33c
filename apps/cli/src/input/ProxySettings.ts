/**
 * The HTTP proxy that the environment names: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in lower case too.
 *
 * @module
 */
import { Effect } from "effect"
import { UsageError } from "../exit/Failure.ts"
import type { Environment } from "./Environment.ts"

/** A proxy and the variable that names it. */
export interface ProxyServer {
  readonly url: string
  readonly variable: string
}

/** The proxies for each kind of request, at least one. */
export interface ProxySettings {
  readonly http: ProxyServer | undefined
  readonly https: ProxyServer | undefined
  /** The hosts that need no proxy, separated by commas. */
  readonly noProxy: string
}

/** Reads the proxies of the environment; undefined when it names none. */
export const readProxies = Effect.fnUntraced(function* (
  env: Environment["Service"]["env"]
): Effect.fn.Return<ProxySettings | undefined, UsageError> {
  const https = yield* readProxy(env, "https_proxy")
  const http = yield* readProxy(env, "http_proxy")
  if (https === undefined && http === undefined) return undefined
  return { http, https, noProxy: valueOfVariable(env, "no_proxy")?.text ?? "" }
})

const valueOfVariable = (env: Environment["Service"]["env"], name: string) => {
  for (const variable of [name, name.toUpperCase()]) {
    const text = env[variable]?.trim()
    if (text !== undefined && text !== "") return { variable, text }
  }
  return undefined
}

const readProxy = (
  env: Environment["Service"]["env"],
  name: string
): Effect.Effect<ProxyServer | undefined, UsageError> => {
  const given = valueOfVariable(env, name)
  if (given === undefined) return Effect.undefined
  const { text, variable } = given
  // As curl does: a proxy without a scheme is an HTTP proxy.
  const url = URL.parse(text.includes("://") ? text : `http://${text}`)
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:"
  return url !== null && isHttp && url.hostname !== ""
    ? Effect.succeed({ url: url.href, variable })
    : Effect.fail(
        new UsageError({
          message: `invalid proxy ${JSON.stringify(withoutPassword(text))} in ${variable} (expected host:port, or an http or https URL)`,
          advice: `Correct ${variable}, or unset it to send requests without a proxy.`
        })
      )
}

/** A proxy's URL may hold a user name and a password. */
const withoutPassword = (text: string) => text.replace(/^((?:\w+:\/\/)?).*@/, "$1<redacted>@")

/** The host of a proxy, for messages. */
export const proxyHost = ({ url }: ProxyServer): string => new URL(url).host
