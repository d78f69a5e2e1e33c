/**
 * The settings of a command, from its flags and the environment: a flag wins over its variable.
 *
 * @module
 */
import { baseUrlOf, type InvalidSettingError, type JobStatusOptions, servers } from "@ttd-jobs/core"
import { Duration, Effect, Option } from "effect"
import { UsageError } from "../exit/Failure.ts"
import { version } from "../generated/version.ts"
import { parseDuration } from "../text/DurationText.ts"
import { Environment } from "./Environment.ts"
import { type FlagName, type Invocation, isSet, textOf } from "./Invocation.ts"
import { readToken, type Token, tokenVariable } from "./TokenSource.ts"

/** What a command that asks the API is told. */
export interface Settings {
  readonly client: JobStatusOptions
  readonly token: Token | undefined
  /** How long the whole command may take. */
  readonly timeout: Duration.Duration | undefined
  /** A fixed time between polls, instead of one that adapts. */
  readonly interval: Duration.Duration | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
}

/** Reads the settings; fails at the first that cannot be used, before anything is asked. */
export const readSettings = Effect.fnUntraced(function* (
  invocation: Invocation
): Effect.fn.Return<Settings, UsageError | InvalidSettingError, Environment> {
  const { env } = yield* Environment
  const server = textOf(invocation, "server") ?? (env["WORKFLOWS_SERVER"] || "prod")
  const baseUrl = yield* Effect.fromResult(baseUrlOf(server))
  const timeout = yield* readDuration(invocation, "timeout")
  const interval = yield* readDuration(invocation, "interval")
  if (interval !== undefined && Duration.isLessThan(interval, Duration.seconds(1))) return yield* tooOften(invocation)
  const requestTimeout = yield* readDuration(invocation, "request-timeout")
  const maxRetryTime = yield* readDuration(invocation, "max-retry-time", true)
  const token = yield* readToken(invocation)
  if (token === undefined && platformUrls.has(baseUrl)) return yield* missingToken(server)
  return {
    client: {
      server: baseUrl,
      token: token?.value,
      timeout: requestTimeout,
      retry: maxRetryTime === undefined ? undefined : retryFor(maxRetryTime),
      userAgent: `ttd-jobs-cli/${version}`
    },
    token,
    timeout,
    interval,
    json: isSet(invocation, "json"),
    quiet: isSet(invocation, "quiet"),
    verbose: isSet(invocation, "verbose") || isOn(env["WORKFLOWS_DEBUG"])
  }
})

/** A server of one's own may be a gateway that adds the token; the platform's never are. */
const platformUrls: ReadonlySet<string> = new Set(Object.values(servers))

const missingToken = (server: string) =>
  new UsageError({
    message: `no token for ${server}`,
    advice: `Set ${tokenVariable} to a token of the platform's, or give --token-file or --token-stdin.`
  })

const tooOften = (invocation: Invocation) =>
  new UsageError({
    message: `--interval: ${JSON.stringify(textOf(invocation, "interval"))} is less than a second`,
    advice: "No job is asked for more than once a second."
  })

const retryFor = (time: Duration.Duration) => (Duration.isZero(time) ? false : { maxElapsedTime: time })

const isOn = (value: string | undefined) => value !== undefined && value !== "" && value !== "0" && value !== "false"

/** The time of a flag, undefined when it was not given. */
export const readDuration = (
  invocation: Invocation,
  name: FlagName,
  zeroIsFine = false
): Effect.Effect<Duration.Duration | undefined, UsageError> => {
  const text = textOf(invocation, name)
  if (text === undefined) return Effect.undefined
  const refuse = (issue: string) =>
    Effect.fail(
      new UsageError({
        message: `--${name}: ${JSON.stringify(text)} ${issue}`,
        advice: "Write a number with its unit, such as 500ms, 90s, 5m, 2h or 1h30m."
      })
    )
  return Option.match(parseDuration(text), {
    onNone: () => refuse("is no time"),
    onSome: (time) => (zeroIsFine || !Duration.isZero(time) ? Effect.succeed(time) : refuse("is not above zero"))
  })
}
