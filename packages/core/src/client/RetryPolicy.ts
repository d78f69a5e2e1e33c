/**
 * When a call that failed is tried again. The fields are the vendor SDKs' own (contract, "Limits and retrying").
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import type { InvalidSettingError, RequestError } from "../errors/Errors.ts"
import { readDuration, readNumber } from "../options/Options.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"

/** A retry policy as it is kept: every field set, times as `Duration`. */
export interface RetryPolicy {
  /** The first pause. */
  readonly initialInterval: Duration.Duration
  /** The longest pause; a server's `Retry-After` may be longer. */
  readonly maxInterval: Duration.Duration
  /** What each pause is multiplied by to give the next, at least 1. */
  readonly exponent: number
  /** How long after the first attempt began another may still begin. */
  readonly maxElapsedTime: Duration.Duration
  /** Whether connection errors and timeouts are tried again, or only answers that say "not now". */
  readonly retryConnectionErrors: boolean
}

/** A retry policy as it is given: fields that are left out have the default's value. Times that are numbers are milliseconds. */
export interface RetryPolicyOptions {
  /** The first pause. Default: 500 ms. */
  readonly initialInterval?: Duration.Input | undefined
  /** The longest pause; a server's `Retry-After` may be longer. Default: 60 s. */
  readonly maxInterval?: Duration.Input | undefined
  /** What each pause is multiplied by to give the next, at least 1. Default: 1.5. */
  readonly exponent?: number | undefined
  /** How long after the first attempt began another may still begin. Default: 60 s. */
  readonly maxElapsedTime?: Duration.Input | undefined
  /** Whether connection errors and timeouts are tried again. Default: true. */
  readonly retryConnectionErrors?: boolean | undefined
}

/**
 * The vendor SDKs' own policy, which may hold one call for an hour: 500 ms, × 1.5, at most 60 s, for 3,600 s.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@ttd-jobs/core"
 * import { createClient } from "@ttd-jobs/core/promise"
 *
 * await using client = createClient({ token: "example", retry: RetryPolicy.vendor })
 * ```
 */
export const vendor: RetryPolicy = {
  initialInterval: Duration.millis(500),
  maxInterval: Duration.seconds(60),
  exponent: 1.5,
  maxElapsedTime: Duration.hours(1),
  retryConnectionErrors: true
}

/**
 * The default: the vendor's intervals, but no call is held for more than a minute.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@ttd-jobs/core"
 * import { Duration } from "effect"
 *
 * Duration.toSeconds(RetryPolicy.standard.maxElapsedTime) // 60
 * ```
 */
export const standard: RetryPolicy = { ...vendor, maxElapsedTime: Duration.seconds(60) }

/**
 * Up to this much is added to every pause at random, so that clients do not come back all at once.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@ttd-jobs/core"
 * import { Duration } from "effect"
 *
 * Duration.toMillis(RetryPolicy.jitter) // 1000
 * ```
 */
export const jitter: Duration.Duration = Duration.seconds(1)

/**
 * A policy from options; fails with `InvalidSettingError` on a negative time or an exponent below 1.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@ttd-jobs/core"
 * import { Result } from "effect"
 *
 * const policy = Result.getOrThrow(RetryPolicy.make({ maxElapsedTime: "5 minutes" }))
 * policy.exponent // 1.5
 * ```
 */
export const make = (options: RetryPolicyOptions = {}): Result.Result<RetryPolicy, InvalidSettingError> =>
  Result.gen(function* () {
    return {
      initialInterval: yield* readDuration(
        "retry.initialInterval",
        options.initialInterval ?? standard.initialInterval
      ),
      maxInterval: yield* readDuration("retry.maxInterval", options.maxInterval ?? standard.maxInterval),
      maxElapsedTime: yield* readDuration("retry.maxElapsedTime", options.maxElapsedTime ?? standard.maxElapsedTime),
      exponent: yield* readNumber("retry.exponent", options.exponent ?? standard.exponent, 1),
      retryConnectionErrors: options.retryConnectionErrors ?? standard.retryConnectionErrors
    }
  })

/**
 * Whether a policy tries again after this error: 408, 425, 429, 5XX, and connection errors if it is told to.
 *
 * @example
 * ```ts
 * import { RetryPolicy, TransportError } from "@ttd-jobs/core"
 *
 * const reset = new TransportError({
 *   operation: "getJobStatus",
 *   ref: "standard:412651",
 *   host: "api.thetradedesk.com",
 *   code: "ECONNRESET",
 *   cause: new Error("read ECONNRESET")
 * })
 * RetryPolicy.retries(RetryPolicy.standard, reset) // true
 * RetryPolicy.retries({ ...RetryPolicy.standard, retryConnectionErrors: false }, reset) // false
 * ```
 */
export const retries = (policy: RetryPolicy, error: RequestError): boolean =>
  error.transient &&
  (policy.retryConnectionErrors || (error._tag !== "TransportError" && error._tag !== "RequestTimeoutError"))

/**
 * The policy as a schedule for `Effect.retry`. A server's `Retry-After` is a floor below which no pause goes, only jitter is
 * added; a pause that would end after `maxElapsedTime` is not begun, and the error comes at once.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@ttd-jobs/core"
 *
 * RetryPolicy.schedule(RetryPolicy.vendor) // a Schedule<Duration, RequestError>
 * ```
 */
export const schedule = (policy: RetryPolicy): Schedule.Schedule<Duration.Duration, RequestError> => {
  const limit = Duration.toMillis(policy.maxElapsedTime)
  return Schedule.fromStepWithMetadata(
    // This runs before the first attempt, whose own time counts.
    Effect.map(
      MonotonicTime.now,
      (begun) =>
        ({ attempt, input }: Schedule.InputMetadata<RequestError>) =>
          Effect.gen(function* () {
            if (!retries(policy, input)) return yield* Cause.done(Duration.zero)
            const pause = pauseAfter(policy, attempt - 1, retryAfterOf(input), yield* Random.next)
            const duration = Duration.millis(pause)
            const elapsed = (yield* MonotonicTime.now) - begun
            return elapsed + pause > limit ? yield* Cause.done(duration) : ([duration, duration] as const)
          })
    )
  )
}

/**
 * The pause after the given number of pauses, without jitter, in milliseconds: `min(maxInterval, initialInterval × exponent^n)`.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@ttd-jobs/core"
 *
 * RetryPolicy.backoff(RetryPolicy.vendor, 0) // 500
 * RetryPolicy.backoff(RetryPolicy.vendor, 1) // 750
 * RetryPolicy.backoff(RetryPolicy.vendor, 99) // 60000
 * ```
 */
export const backoff = (policy: RetryPolicy, pauses: number): number => {
  // Infinity times an initial interval of zero would be no number.
  const growth = Math.min(policy.exponent ** pauses, Number.MAX_VALUE)
  return Math.min(Duration.toMillis(policy.maxInterval), Duration.toMillis(policy.initialInterval) * growth)
}

/**
 * The pause before the next attempt, in milliseconds: the backoff or the server's `retryAfter`, whichever is longer, and jitter on top.
 * The one rule for calls, polls and downloads. `pauses` counts the pauses before it, `random` is 0 – 1.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@ttd-jobs/core"
 *
 * RetryPolicy.pauseAfter(RetryPolicy.vendor, 1, 0, 0.5) // 1250
 * RetryPolicy.pauseAfter(RetryPolicy.vendor, 1, 9000, 0.5) // 9500
 * ```
 */
export const pauseAfter = (policy: RetryPolicy, pauses: number, retryAfter: number, random: number): number =>
  Math.max(backoff(policy, pauses), retryAfter) + random * Duration.toMillis(jitter)

/**
 * The pause that the server asks for with an error, in milliseconds; 0 when it asks for none.
 *
 * @example
 * ```ts
 * import { RateLimitedError, RetryPolicy } from "@ttd-jobs/core"
 *
 * const request = { operation: "getJobStatus", ref: "standard:412651", host: "api.thetradedesk.com" }
 * RetryPolicy.retryAfterOf(new RateLimitedError({ ...request, status: 429, retryAfter: 9000 })) // 9000
 * ```
 */
export const retryAfterOf = (error: RequestError): number => ("retryAfter" in error ? (error.retryAfter ?? 0) : 0)
