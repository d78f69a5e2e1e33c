/**
 * The settings of a command, from its flags and the environment: a flag wins over its variable.
 *
 * @module
 */
import { baseUrlOf, type InvalidSettingError, isLoopback, type JobStatusOptions, servers } from "@ttd-jobs/core"
import { Effect, Result } from "effect"
import { UsageError } from "../exit/Failure.ts"
import { version } from "../generated/version.ts"
import type { SettingsOptions } from "./Commands.ts"
import { didYouMean, nearest } from "./DidYouMean.ts"
import { Environment } from "./Environment.ts"
import type { GivenDuration } from "./Flag.ts"
import { type ProxyServer, type ProxySettings, readProxies } from "./ProxySettings.ts"
import { readToken, type Token, tokenVariable } from "./TokenSource.ts"

/** What a command that asks the API is told. */
export interface Settings {
  readonly client: JobStatusOptions
  readonly token: Token | undefined
  /** The proxies of the environment. */
  readonly proxies: ProxySettings | undefined
  /** The proxy for requests to the server. */
  readonly proxy: ProxyServer | undefined
  /** How long the whole command may take. */
  readonly timeout: GivenDuration | undefined
  /** A fixed time between polls, instead of one that adapts. */
  readonly interval: GivenDuration | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
}

/** The command line of every command that sends requests. */
export interface SettingsInput {
  readonly operands: ReadonlyArray<string>
  readonly options: SettingsOptions & { readonly interval?: GivenDuration | undefined }
}

/** Reads the settings; fails at the first that is invalid, before any request. */
export const readSettings = Effect.fnUntraced(function* ({
  operands,
  options
}: SettingsInput): Effect.fn.Return<Settings, UsageError | InvalidSettingError, Environment> {
  const { env } = yield* Environment
  const server = options.server ?? (env["WORKFLOWS_SERVER"] || "prod")
  const proxies = yield* readProxies(env)
  const token = yield* readToken(operands, options)
  const baseUrl = yield* Effect.mapError(
    Effect.fromResult(baseUrlOf(server, { allowHttp: token === undefined })),
    ({ value }) => invalidServer(server, options.server === undefined ? "WORKFLOWS_SERVER" : "--server", value !== null)
  )
  if (token === undefined && platformUrls.has(baseUrl)) return yield* missingToken(server)
  const { interval, json, maxRetryTime, quiet, requestTimeout, timeout } = options
  return {
    client: {
      server: baseUrl,
      token: token?.value,
      timeout: requestTimeout?.millis,
      retry: maxRetryTime && (maxRetryTime.millis === 0 ? false : { maxElapsedTime: maxRetryTime.millis }),
      userAgent: `ttd-jobs-cli/${version}`
    },
    token,
    proxies,
    proxy: baseUrl.startsWith("https:") ? proxies?.https : proxies?.http,
    timeout,
    interval,
    json,
    quiet,
    verbose: options.verbose || isOn(env["WORKFLOWS_DEBUG"])
  }
})

/** A server of one's own may be a gateway that adds the token; the platform's never are. */
const platformUrls: ReadonlySet<string> = new Set(Object.values(servers))

const missingToken = (server: string) =>
  new UsageError({
    message: `no token for ${server}`,
    advice: `Set ${tokenVariable} to a token of the platform's, or give --token-file or --token-stdin.`
  })

/** Names in another case, hosts without a scheme and plain http elsewhere are the usual mistakes. */
const invalidServer = (server: string, source: string, isPublic: boolean) => {
  const withScheme = /^https?:/i.test(server) ? server.replace(/^http:/i, "https:") : `${schemeFor(server)}://${server}`
  const isHost = withScheme !== server && /[.:]|^localhost\b/.test(server) && Result.isSuccess(baseUrlOf(withScheme))
  const names = nearest(server, Object.keys(servers))
  const meant = names.length > 0 ? names : isHost && isPublic ? [withScheme] : []
  const value = isPublic ? ` ${JSON.stringify(server)}` : ""
  const expected = isPublic
    ? "prod, sandbox or an https URL"
    : "a URL without a user name, a password, a query and a fragment"
  return new UsageError({
    message: `invalid value${value} for ${source} (expected ${expected})${didYouMean(meant)}`,
    advice: "http is for this machine, and for servers that no token is sent to."
  })
}

const schemeFor = (host: string) => {
  const url = URL.parse(`http://${host}`)
  return url !== null && isLoopback(url.hostname) ? "http" : "https"
}

const isOn = (value: string | undefined) => value !== undefined && value !== "" && value !== "0" && value !== "false"
