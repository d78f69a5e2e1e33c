/** Clocks that note until when anybody sleeps: what a test has to know before it moves them. */
import { Clock, Context, Duration, Effect, Layer } from "effect"

/** A moment until which somebody sleeps, milliseconds since the epoch. */
export interface Alarm {
  readonly at: number
}

/** A clock, and the alarms of those who sleep by it now. */
export interface NotingClock {
  readonly alarms: ReadonlySet<Alarm>
  readonly noting: Clock.Clock
}

/** A clock like the given one that notes until when anybody sleeps. */
export const notingAlarms = (clock: Clock.Clock): NotingClock => {
  const alarms = new Set<Alarm>()
  const noting: Clock.Clock = {
    ...clock,
    sleep: (duration) =>
      Effect.suspend(() => {
        const alarm = { at: clock.currentTimeMillisUnsafe() + Duration.toMillis(duration) }
        alarms.add(alarm)
        return Effect.ensuring(
          clock.sleep(duration),
          Effect.sync(() => alarms.delete(alarm))
        )
      })
  }
  return { alarms, noting }
}

/** The simulator's clock: it sleeps when it keeps a request waiting for a time. */
export class ServerClock extends Context.Service<ServerClock, NotingClock>()("@ttd-jobs/core-test/ServerClock") {
  static readonly layer = Layer.effect(ServerClock, Effect.map(Clock.Clock, notingAlarms))
}
