/**
 * Idle timeout: aborts a request when no bytes arrive within the limit, or when the deadline of the download passes.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Alarm } from "../time/Alarm.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"

/** Which limit passed: that without bytes, or that of the whole download. */
export type Expiry = "idle" | "deadline"

/** Limits how long bytes are waited for. The time that the consumer takes between two reads does not count. */
export interface IdleTimeout {
  /**
   * Waits for a promise: fails with `expired` when one of the limits passes first. Expired or interrupted, it calls `abort`.
   */
  readonly wait: <A, E>(
    promise: () => Promise<A>,
    failed: (error: unknown) => E,
    expired: (expiry: Expiry) => E,
    abort: () => void
  ) => Effect.Effect<A, E>
}

/** Idle timeout and deadline for as long as the scope is open: milliseconds, and a monotonic time in milliseconds. */
export const make = Effect.fnUntraced(function* (
  limit: number,
  deadline: number
): Effect.fn.Return<IdleTimeout, never, Scope.Scope> {
  const context = yield* Effect.context<never>()
  const clock = yield* Clock.Clock
  let waiting: { readonly since: number; readonly expire: (expiry: Expiry) => void } | undefined

  // One alarm outlives many reads: a read is over in microseconds, and a timer for each would cost more than the read.
  const alarm = new Alarm((time) => {
    if (waiting === undefined) return
    const due = Math.min(waiting.since + limit, deadline)
    if (time < due) alarm.set(due, context)
    else waiting.expire(time >= deadline ? "deadline" : "idle")
  })
  yield* Effect.addFinalizer(() => Effect.sync(() => alarm.clear()))

  return {
    wait: (promise, failed, expired, abort) =>
      Effect.callback((resume) => {
        const since = MonotonicTime.nowUnsafe(clock)
        if (since >= deadline) return resume(Effect.fail(expired("deadline")))
        const current = {
          since,
          expire: (expiry: Expiry) => {
            waiting = undefined
            abort()
            resume(Effect.fail(expired(expiry)))
          }
        }
        const settle = () => {
          if (waiting === current) waiting = undefined
        }
        waiting = current
        alarm.set(Math.min(since + limit, deadline), context)
        promise().then(
          (value) => {
            settle()
            resume(Effect.succeed(value))
          },
          (error) => {
            settle()
            resume(Effect.fail(failed(error)))
          }
        )
        return Effect.sync(() => {
          settle()
          abort()
        })
      })
  }
})
