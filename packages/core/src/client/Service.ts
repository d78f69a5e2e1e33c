/**
 * Everything a client can do, put together once for `JobStatus` and for `createClient`.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Download } from "../download/Download.ts"
import type { Tracker } from "../tracking/Tracker.ts"
import type { Waiting } from "../tracking/Wait.ts"
import * as Client from "./Client.ts"
import type { Settings } from "./ClientOptions.ts"

/** The operations, and what is loaded when it is first used, waiting and downloading: who only asks does not pay for them. */
export interface Service {
  readonly client: Client.Client
  /** What `waiting` and a `JobTracker` are built on, so that they share their polls. */
  readonly tracker: Effect.Effect<Tracker>
  readonly waiting: Effect.Effect<Waiting>
  readonly download: Effect.Effect<Download>
  /** Opens a download for who keeps the bytes. */
  readonly open: Download["open"]
}

/** The service for as long as the scope is open. */
export const make = Effect.fnUntraced(function* (settings: Settings): Effect.fn.Return<Service, never, Scope.Scope> {
  const { client, inlineResultOf, result, ...polling } = yield* Client.make(settings)
  const scope = yield* Scope.Scope
  const context = yield* Effect.context<never>()
  const tracking = yield* once(
    Effect.gen(function* () {
      const [Tracker, Wait] = yield* Effect.promise(() =>
        Promise.all([import("../tracking/Tracker.ts"), import("../tracking/Wait.ts")])
      )
      const tracker = yield* Tracker.make({ ...polling, concurrency: settings.concurrency, context })
      return { tracker, waiting: Wait.make(tracker) }
    }).pipe(Scope.provide(scope))
  )
  const download = yield* once(
    Effect.map(
      Effect.promise(() => import("../download/Download.ts")),
      (Download) => Download.make({ inlineResultOf, result }, settings)
    )
  )
  return {
    client,
    tracker: Effect.map(tracking, ({ tracker }) => tracker),
    waiting: Effect.map(tracking, ({ waiting }) => waiting),
    download,
    open: (...asked) => Effect.flatMap(download, ({ open }) => open(...asked))
  }
})

/** Loads what is loaded once, but tries again after a page could not load it. */
const once = <A>(load: Effect.Effect<A>) =>
  Effect.cachedWithTTL(load, (exit) => (Exit.isSuccess(exit) ? Duration.infinity : Duration.zero))
