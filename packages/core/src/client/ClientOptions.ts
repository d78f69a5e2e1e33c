/**
 * Options of a client and of a call, read once, so that everything behind them can rely on them.
 *
 * @module
 */
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { InvalidSettingError } from "../errors/Errors.ts"
import { version } from "../generated/version.ts"
import type { TokenInput, TokenProvider } from "../http/Credential.ts"
import * as Credential from "../http/Credential.ts"
import { type FetchFunction, type KyOption, runtimeFetch } from "../http/KyRequest.ts"
import { Redaction } from "../http/Redaction.ts"
import { maxConcurrency } from "../limiter/AccountLimiter.ts"
import { isLimiterOption, type LimiterOption } from "../limiter/Limiter.ts"
import { invalidOption, readDuration, readInteger } from "../options/Options.ts"
import { type ResultLifetimeOption, type ResultLifetimes, readResultLifetimes } from "../options/ResultLifetime.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import { baseUrlOf, type Server } from "./Server.ts"

/** Options of a client. Times that are numbers are milliseconds. */
export interface JobStatusOptions {
  /** Which server to send requests to. Default: `prod`. */
  readonly server?: Server | undefined
  /**
   * The `TTD-Auth` token, or a provider: a function or an effect that gives it. A provider is asked when the first request is sent, and
   * once more when a token is rejected (401). May be left out where a gateway adds the token. Default: none.
   */
  readonly token?: TokenInput | TokenProvider | undefined
  /**
   * Sends requests instead of the runtime's `fetch`: for a proxy, a log, a test. It is called as `fetch(url, init)`. Default: that of
   * `FetchHttpClient.Fetch` where an Effect application provides one, else `globalThis.fetch` as it is when a request is sent.
   */
  readonly fetch?: FetchFunction | undefined
  /**
   * Hooks (`beforeRequest`, `afterResponse`, …) and further options of ky for status requests, or a ky instance that has them. Hooks find
   * `operation`, `ref` and `attempt` in `options.context`. Retries, timeouts and redirects stay the client's own. Default: none.
   */
  readonly ky?: KyOption | undefined
  /** Further headers of every request to the API's own origin; `TTD-Auth` is not one of them. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /**
   * How long one attempt may take, the body included; `"Infinity"` for no limit. Time in the limiter's queue does not count. Default: 30
   * seconds.
   */
  readonly timeout?: Duration.Input | undefined
  /** When to retry; `false` for never. Default: `RetryPolicy.standard`, which holds no call for more than a minute. */
  readonly retry?: RetryPolicy.RetryPolicyOptions | false | undefined
  /** Requests in flight at once per endpoint and account, 1 – 4 (contract, "Limits and retrying"). Default: 4. */
  readonly concurrency?: number | undefined
  /**
   * Where the limiter lives: `process` shares it among the clients of an account, `client` keeps it to this client; or a limiter of
   * the application. Default: `process`; `client` on Cloudflare Workers.
   */
  readonly limiter?: LimiterOption | undefined
  /**
   * How long upstream keeps results, for all kinds of job or by kind: `{ standard: "24 hours" }`. `expiresAt` follows it. Default: 24 hours
   * for standard jobs, 1 hour for GraphQL jobs (contract, "Life of a job").
   */
  readonly resultLifetime?: ResultLifetimeOption | undefined
  /** Allows plain `http:` with a token to servers other than loopback, for a network that is trusted. Default: false. */
  readonly allowInsecure?: boolean | undefined
  /** What `User-Agent` says before this package's own name; browsers forbid setting it. Default: nothing. */
  readonly userAgent?: string | undefined
}

/** Options of one call. */
export interface CallOptions {
  /** When to retry; `false` for never. Default: the client's. */
  readonly retry?: RetryPolicy.RetryPolicyOptions | false | undefined
  /** How long one attempt may take, the body included; `"Infinity"` for no limit. Default: the client's. */
  readonly timeout?: Duration.Input | undefined
}

/** What holds for one call. */
export interface CallSettings {
  readonly retry: RetryPolicy.RetryPolicy | undefined
  /** Milliseconds. */
  readonly timeout: number
  /** The same for calls with the same settings, so that they can share a request. */
  readonly key: string
}

/** The options of a client as they are used. */
export interface Settings {
  readonly baseUrl: string
  readonly credential: Credential.Credential
  readonly redaction: Redaction
  readonly fetch: FetchFunction | undefined
  /** The `fetch` to use now, with the services of the caller. */
  readonly fetchIn: (context: Context.Context<never>) => FetchFunction
  readonly ky: KyOption | undefined
  readonly headers: Readonly<Record<string, string>>
  /** What holds for calls without options. */
  readonly call: CallSettings
  readonly retry: RetryPolicy.RetryPolicy | undefined
  readonly concurrency: number
  readonly limiter: LimiterOption | undefined
  readonly resultLifetimes: ResultLifetimes
  readonly userAgent: string
}

/** Reads the options; fails with `InvalidSettingError` at the first that is invalid. `defaultFetch` stands in for `fetch`. */
export const settingsOf = (
  options: JobStatusOptions,
  defaultFetch: (context: Context.Context<never>) => FetchFunction = () => runtimeFetch
): Result.Result<Settings, InvalidSettingError> =>
  Result.gen(function* () {
    const redaction = new Redaction()
    const allowHttp = options.token === undefined || options.allowInsecure === true
    const retry = yield* retryOf(options.retry ?? {})
    const headers = yield* headersOf(options.headers ?? {}, redaction)
    const { fetch } = options
    return {
      baseUrl: yield* baseUrlOf(options.server ?? "prod", { allowHttp }),
      credential: yield* credentialOf(options.token, redaction),
      redaction,
      fetch,
      fetchIn: fetch === undefined ? defaultFetch : () => fetch,
      ky: options.ky,
      headers,
      call: { retry, timeout: yield* timeoutOf(options.timeout ?? Duration.seconds(30)), key: "" },
      retry,
      concurrency: yield* readInteger("concurrency", options.concurrency ?? maxConcurrency, 1, maxConcurrency),
      limiter: yield* limiterOf(options.limiter),
      resultLifetimes: yield* readResultLifetimes(options.resultLifetime),
      userAgent: yield* userAgentOf(options.userAgent)
    }
  })

/** Reads the options of a call. */
export const callSettingsOf = (
  options: CallOptions | undefined,
  defaults: CallSettings
): Result.Result<CallSettings, InvalidSettingError> => {
  if (options?.retry === undefined && options?.timeout === undefined) return Result.succeed(defaults)
  return Result.gen(function* () {
    const retry = options.retry === undefined ? defaults.retry : yield* retryOf(options.retry)
    const timeout = options.timeout === undefined ? defaults.timeout : yield* timeoutOf(options.timeout)
    return { retry, timeout, key: `${timeout} ${retry === undefined ? "" : Object.values(retry).join(" ")}` }
  })
}

/** The policy that an option names; undefined for no retries. */
export const retryOf = (
  retry: RetryPolicy.RetryPolicyOptions | false
): Result.Result<RetryPolicy.RetryPolicy | undefined, InvalidSettingError> =>
  retry === false ? Result.succeed(undefined) : RetryPolicy.make(retry)

const product = `ttd-jobs/${version}`

const credentialOf = (
  token: JobStatusOptions["token"],
  redaction: Redaction
): Result.Result<Credential.Credential, InvalidSettingError> => {
  if (token === undefined) return Result.succeed(Credential.none)
  if (typeof token === "function" || Effect.isEffect(token)) {
    return Result.succeed(Credential.provided(token, redaction))
  }
  const text = Credential.textOf(token)
  return text === null
    ? Result.fail(invalidOption("token", "token", null, "one line of visible ASCII characters"))
    : Result.succeed(Credential.fixed(text, redaction))
}

/** Names come in lower case, so that one given in another case replaces a header instead of adding to it. */
const headersOf = (headers: Readonly<Record<string, string>>, redaction: Redaction) => {
  const readable = Result.try(() => Object.fromEntries(new Headers(headers)))
  if (Result.isFailure(readable)) {
    return Result.fail(invalidOption("headers", "header", null, "names that are words, and values of one line"))
  }
  if ("ttd-auth" in readable.success) {
    const expected = "no TTD-Auth: pass the token as `token`, which keeps it out of errors"
    return Result.fail(invalidOption("headers", "header", null, expected))
  }
  redaction.addHeaders(Object.entries(readable.success))
  return Result.succeed(readable.success)
}

const userAgentOf = (userAgent: string | undefined) => {
  if (userAgent === undefined) return Result.succeed(product)
  return /^[\x20-\x7e]+$/.test(userAgent)
    ? Result.succeed(`${userAgent} ${product}`)
    : Result.fail(invalidOption("userAgent", "text", null, "one line of visible ASCII characters"))
}

const timeoutOf = (timeout: Duration.Input) =>
  Result.map(readDuration("timeout", timeout, { above: 0 }), (time) => Duration.toMillis(time))

const limiterOf = (limiter: LimiterOption | undefined) =>
  limiter === undefined || isLimiterOption(limiter)
    ? Result.succeed(limiter)
    : Result.fail(
        invalidOption(
          "limiter",
          "value",
          limiter,
          '"process", "client" or an object with the methods `run` and `pausedUntil`'
        )
      )
