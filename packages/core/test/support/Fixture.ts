/** A simulator for each test, and a client of it. */
import { JobStatus, type JobStatusOptions } from "@ttd-jobs/core"
import { Simulator, type SimulatorOptions } from "@ttd-jobs/simulator"
import { Clock, Effect, Layer } from "effect"
import { Network } from "./Network.ts"
import { preload } from "./Preload.ts"
import { ClientClock, ServerClock } from "./Sleepers.ts"

/** A token that no other text contains, so that a test can search for it. */
export const secret = "tok_S3cr3t-7f0a91c2"

/** The options of a client of the simulator, with the given ones. */
export const optionsFor = Effect.fnUntraced(function* (options: JobStatusOptions = {}) {
  const { token, url } = yield* Simulator
  const { fetch } = yield* Network
  return { server: url, token, fetch, ...options }
})

/** A simulator whose token is `secret`, and a `JobStatus` that uses it. */
export const fixture = (client: JobStatusOptions = {}, simulator: SimulatorOptions = {}) =>
  Layer.unwrap(Effect.as(preload, clientLayer(client))).pipe(
    Layer.provideMerge(Layer.mergeAll(simulated(simulator), Network.layer)),
    Layer.provideMerge(Layer.mergeAll(ServerClock.layer, ClientClock.layer))
  )

/** A client of the simulator whose timers `fastForward` knows. */
export const clientLayer = (options: JobStatusOptions = {}) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { clock } = yield* ClientClock
      return Layer.provide(JobStatus.layer(yield* optionsFor(options)), Layer.succeed(Clock.Clock, clock))
    })
  )

const simulated = (options: SimulatorOptions) =>
  Layer.unwrap(
    Effect.map(ServerClock, ({ clock }) =>
      Layer.provide(Simulator.layer({ token: secret, ...options }), Layer.succeed(Clock.Clock, clock))
    )
  )
