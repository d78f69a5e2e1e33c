/** A clock whose wall clock a test can set apart from its monotonic one. */
import { Clock, Effect } from "effect"

/** A clock, and what sets its wall clock. */
export interface SettableClock extends Clock.Clock {
  /**
   * Moves the wall clock by a number of milliseconds; the monotonic clock and all timers stay where they are. Forward is also what a
   * suspend looks like.
   */
  readonly moveWallClock: (milliseconds: number) => void
}

/** A clock like the given one, with a wall clock of its own. */
export const settableClock = (clock: Clock.Clock): SettableClock => {
  let offset = 0
  const millis = () => clock.currentTimeMillisUnsafe() + offset
  const nanos = () => clock.currentTimeNanosUnsafe() + BigInt(offset) * 1_000_000n
  return {
    ...clock,
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    moveWallClock: (milliseconds) => {
      offset += milliseconds
    }
  }
}

/** Runs an effect on a settable clock. */
export const withWallClock = <A, E, R>(
  body: (clock: SettableClock) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.flatMap(Clock.Clock, (clock) => {
    const settable = settableClock(clock)
    return Effect.provideService(body(settable), Clock.Clock, settable)
  })
