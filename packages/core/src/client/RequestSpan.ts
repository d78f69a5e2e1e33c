/**
 * Spans of calls, with OpenTelemetry's attributes of an HTTP client. They cover all attempts, and never name a job or a token.
 *
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import type { RequestedJob, StatusResponse } from "../http/StatusRequest.ts"
import { jobKinds } from "../model/index.ts"

/** Notes an attempt and its response in the span. */
export type NoteAttempt = <E, R>(
  attempt: number,
  request: Effect.Effect<StatusResponse, E, R>
) => Effect.Effect<StatusResponse, E, R>

/** Runs a call in a span of its own where there is a tracer. */
export type Traced = <A, E>(job: RequestedJob, run: (note: NoteAttempt) => Effect.Effect<A, E>) => Effect.Effect<A, E>

/** Spans of the calls to one server. */
export const make = (baseUrl: string): Traced => {
  const { hostname, port } = new URL(baseUrl)
  const server = {
    "http.request.method": "GET",
    "server.address": hostname,
    ...(port === "" ? {} : { "server.port": Number(port) })
  }
  return ({ ref, target }, run) =>
    Effect.contextWith((context: Context.Context<never>) => {
      // A span that nobody exports would cost as much as the decoding.
      if (Context.getOrUndefined(context, Tracer.Tracer) === undefined) return run(noted)
      const attributes = { ...server, "url.template": jobKinds[ref.kind].path }
      return Effect.useSpan(target.operation, { kind: "client", attributes }, (span) => run(notedIn(span)))
    })
}

const noted: NoteAttempt = (_, request) => request

const notedIn =
  (span: Tracer.Span): NoteAttempt =>
  (attempt, request) => {
    if (attempt > 1) span.attribute("http.request.resend_count", attempt - 1)
    return Effect.tap(request, ({ status }) => Effect.sync(() => span.attribute("http.response.status_code", status)))
  }
