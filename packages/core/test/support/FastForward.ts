/** Time that passes only while nothing else happens. */
import { Simulator } from "@ttd-jobs/simulator"
import { Clock, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Network } from "./Network.ts"

/**
 * Runs an effect to its end on the test clock: whenever it waits for nothing but time, the clock moves to the next moment at which
 * something is to happen. Requests take no time, unless the simulator was told to keep them waiting.
 */
export const fastForward = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | Simulator | Network> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const { alarms, noting } = notingAlarms(clock)
    const fiber = yield* Effect.forkChild(Effect.provideService(effect, Clock.Clock, noting))
    const isDone = () => fiber.pollUnsafe() !== undefined
    while (true) {
      const stuck = yield* quiet(isDone, alarms)
      if (isDone()) return yield* Fiber.join(fiber)
      const now = clock.currentTimeMillisUnsafe()
      const limit = stuck > 0 ? now + patience : Number.POSITIVE_INFINITY
      const next = Math.min(limit, ...Array.from(alarms, ({ at }) => at))
      // Without an alarm something else is waited for, such as a module that is being loaded.
      if (next < Number.POSITIVE_INFINITY) yield* TestClock.setTime(Math.max(now, next))
    }
  })

/**
 * Lets everything run until only time or a server that keeps silent is waited for; the number of requests it keeps waiting. Whoever
 * falls asleep or wakes up begins something that has to come to rest again.
 */
export const quiet = Effect.fnUntraced(function* (isDone: () => boolean = () => false, alarms: Iterable<unknown> = []) {
  const { waiting } = yield* Network
  const { report } = yield* Simulator
  let stuck = 0
  let calm = 0
  let last: unknown
  while (calm < calmTurns && !isDone()) {
    yield* turn
    const asked = waiting()
    stuck = asked === 0 ? 0 : (yield* report).requests.filter(isKeptWaiting).length
    const latest = [...alarms].at(-1)
    calm = stuck === asked && latest === last ? calm + 1 : 0
    last = latest
  }
  return stuck
})

/** How many turns of the event loop an answer may take on its way from the network to whoever sleeps next. */
const calmTurns = 12

/** How far time moves at once while the simulator keeps a request waiting, in milliseconds: its own pauses end on time. */
const patience = 100

const turn = Effect.callback<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})

const isKeptWaiting = ({ fault, outcome }: { readonly fault: string | null; readonly outcome: string }) =>
  outcome === "pending" && fault !== null && keepsWaiting.has(fault)

const keepsWaiting: ReadonlySet<string> = new Set(["Latency", "Hang", "Stall", "SlowBody"])

/** A clock that notes until when anybody sleeps. */
export const notingAlarms = (clock: Clock.Clock) => {
  const alarms = new Set<{ readonly at: number }>()
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
