/**
 * What a client is made of, for the parts of this package that build on one: carried out of sight, and kept when a client is spread
 * into another object.
 *
 * @module
 */
import type * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Download } from "../download/Download.ts"
import type { InvalidSettingError } from "../errors/Errors.ts"
import { invalidOption } from "../options/Options.ts"
import type { Tracker } from "../tracking/Tracker.ts"

/** How a client opens downloads, and how one of promises runs effects. */
export interface ClientInternals {
  readonly open: Download["open"]
  readonly tracker: Effect.Effect<Tracker>
  readonly run?: <A, E>(effect: Effect.Effect<A, E>, signal: AbortSignal | undefined) => Promise<A>
}

/** The same client, which carries what it is made of. */
export const withInternals = <Client extends object>(client: Client, made: ClientInternals): Client =>
  Object.assign(client, { [internals]: made })

/** How a client of either kind opens downloads; fails for anything that this package did not make. */
export const openOf = (client: object): Result.Result<ClientInternals["open"], InvalidSettingError> =>
  hasInternals(client) ? Result.succeed(client[internals].open) : Result.fail(foreign)

/** The tracker of a client of either kind; fails for anything that this package did not make. */
export const trackerOf = (client: object): Result.Result<ClientInternals["tracker"], InvalidSettingError> =>
  hasInternals(client) ? Result.succeed(client[internals].tracker) : Result.fail(foreign)

/** How a client of promises runs effects; fails for anything that `createClient` did not make. */
export const runOf = (client: object): Result.Result<NonNullable<ClientInternals["run"]>, InvalidSettingError> =>
  Result.fromNullishOr(hasInternals(client) ? client[internals].run : undefined, () => foreign)

const internals = Symbol("@ttd-jobs/core/ClientInternals")

const hasInternals = (client: object): client is { readonly [internals]: ClientInternals } => internals in client

const foreign = invalidOption(
  "client",
  "value",
  null,
  "what `createClient` returned, or the service of `JobStatus.layer`"
)
