/**
 * What went wrong, for people: what happened, to which job, what to do next.
 *
 * @module
 */

import type { Paint } from "../display/Paint.ts"
import { type ProxyServer, proxyHost } from "../input/ProxySettings.ts"
import type { Token } from "../input/TokenSource.ts"
import { cleanLine } from "../text/CleanText.ts"
import { wrapIndented } from "../text/Text.ts"
import { type Failure, isUnauthorised } from "./Failure.ts"

/** What a message may need to know besides the failure. */
export interface Circumstances {
  readonly token?: Token | undefined
  /** The proxy for requests to the server. */
  readonly proxy?: ProxyServer | undefined
  /** Whether this advice was given before. */
  readonly isKnown?: (advice: string) => boolean
  /** The width that long lines are wrapped to; undefined where they are not. */
  readonly columns?: number | undefined
}

/** A failure as lines for standard error: the first says what happened, the next what to do, unless that was told before. */
export const failureText = (
  failure: Failure,
  paint: Paint,
  { columns, isKnown = () => false, proxy, token }: Circumstances = {}
): string => {
  const advice = [adviceOf(failure), tokenAdvice(failure, token), proxyAdvice(failure, proxy)].filter(
    (text) => text !== "" && !isKnown(text)
  )
  // Some errors carry their advice in the message, for those who only print that.
  const message = cleanLine(messageOf(failure, token).replace(failure.advice, ""))
  const text = [`${paint(["red", "bold"], "error:")} ${message}`, ...advice.map((text) => `  ${text}`), ""].join("\n")
  return columns === undefined ? text : wrapIndented(text, columns)
}

/** What the library says of its settings, said of flags and variables. */
const messageOf = (failure: Failure, token: Token | undefined) =>
  failure._tag !== "InvalidSettingError"
    ? failure.message
    : failure.setting === "token"
      ? `the token from ${token?.source} cannot be used: ${failure.reason}`
      : `--${flags[failure.setting] ?? failure.setting} cannot be used: ${failure.reason}`

const flags: Readonly<Record<string, string>> = {
  server: "server (or WORKFLOWS_SERVER)",
  timeout: "request-timeout",
  "poll.interval": "interval"
}

/** What a library says of its functions, said of commands and flags. */
const adviceOf = (failure: Failure): string => {
  if (failure._tag === "WaitTimeoutError") return "The job goes on upstream: wait again, with a longer --timeout."
  const id = "ref" in failure ? failure.ref.slice(failure.ref.indexOf(":") + 1) : "<id>"
  return cleanLine(failure.advice.replace("graphql-bulk:<id> instead", `graphql-bulk:${id} instead`))
}

const tokenAdvice = (failure: Failure, token: Token | undefined) => {
  if (!isUnauthorised(failure)) return ""
  return token === undefined
    ? "There was no token: set WORKFLOWS_TTD_AUTH, or give --token-file or --token-stdin."
    : `The token that was refused came from ${token.source}.`
}

/** A proxy that does not work looks like an API that cannot be reached. */
const proxyAdvice = (failure: Failure, proxy: ProxyServer | undefined) =>
  failure._tag !== "TransportError" || proxy === undefined
    ? ""
    : `Requests go through the proxy ${proxyHost(proxy)} of ${proxy.variable}; NO_PROXY lists hosts that need none.`

/** The heart of a failure, for where there is little room. */
export const briefText = (failure: Failure): string => {
  switch (failure._tag) {
    case "ProblemDetailsError":
      return [failure.status, failure.title, failure.detail].filter((part) => part !== null && part !== "").join(" ")
    case "ApiError":
      return `${failure.status} ${cleanLine(failure.body).slice(0, 200)}`.trim()
    case "TransportError":
      return `no answer (${failure.reason})`
    case "RequestTimeoutError":
      return `no answer within ${failure.timeout / 1000} s`
    case "ResponseDecodeError":
      return `an answer that cannot be read: ${failure.issue}`
    default:
      return failure.message
  }
}
