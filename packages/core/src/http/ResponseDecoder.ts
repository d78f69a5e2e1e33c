/**
 * What an answer means: the body it holds, or the error it is (contract, "Errors").
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ApiError, ProblemDetailsError, type RequestError, ResponseDecodeError } from "../errors/Errors.ts"
import { parseJson } from "./Json.ts"
import { withoutQueries } from "./Redaction.ts"
import { ProblemDetails } from "./Responses.ts"
import type { Answer } from "./Transport.ts"

/** What was asked, for the errors. */
export interface Asked {
  readonly operation: string
  readonly ref: string
  readonly host: string
}

/** Reads the answer's body with a schema when it is a success, else fails with what it is. */
export const decodeAnswer = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S
): ((asked: Asked, answer: Answer) => Effect.Effect<S["Type"], RequestError>) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (asked, answer) => {
    if (answer.status !== 200) return Effect.fail(refusal(asked, answer))
    if (!isJson(answer.contentType ?? "application/json")) {
      return Effect.fail(undecodable(asked, answer, "not-json", `its content type is ${answer.contentType}`))
    }
    const json = parseJson(answer.text)
    if (Result.isFailure(json)) {
      return Effect.fail(
        answer.text === ""
          ? undecodable(asked, answer, "empty-body", "")
          : undecodable(asked, answer, "not-json", json.failure)
      )
    }
    const decoded = decode(json.success)
    return Result.isSuccess(decoded)
      ? Effect.succeed(decoded.success)
      : Effect.fail(undecodable(asked, answer, "unexpected-body", decoded.failure.message.replace(/\s+/g, " ")))
  }
}

/** An answer that came whole and yet holds no job. */
export const apiError = (asked: Asked, answer: Answer, body = answer.text): ApiError =>
  new ApiError({ ...answeredOf(asked, answer, body), retryAfter: answer.retryAfter })

const refusal = (asked: Asked, answer: Answer): RequestError => {
  const json = isJson(answer.contentType ?? "") ? Result.getSuccess(parseJson(answer.text)) : Option.none()
  const requestId = answer.requestId ?? Option.getOrNull(Option.flatMap(json, requestIdIn))
  const known = { ...answer, requestId }
  return Option.match(problemStatuses.has(answer.status) ? Option.flatMap(json, problemIn) : Option.none(), {
    onNone: () => apiError(asked, known),
    onSome: ({ type, title, status: _, detail, instance, ...extensions }) =>
      new ProblemDetailsError({
        ...answeredOf(asked, known),
        type: type ?? null,
        title: title ?? null,
        detail: detail ?? null,
        instance: instance ?? null,
        extensions
      })
  })
}

const problemStatuses: ReadonlySet<number> = new Set([400, 401, 403, 404])

const problemIn = Schema.decodeUnknownOption(ProblemDetails)

/** Some gateways tell the request id in the body alone (contract, "Servers and headers"). */
const requestIdIn = (json: unknown): Option.Option<string> =>
  Option.map(decodeRequestId(json), ({ request_id }) => request_id)

const decodeRequestId = Schema.decodeUnknownOption(Schema.Struct({ request_id: Schema.String }))

const undecodable = (asked: Asked, answer: Answer, reason: ResponseDecodeError["reason"], issue: string) =>
  new ResponseDecodeError({ ...answeredOf(asked, answer), reason, issue: issue.slice(0, 500) })

const answeredOf = (asked: Asked, { contentType, requestId, status, text }: Answer, body = text) => ({
  ...asked,
  status,
  requestId,
  contentType,
  body: startOf(body)
})

/** `application/json`, `application/problem+json` and their like, with any parameters. */
const isJson = (contentType: string) => /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType)

/** At most the first 2 KB of a text, without the queries of its links and without half a character at its end. */
const startOf = (text: string): string => {
  const start = new Uint8Array(mostBytes)
  const shown = withoutQueries(text.slice(0, mostBytes))
  const { read } = new TextEncoder().encodeInto(shown, start)
  return shown.slice(0, read)
}

const mostBytes = 2048
