/**
 * Interface of a rate limiter for one account: at most four requests in flight per endpoint, and pauses that hold for all callers.
 *
 * @module
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { RateLimitedError } from "../errors/Errors.ts"
import type { OperationId } from "../model/index.ts"

/** The request that a permit is for. */
export interface LimiterRequest {
  /** The upstream operation: each has its own limit. */
  readonly operation: OperationId
  /** The job, such as `standard:412651`. */
  readonly ref: string
  /** The host that the request goes to. */
  readonly host: string
  /** Until when the caller can wait for the end of a pause: monotonic time in milliseconds, `Infinity` for no deadline. */
  readonly until: number
}

/**
 * A rate limiter of one account. An application can put its own in the place of the default, by the option `limiter` or by the
 * `Limiter` reference: one that counts across processes, for example. Retries are around the limiter, so it sees every attempt.
 *
 * @example
 * ```ts
 * import { JobStatus, type Limiter, makeLimiter } from "@ttd-jobs/core"
 * import { Effect } from "effect"
 *
 * // Logs every request, and leaves the limit itself to the default.
 * const inner = makeLimiter()
 * const limiter: Limiter = {
 *   run: (request, attempt) => inner.run(request, Effect.andThen(Effect.logDebug(request.ref), attempt)),
 *   pausedUntil: inner.pausedUntil
 * }
 * const layer = JobStatus.layer({ token: "example", limiter })
 * ```
 */
export interface Limiter {
  /**
   * Runs an attempt as soon as there is a permit for it, in the order of the calls. An attempt that fails with status 429 or 503
   * (`ApiError`) pauses its endpoint for everybody. Fails with `RateLimitedError`, without running the attempt, when the pause lasts
   * past `request.until`.
   */
  readonly run: <A, E, R>(
    request: LimiterRequest,
    attempt: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | RateLimitedError, R>
  /** When the endpoint's pause ends, as monotonic time in milliseconds; null when it is not paused. */
  readonly pausedUntil: (operation: OperationId) => number | null
}

/**
 * The limiter of a client: `process` shares one among the clients of an account in this process, `client` gives each client its own,
 * anything else is a limiter of the application.
 */
export type LimiterOption = "process" | "client" | Limiter

/**
 * The limiter of clients whose options name none. Default: `process`; `client` on Cloudflare Workers, where one request's response
 * cannot wake another request.
 *
 * @example
 * ```ts
 * import { JobStatus, Limiter } from "@ttd-jobs/core"
 * import { Layer } from "effect"
 *
 * const layer = JobStatus.layer({ token: "example" }).pipe(Layer.provide(Layer.succeed(Limiter, "client")))
 * ```
 */
export const Limiter: Context.Reference<LimiterOption> = Context.Reference<LimiterOption>("@ttd-jobs/core/Limiter", {
  defaultValue: () => defaultScopeOf(globalThis.navigator?.userAgent)
})

/** Whether a value from outside is such an option. */
export const isLimiterOption = (value: unknown): value is LimiterOption =>
  value === "process" ||
  value === "client" ||
  (typeof value === "object" &&
    value !== null &&
    "run" in value &&
    typeof value.run === "function" &&
    "pausedUntil" in value &&
    typeof value.pausedUntil === "function")

/** Where the limiter lives in a runtime with this user agent. */
export const defaultScopeOf = (userAgent: string | undefined): "process" | "client" =>
  userAgent === "Cloudflare-Workers" ? "client" : "process"
