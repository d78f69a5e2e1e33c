/**
 * What a client is told: server, token, limits. Read once, so that everything behind it can rely on them.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { InvalidSettingError } from "../errors/Errors.ts"
import { version } from "../generated/version.ts"
import { maxConcurrency } from "../limiter/AccountLimiter.ts"
import { isLimiterOption, type LimiterOption } from "../limiter/Limiter.ts"
import { invalidOption, readDuration, readInteger } from "../options/Options.ts"
import { type ResultLifetimeOption, type ResultLifetimes, readResultLifetimes } from "../options/ResultLifetime.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import { baseUrlOf, type Server } from "./Server.ts"

/** The settings of a client. Times that are numbers are milliseconds. */
export interface JobStatusOptions {
  /** Which server to ask. Default: `prod`. */
  readonly server?: Server | undefined
  /** The `TTD-Auth` token; white space around it is dropped. May be left out where a gateway adds it. Default: none. */
  readonly token?: string | Redacted.Redacted<string> | undefined
  /** A `fetch` of your own: a proxy, a log, a test. Default: the runtime's. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Further headers of every request to the API's own origin; `TTD-Auth` is not one of them. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** How long one attempt may take, the body included; `"Infinity"` for no limit. Default: 30 seconds. */
  readonly timeout?: Duration.Input | undefined
  /** When to try again; `false` for never. Default: `RetryPolicy.standard`, which holds no call for more than a minute. */
  readonly retry?: RetryPolicy.RetryPolicyOptions | false | undefined
  /** Requests in flight at once per endpoint and account, 1 – 4 (contract, "Limits and retrying"). Default: 4. */
  readonly concurrency?: number | undefined
  /**
   * Where the limiter lives: `process` shares it among the clients of an account, `client` keeps it to this client; or a limiter of
   * the application. Default: `process`; `client` on Cloudflare Workers.
   */
  readonly limiter?: LimiterOption | undefined
  /**
   * How long results are kept after a job has ended: one duration, or one per kind of job, such as `{ standard: "12 hours" }`. `expiresAt`,
   * warnings and errors follow it. Default: 24 hours for standard jobs, 1 hour for GraphQL jobs (contract, "Life of a job").
   */
  readonly resultLifetime?: ResultLifetimeOption | undefined
  /** What `User-Agent` says before this package's own name; browsers forbid setting it. Default: nothing. */
  readonly userAgent?: string | undefined
}

/** The settings as they are used. */
export interface Settings {
  readonly baseUrl: string
  readonly token: Redacted.Redacted<string> | undefined
  readonly fetch: typeof globalThis.fetch | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly timeout: Duration.Duration
  readonly retry: RetryPolicy.RetryPolicy | undefined
  readonly concurrency: number
  readonly limiter: LimiterOption | undefined
  readonly resultLifetimes: ResultLifetimes
  readonly userAgent: string
}

/** Reads the settings; fails with `InvalidSettingError` at the first that cannot be used. */
export const settingsOf = (options: JobStatusOptions): Result.Result<Settings, InvalidSettingError> =>
  Result.gen(function* () {
    return {
      baseUrl: yield* baseUrlOf(options.server ?? "prod"),
      token: yield* tokenOf(options.token),
      fetch: options.fetch,
      headers: yield* headersOf(options.headers ?? {}),
      timeout: yield* readDuration("timeout", options.timeout ?? Duration.seconds(30), { above: 0 }),
      retry: yield* retryOf(options.retry ?? {}),
      concurrency: yield* readInteger("concurrency", options.concurrency ?? maxConcurrency, 1, maxConcurrency),
      limiter: yield* limiterOf(options.limiter),
      resultLifetimes: yield* readResultLifetimes(options.resultLifetime),
      userAgent: yield* userAgentOf(options.userAgent)
    }
  })

/** A policy from what a client or a call was told; undefined for no retries. */
export const retryOf = (
  retry: RetryPolicy.RetryPolicyOptions | false
): Result.Result<RetryPolicy.RetryPolicy | undefined, InvalidSettingError> =>
  retry === false ? Result.succeed(undefined) : RetryPolicy.make(retry)

const product = `ttd-jobs/${version}`

const tokenOf = (token: JobStatusOptions["token"]) => {
  if (token === undefined) return Result.succeed(undefined)
  const text = (Redacted.isRedacted(token) ? Redacted.value(token) : token).trim()
  // A runtime that refuses a header's value prints it, so a value that cannot be sent must not get that far.
  return /^[\x21-\x7e]+$/.test(text)
    ? Result.succeed(Redacted.make(text, { label: "TTD-Auth" }))
    : Result.fail(invalidOption("token", "token", null, "one line of visible ASCII characters"))
}

/** Names come in lower case, so that one given in another case replaces a header instead of adding to it. */
const headersOf = (headers: Readonly<Record<string, string>>) => {
  const readable = Result.try(() => Object.fromEntries(new Headers(headers)))
  if (Result.isFailure(readable)) {
    return Result.fail(invalidOption("headers", "header", null, "names that are words, and values of one line"))
  }
  return "ttd-auth" in readable.success
    ? Result.fail(
        invalidOption("headers", "header", null, "no TTD-Auth: pass the token as `token`, which keeps it out of errors")
      )
    : Result.succeed(readable.success)
}

const userAgentOf = (userAgent: string | undefined) => {
  if (userAgent === undefined) return Result.succeed(product)
  return /^[\x20-\x7e]+$/.test(userAgent)
    ? Result.succeed(`${userAgent} ${product}`)
    : Result.fail(invalidOption("userAgent", "text", null, "one line of visible ASCII characters"))
}

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
