/** Time that passes only while nothing else happens. */
import { Simulator } from "@ttd-jobs/simulator"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Network } from "./Network.ts"
import { ClientClock, recordingSleepers, ServerClock, type Sleeper } from "./Sleepers.ts"

/**
 * Runs an effect to its end on the test clock: whenever it waits for nothing but time, the clock moves to the next time until which
 * a fiber sleeps. Requests take no time, unless the simulator was told to delay them.
 */
export const fastForward = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | Simulator | Network | ServerClock | ClientClock> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const server = yield* ServerClock
    const client = yield* ClientClock
    const own = recordingSleepers(clock)
    const fiber = yield* Effect.forkChild(Effect.provideService(effect, Clock.Clock, own.clock))
    const isDone = () => fiber.pollUnsafe() !== undefined
    while (true) {
      yield* quiet(isDone, own.sleepers)
      if (isDone()) return yield* Fiber.join(fiber)
      const next = Math.min(...Array.from([...own.sleepers, ...client.sleepers, ...server.sleepers], ({ at }) => at))
      // Without a sleeper something else is waited for, such as a module that is being loaded.
      if (next < Number.POSITIVE_INFINITY) yield* TestClock.setTime(Math.max(clock.currentTimeMillisUnsafe(), next))
    }
  })

/** Lets everything run until only time, or a server that does not respond, is waited for. */
export const quiet = Effect.fnUntraced(function* (isDone: () => boolean = () => false, sleepers = noSleepers) {
  const { settled, waiting } = yield* Network
  const { report } = yield* Simulator
  const server = yield* ServerClock
  const client = yield* ClientClock
  const seen = () => [settled(), last(sleepers), last(client.sleepers), last(server.sleepers)]
  let before = seen()
  let turns = 0
  let since = performance.now()
  const isCalm = Effect.gen(function* () {
    const now = seen()
    const isSame = now.every((value, index) => value === before[index])
    before = now
    if (!isSame || isBusyWithFiles()) return false
    const asked = waiting()
    // Nobody asks: that the server knows it, too, needs a look at the end only.
    if (asked === 0 && turns + 1 < calmTurns) return true
    const pending = (yield* report).requests.filter(({ outcome }) => outcome === "pending")
    // A client may leave a file unread for as long as it likes.
    if (asked === 0) return pending.every(({ operation }) => operation === null)
    return asked === server.sleepers.size + pending.filter(({ stalled }) => stalled).length
  })
  while (!isDone()) {
    yield* turn
    if (!(yield* isCalm)) {
      turns = 0
      since = performance.now()
    } else turns += 1
    if (turns >= calmTurns && (waiting() === 0 || performance.now() - since >= grace)) return
  }
})

const noSleepers: ReadonlySet<Sleeper> = new Set()

/** How many turns of the event loop an answer may take on its way from the network to whoever sleeps next. */
const calmTurns = 12

/** How long the first bytes of an answer that then stops may be on their way, in milliseconds: nobody can see them there. */
const grace = 3

const turn = Effect.callback<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})

const last = (sleepers: ReadonlySet<Sleeper>) => [...sleepers].at(-1)

/** Files are read and written by other threads, which take as many turns as they like. */
const isBusyWithFiles = () =>
  process.getActiveResourcesInfo().some((name) => name.startsWith("FSReq") || name === "CloseReq")
