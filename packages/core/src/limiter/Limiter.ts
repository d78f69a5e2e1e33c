/**
 * At most so many requests in flight per endpoint and account (contract, "Limits and retrying"), however many clients of the account
 * this process has.
 *
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import type * as Scope from "effect/Scope"
import type { OperationId } from "../Endpoint.ts"
import { Lane } from "./EndpointQueue.ts"

/** What the platform's guidance allows: four callers at once per endpoint. */
export const defaultConcurrency = 4

/** The gate of one account: a lane for each endpoint. */
export interface EndpointGate {
  readonly run: Lane["run"]
}

interface Account {
  readonly lanes: Readonly<Record<OperationId, Lane>>
  /** The concurrency that each open client of the account asks for: the smallest holds. */
  readonly clients: Map<object, number>
}

/** The accounts with an open client in this process. The limit is upstream's per account, so clients share it. */
export const Accounts = Context.Reference<Map<string, Account>>("@ttd-jobs/core/EndpointGate/Accounts", {
  defaultValue: () => new Map()
})

/**
 * The gate of an account for as long as the scope is open, shared with the process's other clients of the same account.
 * `account` names server and token; only its hash is kept.
 */
export const open = Effect.fnUntraced(function* (
  account: string,
  concurrency: number
): Effect.fn.Return<EndpointGate, never, Scope.Scope> {
  const accounts = yield* Accounts
  const key = String(Hash.string(account))
  const client = {}
  const shared = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const shared = accounts.get(key) ?? makeAccount()
      accounts.set(key, shared)
      shared.clients.set(client, concurrency)
      return shared
    }),
    (shared) =>
      Effect.sync(() => {
        shared.clients.delete(client)
        if (shared.clients.size === 0) accounts.delete(key)
        for (const lane of Object.values(shared.lanes)) lane.admit()
      })
  )
  return { run: (asker, attempt) => shared.lanes[asker.operation].run(asker, attempt) }
})

const makeAccount = (): Account => {
  const clients: Account["clients"] = new Map()
  const lane = () => new Lane(() => Math.min(...clients.values()))
  return { clients, lanes: { getJobStatus: lane(), getGraphQlQueryJobStatus: lane(), getGraphQlBulkJobStatus: lane() } }
}
