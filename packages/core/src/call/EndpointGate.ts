/**
 * At most so many requests in flight per endpoint and account, first come, first served; and a pause for everybody when the
 * server says "not now" (contract, "Limits and retrying").
 *
 * @module
 */
import { Clock, Context, Duration, Effect, type Fiber, Hash, type Scope } from "effect"
import type { OperationId } from "../Endpoint.ts"
import { ApiError, type RequestError } from "../Errors.ts"

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
  /** Requests in flight. */
  active: number
  /** Who waits, in the order they came. */
  readonly queue: Set<Waiting>
  pausedUntil: number
  /** The answer that asked for the pause; undefined when there is none. */
  pausedBy: ApiError | undefined
  /** Ends the pause for those who wait: one timer however many they are, and none when nobody waits. */
  alarm: Fiber.Fiber<void> | undefined
}

interface Waiting {
  readonly asker: Asker
  readonly resume: (outcome: Effect.Effect<void, ApiError>) => void
  isAdmitted: boolean
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
    Effect.sync(() => {
      const shared = accounts.get(key) ?? { lanes: new Map(), clients: new Map() }
      accounts.set(key, shared)
      shared.clients.set(client, concurrency)
      return shared
    }),
    (shared) =>
      Effect.sync(() => {
        shared.clients.delete(client)
        if (shared.clients.size === 0) accounts.delete(key)
        for (const lane of shared.lanes.values()) admit(shared, lane)
      })
  )
  return {
    run: (asker, attempt) => {
      const lane = laneOf(shared, asker.operation)
      return Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(enter(shared, lane, asker, restore), () =>
          Effect.onExit(restore(Effect.tapError(attempt, (error) => pause(shared, lane, error))), () =>
            Effect.sync(() => leave(shared, lane))
          )
        )
      )
    }
  }
})

const laneOf = (account: Account, operation: OperationId): Lane => {
  const known = account.lanes.get(operation)
  if (known !== undefined) return known
  const lane: Lane = { active: 0, queue: new Set(), pausedUntil: 0, pausedBy: undefined, alarm: undefined }
  account.lanes.set(operation, lane)
  return lane
}

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Takes a place at once, in turn, or not at all. */
const enter = (account: Account, lane: Lane, asker: Asker, restore: Restore): Effect.Effect<void, ApiError> =>
  Effect.contextWith((context: Context.Context<never>) => {
    const now = nowIn(context)
    if (lane.pausedUntil <= now) lane.pausedBy = undefined
    if (lane.pausedBy === undefined && lane.queue.size === 0 && lane.active < concurrencyOf(account)) {
      lane.active += 1
      return Effect.void
    }
    return lane.pausedBy !== undefined && lane.pausedUntil > asker.until
      ? Effect.fail(refusal(lane, lane.pausedBy, asker, now))
      : waitInLine(account, lane, asker, context, restore)
  })

const waitInLine = (
  account: Account,
  lane: Lane,
  asker: Asker,
  context: Context.Context<never>,
  restore: Restore
): Effect.Effect<void, ApiError> =>
  Effect.suspend(() => {
    let waiting: Waiting | undefined
    const turn = Effect.callback<void, ApiError>((resume) => {
      waiting = { asker, resume, isAdmitted: false }
      lane.queue.add(waiting)
      arm(account, lane, context)
    })
    return Effect.onInterrupt(restore(turn), () =>
      Effect.sync(() => {
        if (waiting?.isAdmitted) return leave(account, lane)
        if (waiting !== undefined) lane.queue.delete(waiting)
        if (lane.queue.size === 0) disarm(lane)
      })
    )
  })

const leave = (account: Account, lane: Lane) => {
  lane.active -= 1
  admit(account, lane)
}

/** Gives the free places to those who wait, unless the lane is paused. */
const admit = (account: Account, lane: Lane) => {
  if (lane.pausedBy !== undefined) return
  for (const waiting of lane.queue) {
    if (lane.active >= concurrencyOf(account)) return
    lane.queue.delete(waiting)
    lane.active += 1
    waiting.isAdmitted = true
    waiting.resume(Effect.void)
  }
}

const concurrencyOf = (account: Account) => Math.min(...account.clients.values())

const arm = (account: Account, lane: Lane, context: Context.Context<never>) => {
  if (lane.pausedBy === undefined || lane.alarm !== undefined) return
  const ring = Effect.sync(() => {
    lane.alarm = undefined
    // Another answer may have made the pause longer meanwhile.
    if (lane.pausedUntil > nowIn(context)) return arm(account, lane, context)
    lane.pausedBy = undefined
    admit(account, lane)
  })
  lane.alarm = Effect.runForkWith(context)(Effect.delay(ring, lane.pausedUntil - nowIn(context)))
}

const disarm = (lane: Lane) => {
  lane.alarm?.interruptUnsafe()
  lane.alarm = undefined
}

/** Pauses the lane when an answer asks for it; those in line who cannot wait that long are told at once. */
const pause = (account: Account, lane: Lane, error: RequestError): Effect.Effect<void> =>
  error instanceof ApiError && (error.status === 429 || error.status === 503) && error.retryAfter !== null
    ? Effect.contextWith((context: Context.Context<never>) => {
        pauseFor(lane, error, error.retryAfter ?? 0, nowIn(context))
        if (lane.queue.size > 0) arm(account, lane, context)
        else disarm(lane)
        return Effect.void
      })
    : Effect.void

const pauseFor = (lane: Lane, error: ApiError, retryAfter: number, now: number) => {
  const until = now + Math.min(retryAfter, Duration.toMillis(longestSharedPause))
  if (until <= Math.max(now, lane.pausedUntil)) return
  lane.pausedUntil = until
  lane.pausedBy = error
  for (const waiting of lane.queue) {
    if (until <= waiting.asker.until) continue
    lane.queue.delete(waiting)
    waiting.resume(Effect.fail(refusal(lane, error, waiting.asker, now)))
  }
}

const refusal = (lane: Lane, cause: ApiError, { operation, ref }: Asker, now: number) =>
  new ApiError({ ...cause, operation, ref, retryAfter: lane.pausedUntil - now })

const nowIn = (context: Context.Context<never>) => Context.get(context, Clock.Clock).currentTimeMillisUnsafe()
