/**
 * Pause of one endpoint after a 429 or 503: `Retry-After` or backoff, jitter at its end, and a probe request before the rest.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as RetryPolicy from "../client/RetryPolicy.ts"
import * as DueTime from "../time/DueTime.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"
import { maxPause, type PausingResponse, pausingResponseOf } from "./Pause.ts"

/** The right to send one request. */
export interface Permit {
  /** The number of pauses before it was granted. */
  readonly round: number
}

/** A pause that is not over. */
export interface CurrentPause {
  /** The status of the response that caused it. */
  readonly status: PausingResponse["status"]
  /** When it ends, as monotonic time in milliseconds. */
  readonly until: number
}

interface Pause extends DueTime.DueTime {
  readonly status: PausingResponse["status"]
  readonly clock: Clock.Clock
}

/** Whether requests may be sent to an endpoint now. */
export class EndpointPause {
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

  /** Whether a request may be sent now. */
  get isOver(): boolean {
    return this.#pause === undefined && !(this.#isProbing && this.#probe !== undefined)
  }

  /** The pause; undefined when there is none, or it is over. */
  current(clock = this.#pause?.clock): CurrentPause | undefined {
    if (this.#pause === undefined || clock === undefined || DueTime.isReached(this.#pause, clock)) return undefined
    return { status: this.#pause.status, until: DueTime.reachedAt(this.#pause, clock) }
  }

  /** The monotonic time in milliseconds at which waiting calls have to look again; `Infinity` when nothing changes by itself. */
  nextChange(clock: Clock.Clock): number {
    if (this.#pause !== undefined) return DueTime.reachedAt(this.#pause, clock)
    return (this.#isProbing ? this.#probe?.until : undefined) ?? Number.POSITIVE_INFINITY
  }

  /** Whether nothing is lost when the state is thrown away: the last pause was over long ago. */
  isForgettable(clock: Clock.Clock): boolean {
    return this.#memory === undefined || DueTime.isReached(this.#memory, clock)
  }

  /** Ends what is over at a monotonic time: the pause, or the wait for the probe. */
  update(clock: Clock.Clock, time = MonotonicTime.nowUnsafe(clock)): void {
    if (this.#pause === undefined) {
      if (this.#probe !== undefined && this.#probe.until <= time) this.#isProbing = false
    } else if (DueTime.reachedAt(this.#pause, clock) <= time) {
      this.#pause = undefined
      this.#isProbing = true
    }
  }

  /** Notes that a request is sent. */
  onSend(clock: Clock.Clock): Permit {
    const permit = { round: this.#round }
    if (this.#isProbing) this.#probe = { permit, until: MonotonicTime.nowUnsafe(clock) + longestProbe }
    return permit
  }

  /** Notes that a permit is given back. Where it was the probe's and has not ended the probing, the next request is the probe. */
  onReturn(permit: Permit): void {
    if (this.#probe?.permit === permit) this.#probe = undefined
  }

  /** Notes how a request has ended; returns whether a pause has begun, or become longer. */
  onExit({ round }: Permit, exit: Exit.Exit<unknown, unknown>, context: Context.Context<never>): boolean {
    const response = Exit.isSuccess(exit) ? undefined : pausingResponseIn(exit.cause)
    if (response !== undefined) return this.#onPausingResponse(response, round, context)
    const isInterrupted = Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)
    if (round === this.#round && !isInterrupted) {
      this.#isProbing = false
      this.#refusals = 0
    }
    return false
  }

  #onPausingResponse({ retryAfter, status }: PausingResponse, round: number, context: Context.Context<never>): boolean {
    if (retryAfter === null) {
      if (round !== this.#round) return false
      this.#refusals += 1
    }
    const clock = Context.get(context, Clock.Clock)
    const length = Math.min(maxPause, retryAfter ?? RetryPolicy.backoff(RetryPolicy.vendor, this.#refusals - 1))
    const jitter = Context.get(context, Random.Random).nextDoubleUnsafe() * Duration.toMillis(RetryPolicy.jitter)
    const due = DueTime.after(clock, length + jitter)
    const current = this.current(clock)
    if (current !== undefined && current.until >= due.monotonic) return false
    this.#pause = { ...due, status, clock }
    this.#probe = undefined
    this.#round += 1
    this.#memory = DueTime.after(clock, length + jitter + maxPause)
    return true
  }
}

/** How long the other calls wait for the outcome of a probe, in milliseconds. */
const longestProbe = 10_000

const pausingResponseIn = (cause: Cause.Cause<unknown>): PausingResponse | undefined =>
  Option.getOrUndefined(Option.map(Cause.findErrorOption(cause), pausingResponseOf))
