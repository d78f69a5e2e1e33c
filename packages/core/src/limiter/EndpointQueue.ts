/**
 * The line before one endpoint: first come, first served, and a pause for everybody when the server says "not now".
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { OperationId } from "../Endpoint.ts"
import { ApiError, type RequestError } from "../errors/Errors.ts"

/** Whom a request is for, so that a refusal without a request names it. */
export interface Asker {
  readonly operation: OperationId
  readonly ref: string
  /** How long the asker can wait for a pause to end, as milliseconds since the epoch. */
  readonly until: number
}

interface Waiting {
  readonly asker: Asker
  readonly resume: (outcome: Effect.Effect<void, ApiError>) => void
  isAdmitted: boolean
}

/** The line before one endpoint of one account. */
export class Lane {
  /** How many requests may be in flight now. */
  readonly #capacity: () => number
  #active = 0
  /** Who waits, in the order they came. */
  readonly #queue = new Set<Waiting>()
  #pausedUntil = 0
  /** The answer that asked for the pause; undefined when there is none. */
  #pausedBy: ApiError | undefined
  /** Ends the pause for those who wait: one timer however many they are, and none when nobody waits. */
  #alarm: Fiber.Fiber<void> | undefined

  constructor(capacity: () => number) {
    this.#capacity = capacity
  }

  /** Lets an attempt through when there is room and no pause; a pause past `until` fails at once with what caused it. */
  run<A>(asker: Asker, attempt: Effect.Effect<A, RequestError>): Effect.Effect<A, RequestError> {
    const heeded = Effect.tapError(attempt, (error) => this.#heed(error))
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(this.#enter(asker, restore), () =>
        Effect.onExit(restore(heeded), () => Effect.sync(() => this.#leave()))
      )
    )
  }

  /** Gives the free places to those who wait, unless there is a pause. */
  admit(): void {
    if (this.#pausedBy !== undefined) return
    for (const waiting of this.#queue) {
      if (this.#active >= this.#capacity()) return
      this.#queue.delete(waiting)
      this.#active += 1
      waiting.isAdmitted = true
      waiting.resume(Effect.void)
    }
  }

  /** Takes a place at once, in turn, or not at all. */
  #enter(asker: Asker, restore: Restore): Effect.Effect<void, ApiError> {
    return Effect.contextWith((context: Context.Context<never>) => {
      const now = nowIn(context)
      if (this.#pausedUntil <= now) this.#pausedBy = undefined
      if (this.#pausedBy === undefined && this.#queue.size === 0 && this.#active < this.#capacity()) {
        this.#active += 1
        return Effect.void
      }
      return this.#pausedBy !== undefined && this.#pausedUntil > asker.until
        ? Effect.fail(this.#refusal(this.#pausedBy, asker, now))
        : this.#waitInLine(asker, context, restore)
    })
  }

  #waitInLine(asker: Asker, context: Context.Context<never>, restore: Restore): Effect.Effect<void, ApiError> {
    let waiting: Waiting | undefined
    const turn = Effect.callback<void, ApiError>((resume) => {
      waiting = { asker, resume, isAdmitted: false }
      this.#queue.add(waiting)
      this.#arm(context)
    })
    return Effect.onInterrupt(restore(turn), () =>
      Effect.sync(() => {
        if (waiting?.isAdmitted) return this.#leave()
        if (waiting !== undefined) this.#queue.delete(waiting)
        if (this.#queue.size === 0) this.#disarm()
      })
    )
  }

  #leave(): void {
    this.#active -= 1
    this.admit()
  }

  /** Pauses when an answer asks for it; those in line who cannot wait that long are told at once. */
  #heed(error: RequestError): Effect.Effect<void> {
    if (!(error instanceof ApiError) || !pausing.has(error.status) || error.retryAfter === null) return Effect.void
    const pause = Math.min(error.retryAfter, Duration.toMillis(longestPause))
    return Effect.contextWith((context: Context.Context<never>) => {
      this.#pause(error, pause, nowIn(context))
      if (this.#queue.size > 0) this.#arm(context)
      else this.#disarm()
      return Effect.void
    })
  }

  #pause(error: ApiError, pause: number, now: number): void {
    const until = now + pause
    if (until <= Math.max(now, this.#pausedUntil)) return
    this.#pausedUntil = until
    this.#pausedBy = error
    for (const waiting of this.#queue) {
      if (until <= waiting.asker.until) continue
      this.#queue.delete(waiting)
      waiting.resume(Effect.fail(this.#refusal(error, waiting.asker, now)))
    }
  }

  #refusal(cause: ApiError, { operation, ref }: Asker, now: number): ApiError {
    return new ApiError({ ...cause, operation, ref, retryAfter: this.#pausedUntil - now })
  }

  #arm(context: Context.Context<never>): void {
    if (this.#pausedBy === undefined || this.#alarm !== undefined) return
    const ring = Effect.sync(() => {
      this.#alarm = undefined
      // Another answer may have made the pause longer meanwhile.
      if (this.#pausedUntil > nowIn(context)) return this.#arm(context)
      this.#pausedBy = undefined
      this.admit()
    })
    this.#alarm = Effect.runForkWith(context)(Effect.delay(ring, this.#pausedUntil - nowIn(context)))
  }

  #disarm(): void {
    this.#alarm?.interruptUnsafe()
    this.#alarm = undefined
  }
}

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** The answers whose `Retry-After` is meant for everybody who asks. */
const pausing: ReadonlySet<number> = new Set([429, 503])

/** No answer pauses an endpoint for everybody longer than this, whatever its `Retry-After` says. */
const longestPause = Duration.hours(1)

const nowIn = (context: Context.Context<never>) => Context.get(context, Clock.Clock).currentTimeMillisUnsafe()
