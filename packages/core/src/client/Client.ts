/**
 * The client: the status operations by name, and one view of them all.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { InvalidJobRefError, InvalidSettingError, RequestError } from "../errors/Errors.ts"
import { decodeGraphQl, decodeStandard } from "../http/ResponseDecoder.ts"
import type { GraphQlJobRetrievalResponse, StandardJobStatusResponse } from "../http/Responses.ts"
import * as StatusRequest from "../http/StatusRequest.ts"
import { type JobIdInput, JobRef, type JobRefInput } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import * as ClientLimiter from "../limiter/ClientLimiter.ts"
import type { Limiter } from "../limiter/Limiter.ts"
import type { JobKind } from "../model/index.ts"
import { type CallOptions, type CallSettings, callSettingsOf, type Settings } from "./ClientOptions.ts"
import { LastInlineResult } from "./LastInlineResult.ts"
import { Operation, type StatusWithAge } from "./Operation.ts"
import type { RawResponse } from "./RawResponse.ts"
import * as RequestSpan from "./RequestSpan.ts"

/** Why a call fails: the reference or an option that it was given, or the request. */
export type CallError = InvalidJobRefError | InvalidSettingError | RequestError

/** The three operations, and one view of them all. Calls at the same time that ask for the same share one request. */
export interface Client {
  /** `GET /standardjob/{id}/status`: the full response. */
  readonly getJobStatus: (id: JobIdInput, options?: CallOptions) => Effect.Effect<StandardJobStatusResponse, CallError>
  /** `GET /graphqlqueryjob/{id}`: the full response. Upstream's successor is `getGraphQlBulkJobStatus`. */
  readonly getGraphQlQueryJobStatus: (
    id: JobIdInput,
    options?: CallOptions
  ) => Effect.Effect<GraphQlJobRetrievalResponse, CallError>
  /** `GET /graphqlbulkjob/{id}`: the full response. */
  readonly getGraphQlBulkJobStatus: (
    id: JobIdInput,
    options?: CallOptions
  ) => Effect.Effect<GraphQlJobRetrievalResponse, CallError>
  /** The status of a job of any kind. A GraphQL response without a job is an `ApiError` whose body is the server's error text. */
  readonly get: (ref: JobRefInput, options?: CallOptions) => Effect.Effect<JobSnapshot, CallError>
  /**
   * Upstream's own response, for a gateway: status, headers and bytes, and the snapshot that they hold. A response with any other status
   * is a value, too, with the error that `get` would fail with; this fails only where there is no response.
   */
  readonly getRaw: (ref: JobRefInput, options?: CallOptions) => Effect.Effect<RawResponse, CallError>
}

/** One status call's view of a result: the snapshot, and the text itself when the server sent it inside the status. */
export interface ResultStatus {
  readonly snapshot: JobSnapshot
  /** `rawResult`, null when the result is elsewhere or there is none. */
  readonly inline: string | null
}

/** The operations, and what waiting and downloading are built on. */
export interface ClientCore {
  readonly client: Client
  /** One request for a job's status, without limiter and retries: for the tracker, which polls with permits of its own. */
  readonly request: (ref: JobRef) => Effect.Effect<StatusWithAge, RequestError>
  readonly limiter: Limiter
  /** The server's host, with its port. */
  readonly host: string
  /** The snapshot together with an inline result, with the client's retries. */
  readonly result: (ref: JobRef) => Effect.Effect<ResultStatus, RequestError>
  /** The inline result that came with a snapshot; null when it is not kept any more. */
  readonly inlineResultOf: (snapshot: JobSnapshot) => string | null
}

/** The operations of a client for as long as the scope is open. */
export const make = Effect.fnUntraced(function* (settings: Settings): Effect.fn.Return<ClientCore, never, Scope.Scope> {
  const { baseUrl, credential, headers } = settings
  const { host } = new URL(baseUrl)
  const account = { baseUrl, credential: credential.identity, headers }
  const limiter = yield* ClientLimiter.open(settings.limiter, account, settings.concurrency)
  const lastInlineResult = new LastInlineResult()
  const request = StatusRequest.make(settings)
  const context = { settings, host, limiter, request, traced: RequestSpan.make(baseUrl), lastInlineResult }
  const standard = new Operation(context, decodeStandard)
  const graphQlQuery = new Operation(context, decodeGraphQl)
  const graphQlBulk = new Operation(context, decodeGraphQl)
  const operations: Readonly<Record<JobKind, Operation<unknown>>> = {
    standard,
    "graphql-query": graphQlQuery,
    "graphql-bulk": graphQlBulk
  }
  yield* Effect.addFinalizer(() => Effect.forEach(Object.values(operations), ({ interruptAll }) => interruptAll))

  const call = <A>(
    ref: Result.Result<JobRef, InvalidJobRefError>,
    options: CallOptions | undefined,
    run: (ref: JobRef, call: CallSettings) => Effect.Effect<A, RequestError>
  ): Effect.Effect<A, CallError> => {
    if (Result.isFailure(ref)) return Effect.fail(ref.failure)
    const settingsOfCall = callSettingsOf(options, settings.call)
    return Result.isFailure(settingsOfCall)
      ? Effect.fail(settingsOfCall.failure)
      : run(ref.success, settingsOfCall.success)
  }

  const bodyOf =
    <Body>(operation: Operation<Body>) =>
    (ref: JobRef, call: CallSettings) =>
      Effect.map(operation.status(ref, call), ({ body }) => body)

  const result = (ref: JobRef, call: CallSettings): Effect.Effect<ResultStatus, RequestError> =>
    Effect.flatMap(operations[ref.kind].status(ref, call), ({ inline, snapshot }) =>
      Effect.map(Effect.fromResult(snapshot()), (snapshot) => {
        if (inline !== null) lastInlineResult.keep(snapshot, inline)
        return { snapshot, inline }
      })
    )

  return {
    client: {
      getJobStatus: (id, options) => call(JobRef.of("standard", id), options, bodyOf(standard)),
      getGraphQlQueryJobStatus: (id, options) => call(JobRef.of("graphql-query", id), options, bodyOf(graphQlQuery)),
      getGraphQlBulkJobStatus: (id, options) => call(JobRef.of("graphql-bulk", id), options, bodyOf(graphQlBulk)),
      get: (ref, options) =>
        call(JobRef.parse(ref), options, (ref, call) => Effect.map(result(ref, call), ({ snapshot }) => snapshot)),
      getRaw: (ref, options) => call(JobRef.parse(ref), options, (ref, call) => operations[ref.kind].raw(ref, call))
    },
    request: (ref) => operations[ref.kind].once(ref),
    limiter,
    host,
    result: (ref) => result(ref, settings.call),
    inlineResultOf: (snapshot) => lastInlineResult.of(snapshot)
  }
})
