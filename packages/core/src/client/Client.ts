/**
 * The client behind `JobStatus` and `createClient`: reference, gate, retries, transport and schema in one line.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { InvalidJobRefError, InvalidSettingError, RequestError } from "../errors/Errors.ts"
import { type Asked, apiError, decodeAnswer } from "../http/ResponseDecoder.ts"
import { GraphQlJobRetrievalResponse, StandardJobStatusResponse } from "../http/Responses.ts"
import { fromGraphQl, fromStandard } from "../http/Snapshots.ts"
import * as Transport from "../http/Transport.ts"
import { type JobIdInput, JobRef, type JobRefInput } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import * as ClientLimiter from "../limiter/ClientLimiter.ts"
import type { Limiter } from "../limiter/Limiter.ts"
import { jobKinds } from "../model/index.ts"
import type { ResultLifetimes } from "../options/ResultLifetime.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"
import type { PolledStatus } from "../tracking/TrackedJob.ts"
import { retryOf, type Settings } from "./ClientOptions.ts"
import * as RetryPolicy from "./RetryPolicy.ts"

/** What one call may set differently from its client. */
export interface CallOptions {
  /** When to try again; `false` for never. */
  readonly retry?: RetryPolicy.RetryPolicyOptions | false | undefined
}

/** Why a call fails: the reference or the policy it was given, or the request. */
export type CallError = InvalidJobRefError | InvalidSettingError | RequestError

/** The three operations, and one view of them all. */
export interface Client {
  /** `GET /standardjob/{id}/status`: the full answer. */
  readonly getJobStatus: (id: JobIdInput, options?: CallOptions) => Effect.Effect<StandardJobStatusResponse, CallError>
  /** `GET /graphqlqueryjob/{id}`: the full answer. Upstream's successor is `getGraphQlBulkJobStatus`. */
  readonly getGraphQlQueryJobStatus: (
    id: JobIdInput,
    options?: CallOptions
  ) => Effect.Effect<GraphQlJobRetrievalResponse, CallError>
  /** `GET /graphqlbulkjob/{id}`: the full answer. */
  readonly getGraphQlBulkJobStatus: (
    id: JobIdInput,
    options?: CallOptions
  ) => Effect.Effect<GraphQlJobRetrievalResponse, CallError>
  /** Where any job stands. A GraphQL answer without a job is an `ApiError` whose body is the server's error text. */
  readonly get: (ref: JobRefInput, options?: CallOptions) => Effect.Effect<JobSnapshot, CallError>
}

/** One status call's view of a result: the snapshot, and the text itself when the server sent it along. */
export interface ResultStatus {
  readonly snapshot: JobSnapshot
  /** `rawResult`, null when the result is elsewhere or there is none. */
  readonly inline: string | null
}

/** The operations, and what waiting and downloading are built on. */
export interface ClientCore {
  readonly client: Client
  /** One request for a job's status, without limiter and retries: for the tracker, which polls with permits of its own. */
  readonly request: (ref: JobRef) => Effect.Effect<PolledStatus, RequestError>
  readonly limiter: Limiter
  /** The server's host, with its port. */
  readonly host: string
  /** Asks, with the client's retries, for the snapshot together with an inline result. */
  readonly result: (ref: JobRef) => Effect.Effect<ResultStatus, RequestError>
}

/** A client for as long as the scope is open. */
export const make = Effect.fnUntraced(function* (settings: Settings): Effect.fn.Return<ClientCore, never, Scope.Scope> {
  const { host, hostname, port } = new URL(settings.baseUrl)
  const serverAttributes = {
    "http.request.method": "GET",
    "server.address": hostname,
    ...(port === "" ? {} : { "server.port": Number(port) })
  }
  const { baseUrl, headers } = settings
  const credential = settings.token === undefined ? undefined : Redacted.value(settings.token)
  const limiter = yield* ClientLimiter.open(settings.limiter, { baseUrl, credential, headers }, settings.concurrency)
  const transport = Transport.make(settings)

  const ask = <A>(
    ref: JobRef,
    decode: Decode<A>,
    runAttempts: (
      once: (until: number) => Effect.Effect<A, RequestError>,
      attempt: Effect.Effect<A, RequestError>
    ) => Effect.Effect<A, RequestError>
  ) => {
    const { operationId, path } = jobKinds[ref.kind]
    const asked = { operation: operationId, ref: String(ref), host }
    const attributes = { ...serverAttributes, "url.template": path }
    return Effect.useSpan(operationId, { kind: "client", attributes }, (span) => {
      let resends = 0
      const attempt = Effect.suspend(() => {
        if (resends > 0) span.attribute("http.request.resend_count", resends)
        resends += 1
        return Effect.flatMap(transport(ref), (answer) => {
          span.attribute("http.response.status_code", answer.status)
          return decode(ref, asked, answer)
        })
      })
      return runAttempts((until) => limiter.run({ ...asked, until }, attempt), attempt)
    })
  }

  const askWith = <A>(ref: JobRef, decode: Decode<A>, policy: RetryPolicy.RetryPolicy | undefined) =>
    ask(ref, decode, (once) =>
      Effect.flatMap(MonotonicTime.now, (now) =>
        policy === undefined
          ? once(now)
          : Effect.retry(once(now + Duration.toMillis(policy.maxElapsedTime)), RetryPolicy.schedule(policy))
      )
    )

  const call = <A>(
    ref: Result.Result<JobRef, InvalidJobRefError>,
    decode: Decode<A>,
    options: CallOptions | undefined
  ): Effect.Effect<A, CallError> => {
    if (Result.isFailure(ref)) return Effect.fail(ref.failure)
    if (options?.retry === undefined) return askWith(ref.success, decode, settings.retry)
    const policy = retryOf(options.retry)
    return Result.isFailure(policy) ? Effect.fail(policy.failure) : askWith(ref.success, decode, policy.success)
  }

  const decodeResult = resultDecoder(settings.resultLifetimes)
  const decodeSnapshot: Decode<JobSnapshot> = (ref, asked, answer) =>
    Effect.map(decodeResult(ref, asked, answer), ({ snapshot }) => snapshot)

  return {
    client: {
      getJobStatus: (id, options) => call(JobRef.of("standard", id), decodeStandard, options),
      getGraphQlQueryJobStatus: (id, options) => call(JobRef.of("graphql-query", id), decodeGraphQl, options),
      getGraphQlBulkJobStatus: (id, options) => call(JobRef.of("graphql-bulk", id), decodeGraphQl, options),
      get: (ref, options) => call(JobRef.parse(ref), decodeSnapshot, options)
    },
    request: (ref) =>
      Effect.map(
        ask(ref, decodeSnapshot, (_, attempt) => attempt),
        (snapshot) => ({ snapshot, age: null })
      ),
    limiter,
    host,
    result: (ref) => askWith(ref, decodeResult, settings.retry)
  }
})

type Decode<A> = (ref: JobRef, asked: Asked, answer: Transport.Answer) => Effect.Effect<A, RequestError>

const standard = decodeAnswer(StandardJobStatusResponse)
const graphQl = decodeAnswer(GraphQlJobRetrievalResponse)

const decodeStandard: Decode<StandardJobStatusResponse> = (_, asked, answer) => standard(asked, answer)
const decodeGraphQl: Decode<GraphQlJobRetrievalResponse> = (_, asked, answer) => graphQl(asked, answer)

const resultDecoder =
  (lifetimes: ResultLifetimes): Decode<ResultStatus> =>
  (ref, asked, answer) =>
    ref.kind === "standard"
      ? Effect.map(standard(asked, answer), (job) => ({
          snapshot: fromStandard(ref, job, lifetimes),
          inline: job.rawResult ?? null
        }))
      : Effect.flatMap(graphQl(asked, answer), ({ errors, job }) =>
          job === null || job === undefined
            ? Effect.fail(apiError(asked, answer, errors ?? ""))
            : Effect.succeed({ snapshot: fromGraphQl(ref, job, errors, lifetimes), inline: job.rawResult ?? null })
        )
