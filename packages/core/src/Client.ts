/**
 * The client behind `JobStatus` and `createClient`: reference, gate, retries, transport and schema in one line.
 *
 * @module
 */
import { Clock, Duration, Effect, Redacted, Result, type Scope } from "effect"
import { type Asked, apiError, decodeAnswer } from "./Answer.ts"
import { endpoints } from "./Endpoint.ts"
import * as EndpointGate from "./EndpointGate.ts"
import type { InvalidJobRefError, InvalidSettingError, RequestError } from "./Errors.ts"
import { type JobIdInput, JobRef, type JobRefInput } from "./JobRef.ts"
import { fromGraphQl, fromStandard, type JobSnapshot } from "./JobSnapshot.ts"
import { GraphQlJobRetrievalResponse, StandardJobStatusResponse } from "./Responses.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import { retryOf, type Settings } from "./Settings.ts"
import * as Transport from "./Transport.ts"

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
  readonly getJobStatus: (
    id: JobIdInput,
    options?: CallOptions
  ) => Effect.Effect<StandardJobStatusResponse, CallError>
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

/** A client for as long as the scope is open. */
export const make = Effect.fnUntraced(function* (settings: Settings): Effect.fn.Return<Client, never, Scope.Scope> {
  const { host, hostname, port } = new URL(settings.baseUrl)
  const secret = settings.token === undefined ? "" : Redacted.value(settings.token)
  const gate = yield* EndpointGate.open(`${settings.baseUrl} ${secret}`, settings.concurrency)
  const transport = Transport.make(settings)

  const ask = <A>(ref: JobRef, decode: Decode<A>, policy: RetryPolicy.RetryPolicy | undefined) => {
    const { operationId, template } = endpoints[ref.kind]
    const asked = { operation: operationId, ref: String(ref), host }
    let resends = -1
    const attempt = Effect.suspend(() => {
      resends += 1
      return Effect.flatMap(transport(ref), (answer) =>
        Effect.andThen(
          Effect.annotateCurrentSpan({
            "http.response.status_code": answer.status,
            ...(resends === 0 ? {} : { "http.request.resend_count": resends })
          }),
          decode(ref, asked, answer)
        )
      )
    })
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const patience = policy === undefined ? 0 : Duration.toMillis(policy.maxElapsedTime)
      const once = gate.run({ operation: operationId, ref: asked.ref, until: now + patience }, attempt)
      return policy === undefined ? once : Effect.retry(once, RetryPolicy.schedule(policy))
    }).pipe(
      Effect.withSpan(
        operationId,
        {
          kind: "client",
          attributes: {
            "http.request.method": "GET",
            "url.template": template,
            "server.address": hostname,
            ...(port === "" ? {} : { "server.port": Number(port) })
          }
        },
        { captureStackTrace: false }
      )
    )
  }

  const call = <A>(
    ref: Result.Result<JobRef, InvalidJobRefError>,
    decode: Decode<A>,
    options: CallOptions | undefined
  ): Effect.Effect<A, CallError> => {
    if (Result.isFailure(ref)) return Effect.fail(ref.failure)
    if (options?.retry === undefined) return ask(ref.success, decode, settings.retry)
    const policy = retryOf(options.retry)
    return Result.isFailure(policy) ? Effect.fail(policy.failure) : ask(ref.success, decode, policy.success)
  }

  return {
    getJobStatus: (id, options) => call(JobRef.of("standard", id), decodeStandard, options),
    getGraphQlQueryJobStatus: (id, options) => call(JobRef.of("graphql-query", id), decodeGraphQl, options),
    getGraphQlBulkJobStatus: (id, options) => call(JobRef.of("graphql-bulk", id), decodeGraphQl, options),
    get: (ref, options) => call(JobRef.parse(ref), decodeSnapshot, options)
  }
})

type Decode<A> = (ref: JobRef, asked: Asked, answer: Transport.Answer) => Effect.Effect<A, RequestError>

const standard = decodeAnswer(StandardJobStatusResponse)
const graphQl = decodeAnswer(GraphQlJobRetrievalResponse)

const decodeStandard: Decode<StandardJobStatusResponse> = (_, asked, answer) => standard(asked, answer)
const decodeGraphQl: Decode<GraphQlJobRetrievalResponse> = (_, asked, answer) => graphQl(asked, answer)

const decodeSnapshot: Decode<JobSnapshot> = (ref, asked, answer) =>
  ref.kind === "standard"
    ? Effect.map(standard(asked, answer), (job) => fromStandard(ref, job))
    : Effect.flatMap(graphQl(asked, answer), ({ errors, job }) =>
        job === null || job === undefined
          ? Effect.fail(apiError(asked, answer, errors ?? ""))
          : Effect.succeed(fromGraphQl(ref, job, errors))
      )
