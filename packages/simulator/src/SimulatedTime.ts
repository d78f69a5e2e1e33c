/**
 * The simulator's time: Effect's clock, sped up from the moment at which the simulator started.
 *
 * @module
 */
import { Clock, Effect } from "effect"

/** Simulated milliseconds since the epoch. */
export interface SimulatedTime {
  readonly now: Effect.Effect<number>
}

/** Time that runs `speed` simulated seconds per second of the clock. */
export const make = (speed: number): Effect.Effect<SimulatedTime> =>
  Effect.map(Clock.currentTimeMillis, (start) => ({
    now: Effect.map(Clock.currentTimeMillis, (time) => start + (time - start) * speed)
  }))
