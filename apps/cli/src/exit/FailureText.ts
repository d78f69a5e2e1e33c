/**
 * What went wrong, for people: what happened, to which job, what to do next.
 *
 * @module
 */
import { flagVocabulary, makeVocabulary } from "@ttd-jobs/core"
import { describeError, type ErrorDescription, type Vocabulary } from "@ttd-jobs/core/text"
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
  const { advice, message } = describe(failure, token)
  // The advice of a list of mistakes is one.
  const lines = [...advice.split("\n"), tokenAdvice(failure, token), proxyAdvice(failure, proxy)]
    .map(cleanLine)
    .filter((text) => text !== "" && !isKnown(text))
  const head = `${paint(["red", "bold"], "error:")} ${cleanLine(message)}`
  const text = [head, ...lines.map((line) => `  ${line}`), ""].join("\n")
  return columns === undefined ? text : wrapIndented(text, columns)
}

const describe = (failure: Failure, token: Token | undefined): ErrorDescription => {
  switch (failure._tag) {
    case "UsageError":
    case "CommandTimeoutError":
    case "OutputError":
      return { message: failure.message, reason: failure.message, advice: failure.advice }
    default:
      return describeError(failure, vocabularyOf(token))
  }
}

const vocabularyOf = (token: Token | undefined): Vocabulary =>
  makeVocabulary({
    ...flagVocabulary,
    setting: (name) => {
      if (name === "token") return token?.source ?? "token"
      return name === "server" ? "--server (or WORKFLOWS_SERVER)" : flagVocabulary.setting(name)
    }
  })

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
