/**
 * One HTTP request for a job's status: token, timeout, limits of the body. No retries, and no look at what the body says.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { isNetworkError } from "ky"
import { RequestTimeoutError, TransportError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import { type OperationId, statusPath } from "../model/index.ts"
import { Alarm } from "../time/Alarm.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"
import type { Credential, TokenProblem } from "./Credential.ts"
import { parseHttpDate } from "./HttpDate.ts"
import * as KyRequest from "./KyRequest.ts"
import type { Redaction } from "./Redaction.ts"
import { type Body, readBody } from "./ResponseBody.ts"
import { retryAfterOf } from "./RetryAfter.ts"
import { codeOf, isBrowser } from "./Runtime.ts"

/** What requests need. */
export interface StatusRequestOptions {
  /** The server's base URL, without a slash at its end. */
  readonly baseUrl: string
  readonly credential: Credential
  readonly headers: Readonly<Record<string, string>>
  readonly userAgent: string
  readonly redaction: Redaction
  /** Looked up for each request, so that a `fetch` that is replaced later is used. */
  readonly fetchIn: (context: Context.Context<never>) => KyRequest.FetchFunction
  readonly ky: KyRequest.KyOption | undefined
}

/** What a request is for, as its errors name it. */
export interface RequestTarget {
  readonly operation: OperationId
  readonly ref: string
  readonly host: string
}

/** The job that a request is for. */
export interface RequestedJob {
  readonly ref: JobRef
  readonly target: RequestTarget
}

/** How a request is made. */
export interface AttemptOptions {
  /** How long it may take in milliseconds, the body included. */
  readonly timeout: number
  /** Whether the bytes of the body are kept. */
  readonly keepsBytes: boolean
  /** Which attempt of the call it is, from 1 on. */
  readonly attempt: number
}

/** A response, whatever its status, as the server sent it. */
export interface StatusResponse extends Body {
  readonly status: number
  readonly headers: Headers
  /** When it was received, in milliseconds since the epoch. */
  readonly receivedAt: number
  /** The pause that the server asks for, in milliseconds from now; null when it does not ask for one. */
  readonly retryAfter: number | null
}

/** Requests a job's status once, and once more with another token where a provider has one after a 401. */
export type StatusRequest = (
  job: RequestedJob,
  options: AttemptOptions
) => Effect.Effect<StatusResponse, TransportError | RequestTimeoutError>

/** Requests to one server with one credential. */
export const make = (options: StatusRequestOptions): StatusRequest => {
  const { baseUrl, credential, fetchIn, redaction } = options
  const send = KyRequest.make(options.ky, redaction)
  const common = headersOf(options)

  const exchange = ({ ref, target }: RequestedJob, attempt: AttemptOptions, token: string | undefined) =>
    Effect.contextWith((context: Context.Context<never>) => {
      const request = (signal: AbortSignal, onStatusOnly: (stop: () => void) => void) =>
        send({
          url: baseUrl + statusPath(ref),
          headers: token === undefined ? common : { ...common, "ttd-auth": token },
          signal,
          fetch: fetchIn(context),
          context: { operation: target.operation, ref: target.ref, attempt: attempt.attempt }
        }).then(async (response) =>
          responseOf(response, await readBody(response, { ...attempt, onStatusOnly }), context)
        )
      const failed = (error: unknown) => {
        const cause = isNetworkError(error) ? error.cause : error
        return new TransportError({ ...target, code: redaction.text(codeOf(cause)), cause: redaction.cause(cause) })
      }
      const late = () => new RequestTimeoutError({ ...target, timeout: attempt.timeout })
      return run(request, failed, attempt.timeout, late, context)
    })

  const withoutToken = (target: RequestTarget) => (problem: TokenProblem) =>
    new TransportError({ ...target, code: redaction.text(problem.reason), cause: redaction.cause(problem.cause) })

  return (job, attempt) =>
    Effect.flatMap(Effect.mapError(credential.token, withoutToken(job.target)), (token) =>
      Effect.filterOrElse(
        exchange(job, attempt, token),
        ({ status }) => status !== 401,
        (response) =>
          Effect.flatMap(credential.renew(token), (renewed) =>
            renewed === undefined ? Effect.succeed(response) : exchange(job, attempt, renewed)
          )
      )
    )
}

/** The time by the server's own clock when it sent the response, in milliseconds since the epoch; null when it did not say. */
export const sentAt = ({ headers }: StatusResponse, now: number): number | null => {
  const date = headers.get("date")
  return date === null ? null : parseHttpDate(date, now)
}

const headersOf = ({ headers, userAgent }: StatusRequestOptions): Readonly<Record<string, string>> => ({
  accept: "application/json",
  ...(isBrowser ? {} : { "user-agent": userAgent }),
  ...headers
})

const responseOf = (response: Response, body: Body, context: Context.Context<never>): StatusResponse => {
  const now = Context.get(context, Clock.Clock).currentTimeMillisUnsafe()
  return {
    ...body,
    // A browser hides everything of a redirect but that it is one.
    status: response.type === "opaqueredirect" ? 302 : response.status,
    headers: response.headers,
    receivedAt: now,
    retryAfter: retryAfterOf(response.headers, now)
  }
}

/** How long the body may take where the status alone says enough, in milliseconds. */
const bodyTime = 1000

/** Runs a request that its interruption aborts, and its timeout, too. */
const run = <A, E, E2>(
  request: (signal: AbortSignal, onStatusOnly: (stop: () => void) => void) => Promise<A>,
  failed: (error: unknown) => E,
  timeout: number,
  late: () => E2,
  context: Context.Context<never>
): Effect.Effect<A, E | E2> =>
  Effect.callback((resume) => {
    const controller = new AbortController()
    const now = () => MonotonicTime.nowUnsafe(Context.get(context, Clock.Clock))
    let onTimeout = () => {
      controller.abort()
      resume(Effect.fail(late()))
    }
    const alarm = new Alarm(() => onTimeout())
    const deadline = now() + timeout
    alarm.set(deadline, context)
    const onStatusOnly = (stop: () => void) => {
      onTimeout = stop
      alarm.set(Math.min(now() + bodyTime, deadline), context)
    }
    request(controller.signal, onStatusOnly).then(
      (value) => {
        alarm.clear()
        resume(Effect.succeed(value))
      },
      (error) => {
        alarm.clear()
        resume(Effect.fail(failed(error)))
      }
    )
    return Effect.sync(() => {
      alarm.clear()
      controller.abort()
    })
  })
