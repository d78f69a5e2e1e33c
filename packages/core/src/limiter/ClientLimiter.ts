/**
 * Opens the limiter of a client: the one that the clients of its account share in this process, one of its own, or the application's.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Account, accountKeyOf } from "./AccountKey.ts"
import { AccountLimiter, type ClientLimiter } from "./AccountLimiter.ts"
import { Limiter, type LimiterOption } from "./Limiter.ts"
import { ProcessLimiters } from "./ProcessLimiters.ts"

/** The limiter of a client for as long as the scope is open; once it is closed, no call is sent any more. */
export const open = (
  option: LimiterOption | undefined,
  account: Account,
  concurrency: number
): Effect.Effect<Limiter, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.gen(function* () {
      const limiter = option ?? (yield* Limiter)
      if (limiter === "process") return ProcessLimiters.of(yield* Clock.Clock).open(accountKeyOf(account), concurrency)
      if (limiter === "client") return new AccountLimiter().open(concurrency)
      return limiter instanceof AccountLimiter ? limiter.open(concurrency) : closable(limiter)
    }),
    (limiter) => Effect.sync(limiter.close)
  )

/** A limiter of the application, through which nothing is sent after `close`. */
const closable = (limiter: Limiter): ClientLimiter => {
  let isClosed = false
  const unlessClosed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.suspend(() => (isClosed ? Effect.interrupt : effect))
  return {
    run: (request, attempt) => unlessClosed(limiter.run(request, unlessClosed(attempt))),
    pausedUntil: (operation) => limiter.pausedUntil(operation),
    close: () => {
      isClosed = true
    }
  }
}
