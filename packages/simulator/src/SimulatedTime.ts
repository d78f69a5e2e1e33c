/**
 * The simulator's time: Effect's clock, accelerated from the moment at which the simulator started.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** Simulated time. */
export interface SimulatedTime {
  /** Simulated milliseconds since the epoch. */
  readonly now: Effect.Effect<number>
  /** Sleeps until a simulated time; for ever when time stands still. */
  readonly sleepUntil: (time: number) => Effect.Effect<void>
}

/** Time that runs `speed` simulated seconds per second of the clock. */
export const makeSimulatedTime = (speed: number): Effect.Effect<SimulatedTime> =>
  Effect.map(Clock.currentTimeMillis, (start) => {
    const now = Effect.map(Clock.currentTimeMillis, (time) => start + (time - start) * speed)
    const sleepUntil = (time: number) =>
      Effect.flatMap(now, (current) => {
        const delay = time <= current ? 0 : (time - current) / speed
        return Number.isFinite(delay) ? Effect.sleep(delay) : Effect.never
      })
    return { now, sleepUntil }
  })
