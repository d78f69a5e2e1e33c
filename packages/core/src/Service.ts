/**
 * Everything a client can do, put together once for `JobStatus` and for `createClient`.
 *
 * @module
 */
import { Effect, Scope } from "effect"
import * as Client from "./Client.ts"
import type { Settings } from "./Settings.ts"
import type { Waiting } from "./Waiting.ts"

/** The operations, and waiting, which is loaded when it is first used: who only asks does not pay for it. */
export interface Service {
  readonly client: Client.Client
  readonly waiting: Effect.Effect<Waiting>
}

/** The service for as long as the scope is open. */
export const make = Effect.fnUntraced(function* (settings: Settings): Effect.fn.Return<Service, never, Scope.Scope> {
  const { client, poll } = yield* Client.make(settings)
  const scope = yield* Scope.Scope
  const waiting = Effect.gen(function* () {
    const [JobPoller, Waiting] = yield* Effect.promise(() =>
      Promise.all([import("./JobPoller.ts"), import("./Waiting.ts")])
    )
    return Waiting.make(yield* JobPoller.make(poll, settings.concurrency))
  })
  return { client, waiting: yield* Effect.cached(Scope.provide(waiting, scope)) }
})
