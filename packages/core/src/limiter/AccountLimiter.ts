/**
 * Concurrency limiter of one account: a queue per endpoint, shared by the account's clients.
 *
 * @module
 */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { RateLimitedError } from "../errors/Errors.ts"
import { jobKinds, type OperationId } from "../model/index.ts"
import { EndpointQueue, type Owner } from "./EndpointQueue.ts"
import type { Limiter, LimiterRequest } from "./Limiter.ts"

/** The most requests that may be in flight at once per endpoint and account (contract, "Limits and retrying"). */
export const maxConcurrency = 4

/** A limiter as one client holds it. */
export interface ClientLimiter extends Limiter {
  /** Interrupts the client's calls that wait for a permit, and all that come later; none of them is sent. */
  readonly close: () => void
}

/** The limiter that the clients of one account share. */
export class AccountLimiter implements Limiter {
  readonly #queues: ReadonlyMap<OperationId, EndpointQueue>
  /** At index n: how many open clients allow n requests in flight. */
  readonly #clients: Array<number> = Array(maxConcurrency + 1).fill(0)
  #capacity = maxConcurrency

  constructor() {
    const operations = Object.values(jobKinds).map(({ operationId }) => operationId)
    this.#queues = new Map(operations.map((id) => [id, new EndpointQueue(() => this.#capacity)]))
  }

  readonly run: Limiter["run"] = (request, attempt) => this.#run(anyone, request, attempt)

  readonly pausedUntil: Limiter["pausedUntil"] = (operation) => this.#queues.get(operation)?.pausedUntil() ?? null

  /** Whether clients are open. */
  get isOpen(): boolean {
    return this.#clients.some((count) => count > 0)
  }

  /** Whether nothing is lost when the limiter is thrown away. */
  isForgettable(clock: Clock.Clock): boolean {
    return !this.isOpen && [...this.#queues.values()].every((queue) => queue.isForgettable(clock))
  }

  /** Opens the limiter for a client with this concurrency, 1 – 4: the smallest of the open clients' holds. */
  open(concurrency: number): ClientLimiter {
    const owner = { isClosed: false }
    this.#count(concurrency, 1)
    return {
      run: (request, attempt) => this.#run(owner, request, attempt),
      pausedUntil: this.pausedUntil,
      close: () => {
        if (owner.isClosed) return
        owner.isClosed = true
        for (const queue of this.#queues.values()) queue.dismiss(owner)
        this.release(concurrency)
      }
    }
  }

  /** Counts a client no longer. */
  release(concurrency: number): void {
    this.#count(concurrency, -1)
  }

  #run<A, E, R>(
    owner: Owner,
    request: LimiterRequest,
    attempt: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | RateLimitedError, R> {
    const queue = this.#queues.get(request.operation)
    return queue === undefined
      ? Effect.die(new Error(`Unknown operation ${request.operation}`))
      : queue.run(owner, request, attempt)
  }

  #count(concurrency: number, change: 1 | -1): void {
    this.#clients[concurrency] = (this.#clients[concurrency] ?? 0) + change
    const smallest = this.#clients.findIndex((count) => count > 0)
    this.#capacity = smallest === -1 ? maxConcurrency : smallest
    if (change === -1) for (const queue of this.#queues.values()) queue.admit()
  }
}

const anyone: Owner = { isClosed: false }

/**
 * A limiter with four permits per endpoint, to be given to clients that share a rate limit although their credentials differ, such as two
 * tokens of one user.
 *
 * @example
 * ```ts
 * import { makeLimiter } from "@ttd-jobs/core"
 * import { createClient } from "@ttd-jobs/core/promise"
 *
 * const limiter = makeLimiter()
 * await using interactive = createClient({ token: "example-token-1", limiter })
 * await using scheduled = createClient({ token: "example-token-2", limiter, concurrency: 2 })
 * ```
 */
export const makeLimiter = (): Limiter => new AccountLimiter()
