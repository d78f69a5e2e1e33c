/** What each HTTP status means (contract, "Errors"). */
import { Fault } from "@ttd-jobs/simulator"
import type { Row, Section } from "../Row.ts"

const json = (body: string, contentType = "application/json") => ({ body, contentType })
const job = '{"id":412651,"createdAtUtc":"2026-11-23T20:49:00Z","status":"Success"}'

/** A status that is neither a success nor a problem, whatever the body holds. */
const unexpected = (status: number, transient: boolean): Row => ({
  server: `responds with ${status} and a job`,
  faults: [Fault.response(status, json(job))],
  expected: { error: { _tag: "ApiError", status, body: job, requestId: /./, retryAfter: null, transient } }
})

const withoutBody = (status: number): Row => ({
  server: `responds with ${status} without a body`,
  faults: [Fault.response(status)],
  expected: { error: { _tag: "ApiError", status, body: "", contentType: null, transient: false } }
})

const redirect = (status: 301 | 302 | 303 | 307 | 308): Row => ({
  server: `responds with ${status} to another place of its own`,
  faults: [Fault.redirectTo("/standardjob/7/status", status)],
  expected: { error: { _tag: "ApiError", status, transient: false } }
})

const problem = (status: number): Row => ({
  server: `responds with ${status} and a problem`,
  faults: [Fault.problem(status, { type: "about:blank", title: "No", detail: "Because.", instance: "/x" })],
  expected: {
    error: {
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

const gatewayPage = (status: number): Row => ({
  server: `responds with ${status} and a gateway's page`,
  faults: [Fault.htmlPage(status)],
  expected: {
    error: { _tag: "ApiError", status, contentType: "text/html; charset=utf-8", body: /<h1>/, transient: false }
  }
})

export const statuses: Section = {
  title: "statuses",
  rows: [
    ...[201, 202, 206, 240].map((status) => unexpected(status, false)),
    {
      server: "responds with 203 and a job that a proxy has changed",
      faults: [Fault.response(203, json(job))],
      expected: { value: { phase: "succeeded" } }
    },
    ...[204, 205, 240, 304].map(withoutBody),
    ...([301, 302, 303, 307, 308] as const).map(redirect),
    {
      server: "responds with 302 to a gateway's sign-in page on another host",
      faults: [Fault.redirectTo("https://signin.example/")],
      expected: { error: { _tag: "ApiError", status: 302, host: /^127\.0\.0\.1:/, transient: false } }
    },
    ...[400, 401, 403, 404].map(problem),
    ...[400, 401, 403, 404].map(gatewayPage),
    ...[402, 405, 409, 410, 413, 418, 422, 451, 499].map((status) => unexpected(status, false)),
    ...[408, 425, 429, 500, 501, 502, 503, 504, 520, 599].map((status) => unexpected(status, true)),
    {
      server: "responds with 404 and application/problem+json",
      faults: [Fault.response(404, json('{"title":"Gone astray"}', "application/problem+json; charset=utf-8"))],
      expected: { error: { _tag: "ProblemDetailsError", status: 404, title: "Gone astray", detail: null } }
    },
    {
      server: "responds with 400 and a problem of nulls",
      faults: [Fault.response(400, json('{"type":null,"title":null,"status":null,"detail":null,"instance":null}'))],
      expected: { error: { _tag: "ProblemDetailsError", status: 400, type: null, title: null, extensions: {} } }
    },
    {
      server: "responds with 400 and an empty problem",
      faults: [Fault.response(400, json("{}"))],
      expected: { error: { _tag: "ProblemDetailsError", status: 400, title: null } }
    },
    {
      server: "responds with 403 and a problem that has more members",
      faults: [Fault.problem(403, { traceId: "4f3a", errors: { id: ["is not yours"] } })],
      expected: {
        error: { _tag: "ProblemDetailsError", extensions: { traceId: "4f3a", errors: { id: ["is not yours"] } } }
      }
    },
    {
      server: "responds with 400, and 404 in the problem",
      faults: [Fault.response(400, json('{"status":404}'))],
      expected: { error: { _tag: "ProblemDetailsError", status: 400 } }
    },
    ...['["no"]', '"no"', "null", '{"title":7}', "{", ""].map(
      (body): Row => ({
        server: `responds with 401 and ${body || "nothing"} as JSON`,
        faults: [Fault.response(401, json(body))],
        expected: { error: { _tag: "ApiError", status: 401, body, transient: false } }
      })
    ),
    {
      server: "responds with 422 and a problem",
      faults: [Fault.problem(422, { detail: "Because." })],
      expected: { error: { _tag: "ApiError", status: 422, body: /Because/, transient: false } }
    },
    {
      server: "responds with 401 and a problem that is cut short",
      client: { token: "another-token-than-that" },
      faults: [Fault.truncatedBody(10)],
      expected: { error: { _tag: "ApiError", status: 401, body: /^\{"type":"h$/, transient: false } }
    },
    {
      server: "responds with 404 without a request id",
      faults: [Fault.response(404, { ...json("{}"), requestId: false })],
      expected: { error: { _tag: "ProblemDetailsError", requestId: null } }
    },
    {
      server: "responds with 502 and the request id in the body alone",
      faults: [Fault.response(502, { ...json('{"message":"no","request_id":"4f3a-7"}'), requestId: false })],
      expected: { error: { _tag: "ApiError", status: 502, requestId: "4f3a-7" } }
    },
    {
      promise: "P5",
      server: "rejects the token with a body that never ends",
      client: { token: "another-token-than-that" },
      faults: [Fault.stall(10)],
      expected: { error: { _tag: "ApiError", status: 401, body: /^\{"type":"h$/ }, duration: [1000, 1000] }
    },
    {
      server: "responds with 401 and a gateway's message",
      faults: [Fault.response(401, { ...json('{"message":"Unauthorized","request_id":"4f3a-8"}'), requestId: false })],
      expected: { error: { _tag: "ProblemDetailsError", status: 401, detail: "Unauthorized", requestId: "4f3a-8" } }
    },
    {
      server: "has retired the endpoint of GraphQL queries",
      job: { kind: "graphql-query", id: "q" },
      faults: [Fault.response(410)],
      expected: {
        error: { _tag: "ApiError", status: 410, operation: "getGraphQlQueryJobStatus", ref: "graphql-query:q" }
      }
    },
    {
      server: "does not have the job",
      call: (jobs) => jobs.get("standard:1"),
      expected: { error: { _tag: "ProblemDetailsError", status: 404, ref: "standard:1" } }
    },
    {
      server: "rejects the token",
      client: { token: "another-token-than-that" },
      expected: { error: { _tag: "ProblemDetailsError", status: 401, requestId: /./ } }
    }
  ]
}
