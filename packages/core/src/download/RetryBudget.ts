/**
 * Bounds the retries of a transfer by time without progress, not by a count.
 *
 * @module
 */

import * as Duration from "effect/Duration"
import * as RetryPolicy from "../client/RetryPolicy.ts"

/** The retries of one transfer. Times are milliseconds on the monotonic clock. */
export class RetryBudget {
  readonly #policy: RetryPolicy.RetryPolicy
  readonly #maxRetryTime: number
  #failures = 0
  #failingSince: number | undefined

  constructor(policy: RetryPolicy.RetryPolicy, maxRetryTime: number) {
    this.#policy = policy
    this.#maxRetryTime = maxRetryTime
  }

  /** A byte came that had not come before: whatever failed is over. */
  progressed(): void {
    this.#failures = 0
    this.#failingSince = undefined
  }

  /**
   * The pause before the next attempt: backoff or the server's `Retry-After`, whichever is longer, and jitter (0 – 1) on top. Null when
   * that attempt would begin later than `maxRetryTime` after the first failure without progress.
   */
  pauseAfter(now: number, retryAfter: number, random: number): number | null {
    this.#failingSince ??= now
    const backoff = RetryPolicy.backoff(this.#policy, this.#failures)
    this.#failures += 1
    const floor = Math.max(backoff, retryAfter)
    if (now + floor - this.#failingSince > this.#maxRetryTime) return null
    return floor + random * Duration.toMillis(RetryPolicy.jitter)
  }
}
