/**
 * FIFO concurrency limiter for one endpoint. A 429 or 503 pauses all callers, and one probe request goes before the rest.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as RetryPolicy from "../client/RetryPolicy.ts"
import { RateLimitedError } from "../errors/Errors.ts"
import { Alarm } from "../time/Alarm.ts"
import * as DueTime from "../time/DueTime.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"
import { type Entry, Fifo } from "./Fifo.ts"
import type { LimiterRequest } from "./Limiter.ts"
import { maxPause, type PausingResponse, pausingResponseOf } from "./Pause.ts"

/** A client that may have been closed: none of its requests is sent any more. */
export interface Owner {
  readonly isClosed: boolean
}

/** The right to send one request. */
interface Permit {
  /** The number of pauses before it was granted. */
  readonly round: number
}

interface Waiter {
  readonly owner: Owner
  readonly request: LimiterRequest
  readonly context: Context.Context<never>
  readonly resume: (outcome: Effect.Effect<Permit, RateLimitedError>) => void
  permit: Permit | undefined
}

interface Pause extends DueTime.DueTime {
  readonly status: PausingResponse["status"]
  readonly clock: Clock.Clock
}

/** The callers of one endpoint of one account. */
export class EndpointQueue {
  readonly #capacity: () => number
  readonly #waiting = new Fifo<Waiter>()
  /** Ends a pause, or the wait for a probe, for all who wait; off while no call waits. */
  readonly #alarm = new Alarm((time) => this.#onAlarm(time), { everyMinute: true })
  #active = 0
  #pause: Pause | undefined
  /** Counts the pauses: a response to a request that was sent before the last one says nothing about the time after it. */
  #round = 0
  /** 429 and 503 in a row without a usable `Retry-After`. */
  #refusals = 0
  /** After a pause one request goes first; the others follow when it has met no further pause, or takes too long. */
  #isProbing = false
  #probe: { readonly permit: Permit; readonly until: number } | undefined
  /** Until when the state is worth keeping though no client is open. */
  #memory: DueTime.DueTime | undefined

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
    const pause = this.#pause
    return pause === undefined || DueTime.isReached(pause, pause.clock) ? null : DueTime.reachedAt(pause, pause.clock)
  }

  /** Whether nothing is lost when the queue is thrown away: it is idle, and its last pause was over long ago. */
  isForgettable(clock: Clock.Clock): boolean {
    return this.#active === 0 && (this.#memory === undefined || DueTime.isReached(this.#memory, clock))
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
      const clock = Context.get(context, Clock.Clock)
      if (this.#isPauseOver(clock)) {
        this.#endPause()
        this.admit()
      }
      // Whatever makes room admits those who wait, so there is room only when no call waits.
      if (this.#hasRoom()) return Effect.succeed(this.#grant(context))
      return this.#pause !== undefined && DueTime.reachedAt(this.#pause, clock) > request.until
        ? Effect.fail(rateLimited(request, this.#pause, clock))
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
    return (
      this.#pause === undefined && this.#active < this.#capacity() && !(this.#isProbing && this.#probe !== undefined)
    )
  }

  #grant(context: Context.Context<never>): Permit {
    const permit = { round: this.#round }
    this.#active += 1
    if (this.#isProbing) {
      this.#probe = { permit, until: MonotonicTime.nowUnsafe(Context.get(context, Clock.Clock)) + longestProbe }
    }
    return permit
  }

  /** Takes back a permit. Where it was the probe's and no response has ended the probing, the next call is the probe. */
  #giveBack(permit: Permit): void {
    this.#active -= 1
    if (this.#probe?.permit === permit) this.#probe = undefined
    this.admit()
  }

  #release(permit: Permit, exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> {
    return Effect.contextWith((context: Context.Context<never>) => {
      const isInterrupted = Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)
      const response = Exit.isSuccess(exit) ? undefined : pausingResponseIn(exit.cause)
      if (response !== undefined) this.#onPausingResponse(response, permit, context)
      else if (permit.round === this.#round && !isInterrupted) {
        this.#isProbing = false
        this.#refusals = 0
      }
      this.#giveBack(permit)
      return Effect.void
    })
  }

  #onPausingResponse({ retryAfter, status }: PausingResponse, permit: Permit, context: Context.Context<never>): void {
    if (retryAfter === null) {
      if (permit.round !== this.#round) return
      this.#refusals += 1
    }
    const length = Math.min(maxPause, retryAfter ?? RetryPolicy.backoff(RetryPolicy.vendor, this.#refusals - 1))
    const jitter = Context.get(context, Random.Random).nextDoubleUnsafe() * Duration.toMillis(RetryPolicy.jitter)
    const clock = Context.get(context, Clock.Clock)
    if (this.#isPauseOver(clock)) this.#endPause()
    const due = DueTime.after(clock, length + jitter)
    if (this.#pause !== undefined && this.#pause.monotonic >= due.monotonic) return
    const pause = { ...due, status, clock }
    this.#pause = pause
    this.#probe = undefined
    this.#round += 1
    this.#memory = DueTime.after(clock, length + jitter + maxPause)
    for (const { request, resume } of this.#waiting.take(({ request }) => pause.monotonic > request.until)) {
      resume(Effect.fail(rateLimited(request, pause, clock)))
    }
  }

  #isPauseOver(clock: Clock.Clock): boolean {
    return this.#pause !== undefined && DueTime.isReached(this.#pause, clock)
  }

  #endPause(): void {
    this.#pause = undefined
    this.#isProbing = true
  }

  #onAlarm(time: number): void {
    const first = this.#waiting.first
    if (first === undefined) return
    const clock = Context.get(first.context, Clock.Clock)
    if (this.#pause !== undefined) {
      if (DueTime.reachedAt(this.#pause, clock) <= time) this.#endPause()
    } else if (this.#probe !== undefined && this.#probe.until <= time) this.#isProbing = false
    this.admit()
  }

  /** Sets the alarm to the next moment at which something changes for those who wait. */
  #arm(): void {
    const context = this.#waiting.first?.context
    if (context === undefined) this.#alarm.clear()
    else this.#alarm.set(this.#nextChange(Context.get(context, Clock.Clock)), context)
  }

  #nextChange(clock: Clock.Clock): number {
    if (this.#pause !== undefined) return DueTime.reachedAt(this.#pause, clock)
    return (this.#isProbing ? this.#probe?.until : undefined) ?? Number.POSITIVE_INFINITY
  }
}

/** How long the other callers wait for the outcome of a probe, in milliseconds. */
const longestProbe = 10_000

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

const pausingResponseIn = (cause: Cause.Cause<unknown>): PausingResponse | undefined =>
  Option.getOrUndefined(Option.map(Cause.findErrorOption(cause), pausingResponseOf))

const rateLimited = ({ host, operation, ref }: LimiterRequest, pause: Pause, clock: Clock.Clock): RateLimitedError =>
  new RateLimitedError({
    operation,
    ref,
    host,
    status: pause.status,
    retryAfter: Math.max(0, Math.ceil(DueTime.reachedAt(pause, clock) - MonotonicTime.nowUnsafe(clock)))
  })
