/**
 * The clocks of a tracker: monotonic time for deadlines, the same with suspends for due polls, wall-clock time for what is stored.
 *
 * @module
 */
import type * as Clock from "effect/Clock"
import * as MonotonicTime from "../time/MonotonicTime.ts"

/** Reads the clocks. Times are milliseconds. */
export class TrackerClock {
  readonly #clock: Clock.Clock
  /** The wall clock less the awake clock, as read last. */
  #offset: number
  /** How far the wall clock has moved forward on its own: in a suspend, in which the monotonic clock stands still. */
  #suspended = 0
  /** By how much timers are ahead of the monotonic clock, and what the last one reached. */
  #ahead = 0
  #reached = Number.NEGATIVE_INFINITY

  constructor(clock: Clock.Clock) {
    this.#clock = clock
    this.#offset = clock.currentTimeMillisUnsafe() - MonotonicTime.nowUnsafe(clock)
  }

  read(): { readonly awake: number; readonly elapsed: number; readonly wall: number } {
    const awake = Math.max(this.#reached, MonotonicTime.nowUnsafe(this.#clock) + this.#ahead)
    const wall = this.#clock.currentTimeMillisUnsafe()
    const jump = wall - awake - this.#offset
    if (Math.abs(jump) > tolerance) {
      this.#offset += jump
      this.#suspended += Math.max(0, jump)
    }
    return { awake, elapsed: awake + this.#suspended, wall }
  }

  /** A time of the awake clock as the monotonic clock reads it: what alarms and limiters count in. */
  monotonic(awake: number): number {
    return awake - this.#ahead
  }

  /** A timer has fired at this monotonic time. Test tools fire timers while the monotonic clock stands still. */
  reach(monotonic: number): void {
    const target = monotonic + this.#ahead
    this.#reached = Math.max(this.#reached, target)
    const lag = target - this.#ahead - MonotonicTime.nowUnsafe(this.#clock)
    // Timers may fire a fraction of a millisecond early, which must not add up.
    if (lag > timerPrecision) this.#ahead += lag
  }
}

/** A wall clock that is corrected by less than this is not a suspend, in milliseconds. */
const tolerance = 1000

/** In milliseconds. */
const timerPrecision = 5
