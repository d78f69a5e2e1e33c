/** Clocks that record until when fibers sleep: what a test has to know before it moves them. */
import { Clock, Context, Duration, Effect, Layer } from "effect"

/** A fiber that sleeps until this time, in milliseconds since the epoch. */
export interface Sleeper {
  readonly at: number
}

/** A clock, and the fibers that sleep by it now. */
export interface RecordingClock {
  readonly sleepers: ReadonlySet<Sleeper>
  readonly clock: Clock.Clock
}

/** A clock like the given one that records until when fibers sleep. */
export const recordingSleepers = (clock: Clock.Clock): RecordingClock => {
  const sleepers = new Set<Sleeper>()
  const recording: Clock.Clock = {
    ...clock,
    sleep: (duration) =>
      Effect.suspend(() => {
        const sleeper = { at: clock.currentTimeMillisUnsafe() + Duration.toMillis(duration) }
        sleepers.add(sleeper)
        return Effect.ensuring(
          clock.sleep(duration),
          Effect.sync(() => sleepers.delete(sleeper))
        )
      })
  }
  return { sleepers, clock: recording }
}

/** The simulator's clock: it sleeps when it keeps a request waiting for a time. */
export class ServerClock extends Context.Service<ServerClock, RecordingClock>()("@ttd-jobs/core-test/ServerClock") {
  static readonly layer = Layer.effect(ServerClock, Effect.map(Clock.Clock, recordingSleepers))
}

/** The clock of clients, which have timers of their own: an alarm for polls, a pause of the limiter. */
export class ClientClock extends Context.Service<ClientClock, RecordingClock>()("@ttd-jobs/core-test/ClientClock") {
  static readonly layer = Layer.effect(ClientClock, Effect.map(Clock.Clock, recordingSleepers))
}
