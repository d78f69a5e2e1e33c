/**
 * Everything a client can do, put together once for `JobStatus` and for `createClient`.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
import * as Client from "./Client.ts"
import * as JobPoller from "./JobPoller.ts"
import type { Settings } from "./Settings.ts"
import * as Waiting from "./Waiting.ts"

/** The operations, waiting and watching. */
export interface Service extends Client.Client, Waiting.Waiting {}

/** The service for as long as the scope is open. */
export const make = Effect.fnUntraced(function* (settings: Settings): Effect.fn.Return<Service, never, Scope.Scope> {
  const { client, poll } = yield* Client.make(settings)
  const poller = yield* JobPoller.make(poll, settings.concurrency)
  return { ...client, ...Waiting.make(poller) }
})
