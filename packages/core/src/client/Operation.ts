/**
 * One status operation: its attempts, each with a permit of the limiter, and the calls in flight, which are shared.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { RequestError } from "../errors/Errors.ts"
import { InFlight } from "../http/InFlight.ts"
import type { Decode, DecodedStatus } from "../http/ResponseDecoder.ts"
import { type RequestedJob, type StatusRequest, type StatusResponse, sentAt } from "../http/StatusRequest.ts"
import type { JobRef } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import type { Limiter } from "../limiter/Limiter.ts"
import { jobKinds } from "../model/index.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"
import type { CallSettings, Settings } from "./ClientOptions.ts"
import type { LastInlineResult } from "./LastInlineResult.ts"
import { type RawResponse, rawResponseOf } from "./RawResponse.ts"
import type { Traced } from "./RequestSpan.ts"
import * as RetryPolicy from "./RetryPolicy.ts"

/** What the operations of a client have in common. */
export interface OperationContext {
  readonly settings: Settings
  /** The server's host, with its port. */
  readonly host: string
  readonly limiter: Limiter
  readonly request: StatusRequest
  readonly traced: Traced
  readonly lastInlineResult: LastInlineResult
}

/** What one request brings: the snapshot, and the job's age by the server's own clock in milliseconds; null when it sent no `Date`. */
export interface StatusWithAge {
  readonly snapshot: JobSnapshot
  readonly age: number | null
}

/** A status operation. */
export class Operation<Body> {
  readonly #context: OperationContext
  readonly #decode: Decode<Body>
  readonly #calls = new InFlight<DecodedStatus<Body>, RequestError>()
  readonly #rawCalls = new InFlight<RawResponse, RequestError>()

  constructor(context: OperationContext, decode: Decode<Body>) {
    this.#context = context
    this.#decode = decode
  }

  /** The status in both forms. */
  status(ref: JobRef, call: CallSettings): Effect.Effect<DecodedStatus<Body>, RequestError> {
    const job = this.#jobOf(ref)
    const run = this.#attempts(job, call, false, (response) => this.#decode(job, response, this.#context.settings))
    return this.#calls.run(`${job.target.ref} ${call.key}`, run)
  }

  /** The response itself, whatever its status. */
  raw(ref: JobRef, call: CallSettings): Effect.Effect<RawResponse, RequestError> {
    const job = this.#jobOf(ref)
    const { redaction } = this.#context.settings
    const run = Effect.suspend(() => {
      let last: StatusResponse | undefined
      // To the limiter and to the retries a response without a status is an error like any other.
      const attempts = this.#attempts(job, call, true, (response) => {
        last = response
        return Result.map(this.#snapshotOf(job, response), (snapshot) =>
          rawResponseOf(response, redaction, { snapshot, error: null })
        )
      })
      return Effect.catchIf(
        attempts,
        (error) => last !== undefined && isOfResponse(error),
        (error) =>
          last === undefined
            ? Effect.fail(error)
            : Effect.succeed(rawResponseOf(last, redaction, { snapshot: null, error }))
      )
    })
    return this.#rawCalls.run(`${job.target.ref} ${call.key}`, run)
  }

  /** One request, without limiter and retries. */
  once(ref: JobRef): Effect.Effect<StatusWithAge, RequestError> {
    const { request, settings, traced } = this.#context
    const job = this.#jobOf(ref)
    return traced(job, (note) =>
      Effect.flatMap(
        note(1, request(job, { timeout: settings.call.timeout, keepsBytes: false, attempt: 1 })),
        (response) =>
          Effect.flatMap(Effect.fromResult(this.#snapshotOf(job, response)), (snapshot) =>
            Effect.map(Clock.currentTimeMillis, (now) => ({ snapshot, age: ageOf(snapshot, response, now) }))
          )
      )
    )
  }

  readonly interruptAll: Effect.Effect<void> = Effect.suspend(() =>
    Effect.andThen(this.#calls.interruptAll, this.#rawCalls.interruptAll)
  )

  #jobOf(ref: JobRef): RequestedJob {
    return {
      ref,
      target: { operation: jobKinds[ref.kind].operationId, ref: String(ref), host: this.#context.host }
    }
  }

  #snapshotOf(job: RequestedJob, response: StatusResponse): Result.Result<JobSnapshot, RequestError> {
    const { lastInlineResult, settings } = this.#context
    return Result.flatMap(this.#decode(job, response, settings), ({ inline, snapshot }) =>
      Result.map(snapshot(), (snapshot) => {
        if (inline !== null) lastInlineResult.keep(snapshot, inline)
        return snapshot
      })
    )
  }

  /** The attempts of a call in one span. A call that waits before the next attempt holds no permit. */
  #attempts<A>(
    job: RequestedJob,
    { retry, timeout }: CallSettings,
    keepsBytes: boolean,
    read: (response: StatusResponse) => Result.Result<A, RequestError>
  ): Effect.Effect<A, RequestError> {
    const { limiter, request, traced } = this.#context
    return traced(job, (note) =>
      Effect.flatMap(MonotonicTime.now, (now) => {
        let attempt = 0
        const next = Effect.suspend(() => {
          attempt += 1
          return Effect.flatMap(note(attempt, request(job, { timeout, keepsBytes, attempt })), (response) =>
            Effect.fromResult(read(response))
          )
        })
        if (retry === undefined) return limiter.run({ ...job.target, until: now }, next)
        const until = now + Duration.toMillis(retry.maxElapsedTime)
        return Effect.retry(limiter.run({ ...job.target, until }, next), RetryPolicy.schedule(retry))
      })
    )
  }
}

/** Whether a response caused the error, and not its absence. */
const isOfResponse = ({ _tag }: RequestError) =>
  _tag === "ApiError" || _tag === "ProblemDetailsError" || _tag === "ResponseDecodeError"

const ageOf = ({ createdAt }: JobSnapshot, response: StatusResponse, now: number): number | null => {
  const sent = sentAt(response, now)
  return sent === null ? null : sent - DateTime.toEpochMillis(createdAt)
}
