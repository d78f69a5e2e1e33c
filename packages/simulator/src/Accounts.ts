/**
 * Accounts of the simulated API: their tokens and rate limits.
 *
 * @module
 */
import type { OperationId } from "@ttd-jobs/core"
import type * as Duration from "effect/Duration"
import * as OptionChecks from "./OptionChecks.ts"

/** A rate limit: so many requests per window, for each account and operation. */
export interface RateLimit {
  /** Requests per window, from 1. */
  readonly requests: number
  /** On Effect's clock (`speed` does not shorten it). Default 60 seconds. */
  readonly window?: Duration.Input | undefined
}

/** An account of the simulated API. */
export interface AccountOptions {
  /** The token that `TTD-Auth` must contain; several while a token is being replaced. */
  readonly token: string | ReadonlyArray<string>
  /** Over the limit: 429 with `Retry-After`. Default: the simulator's `rateLimit`. */
  readonly rateLimit?: RateLimit | undefined
}

/** The accounts, by name. */
export interface Accounts {
  /** Adds an account, or replaces its tokens and limit. */
  readonly set: (name: string, options: AccountOptions) => void
  /** Removes an account: its tokens become invalid. */
  readonly remove: (name: string) => void
  /** The account of a token; undefined when the token is invalid. */
  readonly nameOf: (token: string) => string | undefined
  /** Counts a request. Seconds until the next window when the account is over its limit, else null. */
  readonly countRequest: (name: string, operation: OperationId, now: number) => number | null
  /** Replaces every known token in a text. */
  readonly redact: (text: string) => string
}

/** No accounts yet. `defaultLimit` is the limit of accounts without one. */
export const makeAccounts = (defaultLimit: RateLimit | undefined): Accounts => {
  const accounts = new Map<string, Account>()
  const names = new Map<string, string>()
  const remove = (name: string) => {
    for (const token of accounts.get(name)?.tokens ?? []) names.delete(token)
    accounts.delete(name)
  }
  return {
    set: (name, { rateLimit = defaultLimit, token }) => {
      const tokens = typeof token === "string" ? [token] : [...token]
      const limit = rateLimit === undefined ? undefined : checkedLimit(rateLimit)
      for (const [index, text] of tokens.entries()) {
        const owner = names.get(text)
        if (text === "" || (owner !== undefined && owner !== name)) {
          const reason = text === "" ? "the token is empty" : `the token belongs to "${owner}"`
          throw new RangeError(`invalid token ${index + 1} of account "${name}": ${reason}`)
        }
      }
      remove(name)
      accounts.set(name, { tokens, limit, windows: new Map() })
      for (const text of tokens) names.set(text, name)
    },
    remove,
    nameOf: (token) => names.get(token),
    countRequest: (name, operation, now) => {
      const account = accounts.get(name)
      if (account?.limit === undefined) return null
      const { milliseconds, requests } = account.limit
      const current = account.windows.get(operation)
      const window =
        current !== undefined && now < current.startedAt + milliseconds ? current : { startedAt: now, requests: 0 }
      account.windows.set(operation, window)
      if (window.requests >= requests) return Math.ceil((window.startedAt + milliseconds - now) / 1000)
      window.requests++
      return null
    },
    redact: (text) => {
      let redacted = text
      for (const token of names.keys()) redacted = redacted.replaceAll(token, "<redacted>")
      return redacted
    }
  }
}

interface Account {
  readonly tokens: ReadonlyArray<string>
  readonly limit: CheckedLimit | undefined
  readonly windows: Map<OperationId, { readonly startedAt: number; requests: number }>
}

interface CheckedLimit {
  readonly requests: number
  readonly milliseconds: number
}

const checkedLimit = ({ requests, window = "60 seconds" }: RateLimit): CheckedLimit => ({
  requests: OptionChecks.integer("requests", requests, 1),
  milliseconds: OptionChecks.duration("window", window)
})
