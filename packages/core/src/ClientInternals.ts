/**
 * What a client of promises is made of, for the parts of this package that build on one.
 *
 * @module
 */
import { type Effect, Result } from "effect"
import type { Download } from "./download/Download.ts"
import { InvalidSettingError } from "./Errors.ts"

/** How a client runs effects, and where it downloads from. */
export interface ClientInternals {
  readonly open: Download["open"]
  readonly run: <A, E>(effect: Effect.Effect<A, E>, signal: AbortSignal | undefined) => Promise<A>
}

/** Remembers what a client is made of, without showing it. */
export const keep = (client: object, internals: ClientInternals): void => {
  known.set(client, internals)
}

/** What a client is made of; fails for anything that `createClient` did not make. */
export const of = (client: object): Result.Result<ClientInternals, InvalidSettingError> =>
  Result.fromNullishOr(known.get(client), () => foreign)

const foreign = new InvalidSettingError({
  setting: "client",
  reason: "it was not made by createClient of this package",
  advice: 'Give what createClient of "@ttd-jobs/core/promise" returned.'
})

const known = new WeakMap<object, ClientInternals>()
