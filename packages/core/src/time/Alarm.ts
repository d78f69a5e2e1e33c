/**
 * One timer for many due times: a callback at the earliest of them, on the monotonic clock.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as MonotonicTime from "./MonotonicTime.ts"

/** How an alarm rings. */
export interface AlarmOptions {
  /**
   * Rings once a minute while the alarm is set, so that what a suspend or a wall clock set forward has made due is taken up
   * (`DueTime.isReached`). Timers do not run while the machine is suspended.
   */
  readonly everyMinute?: boolean
}

/**
 * An alarm that rings once, always from the event loop, and is off when it does; whoever still waits sets it again. Setting it to a
 * later time costs nothing, so one alarm can follow a due time that moves with every byte or request.
 */
export class Alarm {
  readonly #ring: (time: number) => void
  readonly #longestSleep: number
  /** When to ring, and when the sleeping fiber wakes up: not later, but sooner where the alarm has been moved. */
  #at = Number.POSITIVE_INFINITY
  #wakesAt = Number.POSITIVE_INFINITY
  #fiber: Fiber.Fiber<void> | undefined

  /** `ring` gets the monotonic time in milliseconds: at least what the alarm was set to, unless it rings for the minute. */
  constructor(ring: (time: number) => void, options: AlarmOptions = {}) {
    this.#ring = ring
    this.#longestSleep = options.everyMinute === true ? minute : Number.POSITIVE_INFINITY
  }

  /** Sets the alarm to a monotonic time in milliseconds, `Infinity` for never. `context` provides the clock. */
  set(at: number, context: Context.Context<never>): void {
    this.#at = at
    if (at === Number.POSITIVE_INFINITY) this.clear()
    else if (this.#fiber === undefined || at < this.#wakesAt) this.#start(context)
  }

  /** Turns the alarm off; no timer is left. */
  clear(): void {
    this.#at = Number.POSITIVE_INFINITY
    this.#fiber?.interruptUnsafe()
    this.#fiber = undefined
  }

  #start(context: Context.Context<never>): void {
    this.#fiber?.interruptUnsafe()
    this.#fiber = Effect.runForkWith(context)(this.#sleep(Context.get(context, Clock.Clock)))
  }

  #sleep(clock: Clock.Clock, reached = MonotonicTime.nowUnsafe(clock)): Effect.Effect<void> {
    // A timer holds whole milliseconds.
    const pause = Math.ceil(Math.min(Math.max(0, this.#at - reached), this.#longestSleep))
    this.#wakesAt = reached + pause
    // Not every clock gives way to others when it has nothing to sleep for.
    return Effect.andThen(
      pause === 0 ? Effect.yieldNow : clock.sleep(Duration.millis(pause)),
      Effect.suspend(() => this.#wake(clock))
    )
  }

  #wake(clock: Clock.Clock): Effect.Effect<void> {
    // A timer may fire a fraction of a millisecond early; a second one for the rest would be of no use.
    const time = Math.max(this.#wakesAt, MonotonicTime.nowUnsafe(clock))
    if (time < this.#at && this.#longestSleep === Number.POSITIVE_INFINITY) return this.#sleep(clock, time)
    this.#at = Number.POSITIVE_INFINITY
    this.#fiber = undefined
    return Effect.sync(() => this.#ring(time))
  }
}

const minute = 60_000
