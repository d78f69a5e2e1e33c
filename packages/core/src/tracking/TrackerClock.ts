/**
 * The clocks of a tracker: monotonic time for deadlines, the same with suspends for due polls, wall-clock time for what is stored.
 *
 * @module
 */
import type * as Clock from "effect/Clock"
import * as MonotonicTime from "../time/MonotonicTime.ts"

/** Reads the clocks. Times are whole milliseconds, which take less memory; the awake and the elapsed clock begin at 0. */
export class TrackerClock {
  readonly #clock: Clock.Clock
  /** The monotonic clock when the awake clock was 0. A timer that fires ahead of it moves it back. */
  #origin: number
  /** The wall clock less the awake clock, as read last. */
  #offset: number
  /** How far the wall clock has moved forward on its own: in a suspend, in which the monotonic clock stands still. */
  #suspended = 0
  /** What the last timer has reached. */
  #reached = 0

  constructor(clock: Clock.Clock) {
    this.#clock = clock
    this.#origin = MonotonicTime.nowUnsafe(clock)
    this.#offset = clock.currentTimeMillisUnsafe()
  }

  read(): { readonly awake: number; readonly elapsed: number; readonly wall: number } {
    const awake = Math.max(this.#reached, Math.floor(MonotonicTime.nowUnsafe(this.#clock) - this.#origin))
    const wall = this.#clock.currentTimeMillisUnsafe()
    const jump = Math.round(wall - awake - this.#offset)
    if (Math.abs(jump) > tolerance) {
      this.#offset += jump
      this.#suspended += Math.max(0, jump)
    }
    return { awake, elapsed: awake + this.#suspended, wall }
  }

  /** A time of the awake clock as the monotonic clock reads it: what alarms and limiters count in. */
  monotonic(awake: number): number {
    return awake + this.#origin
  }

  /** A timer has fired at this monotonic time. Test tools fire timers while the monotonic clock stands still. */
  reach(monotonic: number): void {
    const lag = monotonic - MonotonicTime.nowUnsafe(this.#clock)
    this.#reached = Math.max(this.#reached, Math.round(monotonic - this.#origin))
    // Timers may fire a fraction of a millisecond early, which must not add up.
    if (lag > timerPrecision) this.#origin -= lag
  }
}

/** A wall clock that is corrected by less than this is not a suspend, in milliseconds. */
const tolerance = 1000

/** In milliseconds. */
const timerPrecision = 5
