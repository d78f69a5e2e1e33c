/**
 * Everything a client can do, put together once for `JobStatus` and for `createClient`.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Download } from "../download/Download.ts"
import type { JobRef } from "../JobRef.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"
import type { Waiting } from "../tracking/Wait.ts"
import * as Client from "./Client.ts"
import type { Settings } from "./ClientOptions.ts"

/** The operations, and what is loaded when it is first used, waiting and downloading: who only asks does not pay for them. */
export interface Service {
  readonly client: Client.Client
  readonly waiting: Effect.Effect<Waiting>
  readonly download: Effect.Effect<Download>
  /** Opens a download for who keeps the bytes. */
  readonly open: Download["open"]
}

/** The service for as long as the scope is open. */
export const make = Effect.fnUntraced(function* (settings: Settings): Effect.fn.Return<Service, never, Scope.Scope> {
  const { client, poll, result } = yield* Client.make(settings)
  const scope = yield* Scope.Scope
  // The poller's deadlines are times of the wall clock.
  const pollUntil = (ref: JobRef, deadline: number) =>
    Effect.flatMap(Clock.Clock, (clock) =>
      poll(ref, deadline - clock.currentTimeMillisUnsafe() + MonotonicTime.nowUnsafe(clock))
    )
  const waiting = Effect.gen(function* () {
    const [JobPoller, Waiting] = yield* Effect.promise(() =>
      Promise.all([import("../tracking/JobPoller.ts"), import("../tracking/Wait.ts")])
    )
    return Waiting.make(yield* JobPoller.make(pollUntil, settings.concurrency))
  })
  const download = yield* once(
    Effect.map(
      Effect.promise(() => import("../download/Download.ts")),
      (Download) => Download.make(result, settings)
    )
  )
  return {
    client,
    waiting: yield* once(Scope.provide(waiting, scope)),
    download,
    open: (...asked) => Effect.flatMap(download, ({ open }) => open(...asked))
  }
})

/** Loads what is loaded once, but tries again after a page could not load it. */
const once = <A>(load: Effect.Effect<A>) =>
  Effect.cachedWithTTL(load, (exit) => (Exit.isSuccess(exit) ? Duration.infinity : Duration.zero))
