/**
 * Watches that bytes keep coming: a connection that is open and silent says nothing by itself.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"

/** Why waiting for bytes was given up. */
export type Silence = "stalled" | "late"

/** Limits how long bytes are waited for. What the consumer takes between two of them does not count. */
export interface StallWatch {
  /**
   * Waits for what the connection brings next: fails with `stalled` when that takes too long, with `late` when the time for the
   * whole is over. Given up or interrupted, it calls `abort`.
   */
  readonly wait: <A, E>(
    promise: () => Promise<A>,
    failed: (error: unknown) => E,
    silent: (silence: Silence) => E,
    abort: () => void
  ) => Effect.Effect<A, E>
}

/** A watch for as long as the scope is open. Both limits are milliseconds: a span, and a time since the epoch. */
export const make = Effect.fnUntraced(function* (
  longestSilence: number,
  deadline: number
): Effect.fn.Return<StallWatch, never, Scope.Scope> {
  const context = yield* Effect.context<never>()
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  let waiting: { readonly since: number; readonly giveUp: (silence: Silence) => void } | undefined
  let timer: Fiber.Fiber<void> | undefined

  // One timer outlives many reads: a read is over in microseconds, and a timer for each would cost more than the read.
  const watch: Effect.Effect<void> = Effect.suspend(() => {
    const time = now()
    const left = waiting === undefined ? 0 : Math.min(waiting.since + longestSilence, deadline) - time
    if (left > 0) return Effect.andThen(Effect.sleep(left), watch)
    timer = undefined
    waiting?.giveUp(time >= deadline ? "late" : "stalled")
    return Effect.void
  })
  yield* Effect.addFinalizer(() => Effect.sync(() => timer?.interruptUnsafe()))

  return {
    wait: (promise, failed, silent, abort) =>
      Effect.callback((resume) => {
        const since = now()
        if (since >= deadline) return resume(Effect.fail(silent("late")))
        const current = {
          since,
          giveUp: (silence: Silence) => {
            waiting = undefined
            abort()
            resume(Effect.fail(silent(silence)))
          }
        }
        const over = () => {
          if (waiting === current) waiting = undefined
        }
        waiting = current
        timer ??= Effect.runForkWith(context)(watch)
        promise().then(
          (value) => {
            over()
            resume(Effect.succeed(value))
          },
          (error) => {
            over()
            resume(Effect.fail(failed(error)))
          }
        )
        return Effect.sync(() => {
          over()
          abort()
        })
      })
  }
})
