/** A simulator of its own for each test, and a client that asks it. */
import { JobStatus, type JobStatusOptions } from "@ttd-jobs/core"
import { Simulator, type SimulatorOptions } from "@ttd-jobs/simulator"
import { Clock, Effect, Layer } from "effect"
import { ServerClock } from "./Alarms.ts"
import { Network } from "./Network.ts"
import { warm } from "./Warming.ts"

/** A token that no text holds by chance, so that a test can look for it. */
export const secret = "tok_S3cr3t-7f0a91c2"

/** What a client needs to ask the simulator, with options of one's own. */
export const optionsFor = Effect.fnUntraced(function* (options: JobStatusOptions = {}) {
  const { token, url } = yield* Simulator
  const { fetch } = yield* Network
  return { server: url, token, fetch, ...options }
})

/** A simulator that knows `secret`, and `JobStatus` asking it. */
export const fixture = (client: JobStatusOptions = {}, simulator: SimulatorOptions = {}) =>
  Layer.unwrap(Effect.andThen(warm, Effect.map(optionsFor(client), JobStatus.layer))).pipe(
    Layer.provideMerge(Layer.mergeAll(simulated(simulator), Network.layer)),
    Layer.provideMerge(ServerClock.layer)
  )

const simulated = (options: SimulatorOptions) =>
  Layer.unwrap(
    Effect.map(ServerClock, ({ noting }) =>
      Layer.provide(Simulator.layer({ token: secret, ...options }), Layer.succeed(Clock.Clock, noting))
    )
  )
