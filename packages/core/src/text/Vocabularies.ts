/**
 * Vocabularies of error sentences: for developers, at a command line, and over HTTP.
 *
 * @example
 * ```ts
 * import { flagVocabulary, functionVocabulary, problemVocabulary } from "@ttd-jobs/core"
 * import { describeError } from "@ttd-jobs/core/text"
 *
 * const request = { operation: "getJobStatus", ref: "standard:1", host: "api.example" }
 * const error = { _tag: "RequestTimeoutError", ...request, timeout: 30_000 } as const
 * describeError(error, functionVocabulary).advice // "Try again, or allow each request more time (timeout)."
 * describeError(error, flagVocabulary).advice // "Try again, or allow each request more time (--request-timeout)."
 * describeError(error, problemVocabulary).message // "standard:1: no response from api.example within 30 s"
 * ```
 *
 * @module
 */
import { adviceOn, type Remedies } from "./Advice.ts"
import type { Vocabulary } from "./ErrorText.ts"

/** A vocabulary with the remedies that its advice is made of, so that a part of it can be changed: `makeVocabulary({ ...flags, setting })`. */
export interface FullVocabulary extends Vocabulary, Remedies {}

/**
 * A vocabulary from its parts.
 *
 * @example
 * ```ts
 * import { flagVocabulary, makeVocabulary } from "@ttd-jobs/core"
 * import { describeError } from "@ttd-jobs/core/text"
 *
 * const vocabulary = makeVocabulary({ ...flagVocabulary, setToken: "store it in the keychain" })
 * const response = { status: 401, requestId: null, body: "", retryAfter: null }
 * const error = { _tag: "ApiError", operation: "getJobStatus", ref: "standard:1", host: "api.example", ...response } as const
 * describeError(error, vocabulary).advice.includes("keychain") // true
 * ```
 */
export const makeVocabulary = (parts: Remedies & Pick<Vocabulary, "namesOperations">): FullVocabulary => ({
  ...parts,
  advice: (error) => adviceOn(error, parts)
})

/** For developers who call functions: options by their names, operations by their ids. The errors' own `message` and `advice` use it. */
export const functionVocabulary: FullVocabulary = makeVocabulary({
  namesOperations: true,
  setting: (name) => name,
  setToken: "pass it as `token`",
  resume: "pass `resume` to another wait to continue",
  wait: "call `wait` first",
  overwrite: "set `overwrite`"
})

/** For users of the command line: options by their flags. */
export const flagVocabulary: FullVocabulary = makeVocabulary({
  namesOperations: false,
  setting: (name) => `--${flags[name] ?? name}`,
  setToken: "set WORKFLOWS_TTD_AUTH, or use --token-file or --token-stdin",
  resume: "run the same command to continue waiting",
  wait: "run ttd-jobs wait first",
  overwrite: "use --force"
})

const flags: Readonly<Record<string, string>> = {
  timeout: "request-timeout",
  "poll.interval": "interval",
  "retry.maxElapsedTime": "max-retry-time"
}

/** For the `detail` of HTTP problems (RFC 9457): settings as members of the request. */
export const problemVocabulary: FullVocabulary = makeVocabulary({
  namesOperations: false,
  setting: (name) => JSON.stringify(name),
  setToken: "set it for the account",
  resume: "track it again to continue",
  wait: "wait until it has",
  overwrite: "remove the file"
})
