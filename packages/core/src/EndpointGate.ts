/**
 * At most so many requests in flight per endpoint and account, first come, first served; and a pause for everybody when the
 * server says "not now" (contract, "Limits and retrying").
 *
 * @module
 */
import { Clock, Context, Duration, Effect, Hash, type Scope, Semaphore } from "effect"
import type { OperationId } from "./Endpoint.ts"
import { ApiError, type RequestError } from "./Errors.ts"

/** What the platform's guidance allows: four callers at once per endpoint. */
export const defaultConcurrency = 4

/** No answer pauses an endpoint for everybody longer than this, whatever its `Retry-After` says. */
export const longestSharedPause: Duration.Duration = Duration.hours(1)

/** Whom a request is for, so that a refusal without a request names it. */
export interface Asker {
  readonly operation: OperationId
  readonly ref: string
  /** How long the asker can wait for a pause to end, as milliseconds since the epoch. */
  readonly until: number
}

/** The gate of one account: one queue and one pause per endpoint. */
export interface EndpointGate {
  /** Lets an attempt through when there is room and no pause; a pause past `until` fails at once with what caused it. */
  readonly run: <A>(asker: Asker, attempt: Effect.Effect<A, RequestError>) => Effect.Effect<A, RequestError>
}

interface Lane {
  readonly semaphore: Semaphore.Semaphore
  pausedUntil: number
  pausedBy: ApiError | undefined
}

interface Account {
  readonly lanes: Map<OperationId, Lane>
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
    Effect.suspend(() => {
      const shared = accounts.get(key) ?? { lanes: new Map(), clients: new Map() }
      accounts.set(key, shared)
      shared.clients.set(client, concurrency)
      return Effect.as(resize(shared), shared)
    }),
    (shared) => {
      shared.clients.delete(client)
      if (shared.clients.size === 0) accounts.delete(key)
      return resize(shared)
    }
  )
  return {
    run: (asker, attempt) => {
      const lane = laneOf(shared, asker.operation)
      return lane.semaphore.withPermit(
        Effect.andThen(
          pausing(lane, asker),
          Effect.tapError(attempt, (error) => pause(lane, error))
        )
      )
    }
  }
})

const concurrencyOf = (account: Account) => Math.min(...account.clients.values())

const resize = (account: Account) =>
  account.clients.size === 0
    ? Effect.void
    : Effect.forEach(account.lanes.values(), (lane) => lane.semaphore.resize(concurrencyOf(account)), { discard: true })

const laneOf = (account: Account, operation: OperationId): Lane => {
  const known = account.lanes.get(operation)
  if (known !== undefined) return known
  const lane = { semaphore: Semaphore.makeUnsafe(concurrencyOf(account)), pausedUntil: 0, pausedBy: undefined }
  account.lanes.set(operation, lane)
  return lane
}

/** Only those at the head of the queue sleep out a pause, so it costs a few timers however many are queued. */
const pausing = (lane: Lane, asker: Asker): Effect.Effect<void, ApiError> =>
  Effect.suspend(() => (lane.pausedBy === undefined ? Effect.void : sleepOut(lane, lane.pausedBy, asker)))

const sleepOut = Effect.fnUntraced(function* (lane: Lane, cause: ApiError, asker: Asker) {
  const now = yield* Clock.currentTimeMillis
  const left = lane.pausedUntil - now
  if (left <= 0) {
    lane.pausedBy = undefined
    return
  }
  if (lane.pausedUntil > asker.until) {
    return yield* new ApiError({ ...cause, operation: asker.operation, ref: asker.ref, retryAfter: left })
  }
  yield* Effect.sleep(left)
  // Another answer may have made the pause longer meanwhile.
  yield* pausing(lane, asker)
})

const pause = (lane: Lane, error: RequestError) =>
  error instanceof ApiError && (error.status === 429 || error.status === 503) && error.retryAfter !== null
    ? pauseFor(lane, error, error.retryAfter)
    : Effect.void

const pauseFor = (lane: Lane, error: ApiError, retryAfter: number) =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const until = now + Math.min(retryAfter, Duration.toMillis(longestSharedPause))
    if (until <= lane.pausedUntil) return
    lane.pausedUntil = until
    lane.pausedBy = error
  })
