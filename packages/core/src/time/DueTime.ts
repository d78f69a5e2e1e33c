/**
 * A due time on both clocks: the monotonic clock, which stops while the machine is suspended, and the wall clock, which can be set.
 *
 * @module
 */
import type * as Clock from "effect/Clock"
import * as MonotonicTime from "./MonotonicTime.ts"

/** A due time, as the monotonic and as the wall clock will read then, both in milliseconds. */
export interface DueTime {
  readonly monotonic: number
  readonly wall: number
}

/** The due time a number of milliseconds from now. */
export const after = (clock: Clock.Clock, delay: number): DueTime => ({
  monotonic: MonotonicTime.nowUnsafe(clock) + delay,
  wall: clock.currentTimeMillisUnsafe() + delay
})

/**
 * The monotonic time at which the first of the clocks will have reached it, if neither is set: after a suspend that is the wall clock, after
 * the wall clock was set back the monotonic one.
 */
export const reachedAt = (due: DueTime, clock: Clock.Clock): number => {
  const left = due.wall - clock.currentTimeMillisUnsafe()
  return Math.min(due.monotonic, MonotonicTime.nowUnsafe(clock) + left)
}

/** Whether either clock has reached it. */
export const isReached = (due: DueTime, clock: Clock.Clock): boolean =>
  due.monotonic <= MonotonicTime.nowUnsafe(clock) || due.wall <= clock.currentTimeMillisUnsafe()
