/** What each HTTP status means (contract, "Errors"). */
import { Fault } from "@ttd-jobs/simulator"
import type { Row, Section } from "../Row.ts"

const json = (body: string, contentType = "application/json") => ({ body, contentType })
const job = '{"id":412651,"createdAtUtc":"2026-11-23T20:49:00Z","status":"Success"}'

/** A status that is no success and no refusal with a problem, whatever it holds. */
const unexpected = (status: number, transient: boolean): Row => ({
  server: `answers ${status} with a job`,
  faults: [Fault.response(status, json(job))],
  must: { fail: { _tag: "ApiError", status, body: job, requestId: /./, retryAfter: null, transient } }
})

const withoutBody = (status: number): Row => ({
  server: `answers ${status} without a body`,
  faults: [Fault.response(status)],
  must: { fail: { _tag: "ApiError", status, body: "", contentType: null, transient: false } }
})

const redirect = (status: 301 | 302 | 303 | 307 | 308): Row => ({
  server: `answers ${status} to another place of its own`,
  faults: [Fault.redirectTo("/standardjob/7/status", status)],
  must: { fail: { _tag: "ApiError", status, transient: false } }
})

const refusal = (status: number): Row => ({
  server: `answers ${status} with a problem`,
  faults: [Fault.problem(status, { type: "about:blank", title: "No", detail: "Because.", instance: "/x" })],
  must: {
    fail: {
      _tag: "ProblemDetailsError",
      status,
      type: "about:blank",
      title: "No",
      detail: "Because.",
      instance: "/x",
      extensions: {},
      transient: false
    }
  }
})

const noProblem = (status: number): Row => ({
  server: `answers ${status} with a gateway's page`,
  faults: [Fault.htmlPage(status)],
  must: { fail: { _tag: "ApiError", status, contentType: "text/html; charset=utf-8", body: /<h1>/, transient: false } }
})

export const statuses: Section = {
  title: "statuses",
  rows: [
    ...[201, 202, 203, 206, 240].map((status) => unexpected(status, false)),
    ...[204, 205, 240, 304].map(withoutBody),
    ...([301, 302, 303, 307, 308] as const).map(redirect),
    {
      server: "answers 302 to a gateway's sign-in page on another host",
      faults: [Fault.redirectTo("https://signin.example/")],
      must: { fail: { _tag: "ApiError", status: 302, host: /^127\.0\.0\.1:/, transient: false } }
    },
    ...[400, 401, 403, 404].map(refusal),
    ...[400, 401, 403, 404].map(noProblem),
    ...[402, 405, 409, 410, 413, 418, 422, 451, 499].map((status) => unexpected(status, false)),
    ...[408, 425, 429, 500, 501, 502, 503, 504, 520, 599].map((status) => unexpected(status, true)),
    {
      server: "answers 404 with application/problem+json",
      faults: [Fault.response(404, json('{"title":"Gone astray"}', "application/problem+json; charset=utf-8"))],
      must: { fail: { _tag: "ProblemDetailsError", status: 404, title: "Gone astray", detail: null } }
    },
    {
      server: "answers 400 with a problem of nulls",
      faults: [Fault.response(400, json('{"type":null,"title":null,"status":null,"detail":null,"instance":null}'))],
      must: { fail: { _tag: "ProblemDetailsError", status: 400, type: null, title: null, extensions: {} } }
    },
    {
      server: "answers 400 with an empty problem",
      faults: [Fault.response(400, json("{}"))],
      must: { fail: { _tag: "ProblemDetailsError", status: 400, title: null } }
    },
    {
      server: "answers 403 with a problem that has more members",
      faults: [Fault.problem(403, { traceId: "4f3a", errors: { id: ["is not yours"] } })],
      must: {
        fail: { _tag: "ProblemDetailsError", extensions: { traceId: "4f3a", errors: { id: ["is not yours"] } } }
      }
    },
    {
      server: "answers 400, and 404 in the problem",
      faults: [Fault.response(400, json('{"status":404}'))],
      must: { fail: { _tag: "ProblemDetailsError", status: 400 } }
    },
    ...['["no"]', '"no"', "null", '{"title":7}', "{", ""].map(
      (body): Row => ({
        server: `answers 401 with ${body || "nothing"} as JSON`,
        faults: [Fault.response(401, json(body))],
        must: { fail: { _tag: "ApiError", status: 401, body, transient: false } }
      })
    ),
    {
      server: "answers 422 with a problem",
      faults: [Fault.problem(422, { detail: "Because." })],
      must: { fail: { _tag: "ApiError", status: 422, body: /Because/, transient: false } }
    },
    {
      server: "answers 401 with a problem that is cut short",
      client: { token: "another-token-than-that" },
      faults: [Fault.truncatedBody(10)],
      must: { fail: { _tag: "ApiError", status: 401, body: /^\{"type":"h$/, transient: false } }
    },
    {
      server: "answers 404 without a request id",
      faults: [Fault.response(404, { ...json("{}"), requestId: false })],
      must: { fail: { _tag: "ProblemDetailsError", requestId: null } }
    },
    {
      server: "answers 502 with the request id in the body alone",
      faults: [Fault.response(502, { ...json('{"message":"no","request_id":"4f3a-7"}'), requestId: false })],
      must: { fail: { _tag: "ApiError", status: 502, requestId: "4f3a-7" } }
    },
    {
      server: "has retired the endpoint of GraphQL queries",
      job: { kind: "graphql-query", id: "q" },
      faults: [Fault.response(410)],
      must: { fail: { _tag: "ApiError", status: 410, operation: "getGraphQlQueryJobStatus", ref: "graphql-query:q" } }
    },
    {
      server: "does not know the job",
      call: (jobs) => jobs.get("standard:1"),
      must: { fail: { _tag: "ProblemDetailsError", status: 404, ref: "standard:1" } }
    },
    {
      server: "does not know the token",
      client: { token: "another-token-than-that" },
      must: { fail: { _tag: "ProblemDetailsError", status: 401, requestId: /./ } }
    }
  ]
}
