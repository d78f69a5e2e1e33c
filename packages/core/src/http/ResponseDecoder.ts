/**
 * What a response means: the job's status, or the error that it is (contract, "Errors"). What an error shows of a response is redacted
 * here, and nowhere else.
 *
 * @module
 */
import * as Result from "effect/Result"
import {
  ApiError,
  ProblemDetailsError,
  type RequestError,
  ResponseDecodeError,
  TransportError
} from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import { parseJson } from "./Json.ts"
import type { Redaction } from "./Redaction.ts"
import { isSuccess, maxErrorBody } from "./ResponseBody.ts"
import { type Read, readGraphQl, readStandard } from "./ResponseReader.ts"
import type { GraphQlJobRetrievalResponse, StandardJobStatusResponse } from "./Responses.ts"
import { fromGraphQl, fromStandard, type SnapshotContext } from "./Snapshots.ts"
import type { RequestedJob, StatusResponse } from "./StatusRequest.ts"

/** A job's status in both forms. */
export interface DecodedStatus<Body> {
  /** The full response. */
  readonly body: Body
  /** The snapshot; an `ApiError` for a response without a job. */
  readonly snapshot: () => Result.Result<JobSnapshot, ApiError>
  /** `rawResult`, null when the result is elsewhere or there is none. */
  readonly inline: string | null
}

/** Decodes the response of one operation. */
export type Decode<Body> = (
  request: RequestedJob,
  response: StatusResponse,
  context: SnapshotContext
) => Result.Result<DecodedStatus<Body>, RequestError>

/** The response of a standard job. */
export const decodeStandard: Decode<StandardJobStatusResponse> = (request, response, context) =>
  Result.map(
    decodeBody(readStandard, ({ id }) => id, request, response, context.redaction),
    (body) => ({
      body,
      snapshot: () => Result.succeed(fromStandard(request.ref, body, context)),
      inline: body.rawResult ?? null
    })
  )

/** The response of a GraphQL job of either kind. */
export const decodeGraphQl: Decode<GraphQlJobRetrievalResponse> = (request, response, context) =>
  Result.flatMap(
    decodeBody(readGraphQl, ({ job }) => job?.id, request, response, context.redaction),
    (body) => {
      const { errors, job } = body
      const withoutJob = () => apiError(request, response, context.redaction, errors ?? "")
      const hasJob = job !== null && job !== undefined
      // GraphQL rate limits come with status 200 (contract, "Errors").
      if (!hasJob && withoutJob().transient) return Result.fail(withoutJob())
      return Result.succeed({
        body,
        snapshot: () =>
          hasJob ? Result.succeed(fromGraphQl(request.ref, job, errors, context)) : Result.fail(withoutJob()),
        inline: job?.rawResult ?? null
      })
    }
  )

const decodeBody = <A>(
  read: (json: unknown, receivedAt: number) => Read<A>,
  idOf: (body: A) => string | undefined,
  request: RequestedJob,
  response: StatusResponse,
  redaction: Redaction
): Result.Result<A, RequestError> => {
  const undecodable = (reason: ResponseDecodeError["reason"], issue: string) =>
    Result.fail(decodeError(request, response, redaction, { reason, issue }))
  if (!isSuccess(response.status)) return Result.fail(refusal(request, response, redaction))
  if (response.issue !== null) return undecodable("body-too-large", response.issue)
  if (response.text === "") return undecodable("empty-body", "")
  // The errors of a job may repeat the token; links keep their queries.
  const json = parseJson(redaction.secrets(response.text))
  if (Result.isFailure(json)) {
    return isCutShort(response.text) ? Result.fail(cutShort(request)) : undecodable("not-json", json.failure)
  }
  const body = read(json.success, response.receivedAt)
  if (Result.isFailure(body)) return undecodable("unexpected-body", body.failure)
  const id = idOf(body.success)
  return id === undefined || isSameId(request.ref, id)
    ? Result.succeed(body.success)
    : undecodable("status-of-another-job", `id is ${id}, not ${request.ref.id}`)
}

/** Ids of GraphQL jobs are texts in the path; one that is a number comes back in the response. */
const isSameId = (ref: JobRef, id: string) => ref.id === id || !isInteger.test(ref.id) || BigInt(ref.id) === BigInt(id)

const isInteger = /^-?\d{1,19}$/

/** JSON that lacks its end: a compressed body that was cut off comes without an error. */
const isCutShort = (text: string) => /^\s*\{/.test(text) && !/\}\s*$/.test(text)

const cutShort = ({ target }: RequestedJob) =>
  new TransportError({ ...target, code: "the body ended early", cause: null })

const refusal = (request: RequestedJob, response: StatusResponse, redaction: Redaction): RequestError => {
  const json = isJson(response.headers.get("content-type") ?? "") ? parsedObject(response.text) : undefined
  const problem = json !== undefined && problemStatuses.has(response.status) ? problemIn(json) : undefined
  if (problem === undefined) return apiError(request, response, redaction)
  return new ProblemDetailsError({
    ...responseFields(request, response, redaction),
    ...redactedProblem(problem, redaction)
  })
}

const problemStatuses: ReadonlySet<number> = new Set([400, 401, 403, 404])

interface Problem {
  readonly type: string | null
  readonly title: string | null
  readonly detail: string | null
  readonly instance: string | null
  readonly extensions: Readonly<Record<string, unknown>>
}

/** The problem in an object (RFC 9457); undefined for one whose members are something else. */
const problemIn = (json: Readonly<Record<string, unknown>>): Problem | undefined => {
  const { detail = null, instance = null, status: _, title = null, type = null, ...extensions } = json
  if (!isText(type) || !isText(title) || !isText(detail) || !isText(instance)) return undefined
  // A gateway in front of the API says why in `message` (contract, "Errors").
  const { message } = extensions
  return { type, title, detail: detail ?? (typeof message === "string" ? message : null), instance, extensions }
}

const isText = (value: unknown): value is string | null => value === null || typeof value === "string"

const redactedProblem = ({ extensions, ...texts }: Problem, { record, text }: Redaction) => {
  const redacted = (value: string | null) => (value === null ? null : text(value))
  return {
    type: redacted(texts.type),
    title: redacted(texts.title),
    detail: redacted(texts.detail),
    instance: redacted(texts.instance),
    extensions: record(extensions)
  }
}

/** A response that came whole and yet holds no job. */
const apiError = (request: RequestedJob, response: StatusResponse, redaction: Redaction, body?: string): ApiError =>
  new ApiError({ ...responseFields(request, response, redaction, body), retryAfter: response.retryAfter })

const decodeError = (
  request: RequestedJob,
  response: StatusResponse,
  redaction: Redaction,
  { issue, reason }: Pick<ResponseDecodeError, "issue" | "reason">
) =>
  new ResponseDecodeError({
    ...responseFields(request, response, redaction),
    reason,
    issue: redaction.text(issue).slice(0, 500)
  })

/** What an error shows of a response. */
const responseFields = (
  { target }: RequestedJob,
  { headers, status, text }: StatusResponse,
  redaction: Redaction,
  body = text
) => {
  const redacted = (value: string | null | undefined) =>
    value === null || value === undefined ? null : redaction.text(value)
  return {
    ...target,
    status,
    requestId: redacted(headers.get("x-ttd-request-id") ?? requestIdIn(text)),
    contentType: redacted(headers.get("content-type")),
    body: startOf(redaction.text(body.slice(0, 4 * maxShown)))
  }
}

/** Some gateways give the request id in the body alone (contract, "Servers and headers"). */
const requestIdIn = (text: string): string | undefined => {
  if (text.length > maxErrorBody) return undefined
  const { request_id: id } = parsedObject(text) ?? {}
  return typeof id === "string" ? id : undefined
}

const parsedObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  const json = Result.getOrElse(parseJson(text), () => undefined)
  return isObject(json) ? json : undefined
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** `application/json`, `application/problem+json` and their like, with any parameters. */
const isJson = (contentType: string) => /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType)

/** How much of a body an error shows, in bytes. */
const maxShown = 2048

/** The first bytes of a text, without half a character at the end. */
const startOf = (text: string): string => {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxShown))
  return text.slice(0, read)
}
