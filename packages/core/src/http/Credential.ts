/**
 * The token of a client: a fixed one, or the last one of a provider.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { InFlight } from "./InFlight.ts"
import type { Redaction } from "./Redaction.ts"

/** What a token may be given as; white space around it is dropped. */
export type TokenInput = string | Redacted.Redacted<string>

/**
 * Gives the token: a function or an effect. It is asked when the first request is sent, and once more when a token is rejected with 401;
 * then `isRetry` is true, for providers that keep tokens themselves.
 */
export type TokenProvider =
  | ((request: { readonly isRetry: boolean }) => TokenInput | Promise<TokenInput>)
  | Effect.Effect<TokenInput, unknown>

/** Why a provider gave no token that can be sent. */
export interface TokenProblem {
  readonly reason: string
  readonly cause: unknown
}

/** The token of a client. */
export interface Credential {
  /** Whether there is a token at all. */
  readonly isSent: boolean
  /** What tells the account apart: the token, or its provider, so that a new token keeps the account's permits and pauses. */
  readonly identity: string | object | undefined
  /** The token that was sent last; undefined before the first request of a provider, and where none is sent. */
  readonly current: () => string | undefined
  /** The token to send; undefined where none is sent. */
  readonly token: Effect.Effect<string | undefined, TokenProblem>
  /** Another token instead of one that was rejected; undefined when there is none. */
  readonly renew: (rejected: string | undefined) => Effect.Effect<string | undefined>
}

/** No token. */
export const none: Credential = {
  isSent: false,
  identity: undefined,
  current: () => undefined,
  token: Effect.undefined,
  renew: () => Effect.undefined
}

/** A token that stays the same. */
export const fixed = (token: string, redaction: Redaction): Credential => {
  redaction.addToken(token)
  return {
    isSent: true,
    identity: token,
    current: () => token,
    token: Effect.succeed(token),
    renew: () => Effect.undefined
  }
}

/** The tokens of a provider; requests at the same time ask it once. */
export const provided = (provider: TokenProvider, redaction: Redaction): Credential => {
  const asking = new InFlight<string, TokenProblem>()
  let current: string | undefined
  const ask = (isRetry: boolean) => {
    const given = Effect.isEffect(provider)
      ? Effect.mapError(provider, problemOf)
      : Effect.tryPromise({ try: async () => provider({ isRetry }), catch: problemOf })
    const token = given.pipe(
      Effect.flatMap((input) => {
        const text = textOf(input)
        if (text === null)
          return Effect.fail({ reason: "the token provider gave no token that can be sent", cause: null })
        redaction.addToken(text)
        current = text
        return Effect.succeed(text)
      })
    )
    return asking.run("token", token)
  }
  return {
    isSent: true,
    identity: provider,
    current: () => current,
    token: Effect.suspend(() => (current === undefined ? ask(false) : Effect.succeed(current))),
    renew: (rejected) =>
      Effect.suspend(() => (current === rejected ? ask(true) : Effect.succeed(current))).pipe(
        // The rejection says more than a provider that fails.
        Effect.orElseSucceed(() => undefined),
        Effect.map((token) => (token === rejected ? undefined : token))
      )
  }
}

/** A token as it is sent; null for a text that cannot be one. A runtime that refuses a header prints it, so it must not get that far. */
export const textOf = (token: unknown): string | null => {
  const value = Redacted.isRedacted(token) ? Redacted.value(token) : token
  const text = typeof value === "string" ? value.trim() : ""
  return /^[\x21-\x7e]+$/.test(text) ? text : null
}

const problemOf = (cause: unknown): TokenProblem => ({
  reason: `the token provider failed: ${wordsOf(cause)}`,
  cause
})

const wordsOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))
