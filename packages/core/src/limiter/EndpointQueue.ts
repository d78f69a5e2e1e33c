/**
 * FIFO concurrency limiter for one endpoint. A 429 or 503 pauses all callers.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { RateLimitedError } from "../errors/Errors.ts"
import { Alarm } from "../time/Alarm.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"
import { type CurrentPause, EndpointPause, type Permit } from "./EndpointPause.ts"
import { type Entry, Fifo } from "./Fifo.ts"
import type { LimiterRequest } from "./Limiter.ts"

/** A client that may have been closed: none of its requests is sent any more. */
export interface Owner {
  readonly isClosed: boolean
}

interface Waiter {
  readonly owner: Owner
  readonly request: LimiterRequest
  readonly context: Context.Context<never>
  readonly resume: (outcome: Effect.Effect<Permit, RateLimitedError>) => void
  permit: Permit | undefined
}

/** The callers of one endpoint of one account. */
export class EndpointQueue {
  readonly #capacity: () => number
  readonly #pause = new EndpointPause()
  readonly #waiting = new Fifo<Waiter>()
  /** Wakes those who wait when a pause ends; off while no call waits. */
  readonly #alarm = new Alarm((time) => this.#onAlarm(time), { everyMinute: true })
  #active = 0

  /** `capacity` is the number of requests that may be in flight now. */
  constructor(capacity: () => number) {
    this.#capacity = capacity
  }

  /** Runs an attempt when there is a permit for it; fails at once when the endpoint is paused past `request.until`. */
  run<A, E, R>(
    owner: Owner,
    request: LimiterRequest,
    attempt: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | RateLimitedError, R> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(this.#acquire(owner, request, restore), (permit) =>
        // The client may have been closed since the permit was granted.
        Effect.onExit(owner.isClosed ? Effect.interrupt : restore(attempt), (exit) => this.#release(permit, exit))
      )
    )
  }

  /** The monotonic time in milliseconds at which the pause ends; null when there is none. */
  pausedUntil(): number | null {
    return this.#pause.current()?.until ?? null
  }

  /** Whether nothing is lost when the queue is thrown away. */
  isForgettable(clock: Clock.Clock): boolean {
    return this.#active === 0 && this.#pause.isForgettable(clock)
  }

  /** Grants the free permits to those who wait. To be called when the capacity has grown. */
  admit(): void {
    for (let waiter = this.#waiting.first; waiter !== undefined && this.#hasRoom(); waiter = this.#waiting.first) {
      this.#waiting.shift()
      waiter.permit = this.#grant(waiter.context)
      // Resumed at once, callers that end at once would resume one another, each deeper in the stack than the last.
      waiter.resume(Effect.as(Effect.yieldNow, waiter.permit))
    }
    this.#arm()
  }

  /** Interrupts the waiting calls of a client that has been closed. */
  dismiss(owner: Owner): void {
    for (const waiter of this.#waiting.take((waiter) => waiter.owner === owner)) waiter.resume(Effect.interrupt)
    this.#arm()
  }

  #acquire(owner: Owner, request: LimiterRequest, restore: Restore): Effect.Effect<Permit, RateLimitedError> {
    return Effect.contextWith((context: Context.Context<never>) => {
      if (owner.isClosed) return Effect.interrupt
      if (!this.#pause.isOver) {
        this.#pause.update(clockIn(context))
        this.admit()
      }
      // Whatever makes room admits those who wait, so there is room only when no call waits.
      if (this.#hasRoom()) return Effect.succeed(this.#grant(context))
      const pause = this.#pause.current(clockIn(context))
      return pause !== undefined && pause.until > request.until
        ? Effect.fail(rateLimited(request, pause, clockIn(context)))
        : this.#wait(owner, request, context, restore)
    })
  }

  #wait(
    owner: Owner,
    request: LimiterRequest,
    context: Context.Context<never>,
    restore: Restore
  ): Effect.Effect<Permit, RateLimitedError> {
    let entry: Entry<Waiter> | undefined
    const turn = Effect.callback<Permit, RateLimitedError>((resume) => {
      entry = this.#waiting.push({ owner, request, context, resume, permit: undefined })
      this.#arm()
    })
    return Effect.onInterrupt(restore(turn), () =>
      Effect.sync(() => {
        if (entry === undefined) return
        this.#waiting.remove(entry)
        // The permit may have been granted in the moment of the interruption.
        if (entry.value.permit === undefined) this.#arm()
        else this.#giveBack(entry.value.permit)
      })
    )
  }

  #hasRoom(): boolean {
    return this.#active < this.#capacity() && this.#pause.isOver
  }

  #grant(context: Context.Context<never>): Permit {
    this.#active += 1
    return this.#pause.onSend(clockIn(context))
  }

  #giveBack(permit: Permit): void {
    this.#active -= 1
    this.#pause.onReturn(permit)
    this.admit()
  }

  #release(permit: Permit, exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> {
    return Effect.contextWith((context: Context.Context<never>) => {
      if (this.#pause.onExit(permit, exit, context)) this.#refuse(clockIn(context))
      this.#giveBack(permit)
      return Effect.void
    })
  }

  /** Fails the waiting calls whose time ends before the pause. */
  #refuse(clock: Clock.Clock): void {
    const pause = this.#pause.current(clock)
    if (pause === undefined) return
    for (const { request, resume } of this.#waiting.take(({ request }) => pause.until > request.until)) {
      resume(Effect.fail(rateLimited(request, pause, clock)))
    }
  }

  #onAlarm(time: number): void {
    const context = this.#waiting.first?.context
    if (context !== undefined) this.#pause.update(clockIn(context), time)
    this.admit()
  }

  #arm(): void {
    const context = this.#waiting.first?.context
    if (context === undefined) this.#alarm.clear()
    else this.#alarm.set(this.#pause.nextChange(clockIn(context)), context)
  }
}

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

const clockIn = (context: Context.Context<never>) => Context.get(context, Clock.Clock)

const rateLimited = (
  { host, operation, ref }: LimiterRequest,
  { status, until }: CurrentPause,
  clock: Clock.Clock
): RateLimitedError =>
  new RateLimitedError({ operation, ref, host, status, retryAfter: Math.ceil(until - MonotonicTime.nowUnsafe(clock)) })
