/**
 * Monotonic time in milliseconds: for pauses, due times, deadlines and idle timeouts, which a change of the wall clock must not move.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** The monotonic time of the current clock in milliseconds. Only the difference of two readings of one clock means anything. */
export const now: Effect.Effect<number> = Clock.clockWith((clock) => Effect.succeed(nowUnsafe(clock)))

/** The monotonic time of a clock in milliseconds. */
export const nowUnsafe = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / nanosPerMillisecond

const nanosPerMillisecond = 1_000_000
