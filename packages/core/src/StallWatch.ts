/**
 * Watches that bytes keep coming: a connection that is open and silent says nothing by itself.
 *
 * @module
 */
import { Clock, Effect, type Scope } from "effect"

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
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  let waiting: { readonly since: number; readonly giveUp: (silence: Silence) => void } | undefined

  // One timer for all reads: a read is over in microseconds, and a timer each would cost more than the read.
  const watch = Effect.suspend(() => {
    const time = now()
    const stallsAt = (waiting?.since ?? time) + longestSilence
    if (waiting !== undefined && time >= deadline) waiting.giveUp("late")
    else if (waiting !== undefined && time >= stallsAt) waiting.giveUp("stalled")
    return Effect.sleep(time >= deadline ? longestSilence : Math.max(1, Math.min(stallsAt, deadline) - time))
  })
  yield* Effect.forkScoped(Effect.forever(watch))

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
