/**
 * The limiters of this process, one per account: upstream counts per account, so its clients share permits and pauses.
 *
 * @module
 */
import type * as Clock from "effect/Clock"
import { AccountLimiter, type ClientLimiter } from "./AccountLimiter.ts"

/** What a client counts for; holds no reference to the client itself. */
interface OpenClient {
  readonly key: string
  readonly account: AccountLimiter
  readonly concurrency: number
}

/** The limiters of all accounts, by their keys. */
export class ProcessLimiters {
  static readonly #byClock = new WeakMap<Clock.Clock, ProcessLimiters>()

  /** The limiters that run on a clock: monotonic times of two clocks cannot be compared. */
  static of(clock: Clock.Clock): ProcessLimiters {
    const known = ProcessLimiters.#byClock.get(clock)
    if (known !== undefined) return known
    const limiters = new ProcessLimiters(clock)
    ProcessLimiters.#byClock.set(clock, limiters)
    return limiters
  }

  readonly #clock: Clock.Clock
  readonly #accounts = new Map<string, AccountLimiter>()
  /** Keys of accounts without an open client whose pause must not be forgotten yet, the first closed first. */
  readonly #closed = new Set<string>()
  /** A client that was never closed stops counting when it has been garbage-collected. Not every worker runtime can say when. */
  readonly #collected =
    globalThis.FinalizationRegistry === undefined
      ? undefined
      : new FinalizationRegistry<OpenClient>((client) => this.#onCollected(client))

  constructor(clock: Clock.Clock) {
    this.#clock = clock
  }

  /** Opens an account's limiter for one more client. */
  open(key: string, concurrency: number): ClientLimiter {
    const account = this.#accounts.get(key) ?? new AccountLimiter()
    this.#accounts.set(key, account)
    this.#closed.delete(key)
    this.#forget()
    const limiter = account.open(concurrency)
    const client: ClientLimiter = {
      ...limiter,
      close: () => {
        this.#collected?.unregister(client)
        limiter.close()
        this.#onClose(key, account)
      }
    }
    this.#collected?.register(client, { key, account, concurrency }, client)
    return client
  }

  #onCollected({ account, concurrency, key }: OpenClient): void {
    account.release(concurrency)
    this.#onClose(key, account)
  }

  #onClose(key: string, account: AccountLimiter): void {
    if (!account.isOpen) this.#closed.add(key)
    this.#forget()
  }

  /** Forgets accounts that are of no more use. A pause lasts for minutes at most, so the others need not be looked at. */
  #forget(): void {
    for (const key of this.#closed) {
      if (this.#accounts.get(key)?.isForgettable(this.#clock) === false) return
      this.#closed.delete(key)
      this.#accounts.delete(key)
    }
  }
}
