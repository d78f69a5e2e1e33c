/** Bodies of successes: what is read, and what is not. */
import { Fault, ResultScript } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import type { Row, Section } from "../Row.ts"

const job = '{"id":412651,"createdAtUtc":"2026-11-23T20:49:00Z","status":"Success"}'
const graphQlJob = (id: number) => `{"job":{"id":${id},"createdAt":"2026-11-23T20:49:00Z","status":"Success"}}`
const json = (body: string) => ({ body, contentType: "application/json" })
const pages = "<html>".repeat(100_000)

const labelled = (contentType: string | null): Row => ({
  server: `labels its JSON ${contentType ?? "with no content type"}`,
  faults: [Fault.response(200, { body: job, contentType })],
  expected: { value: { phase: "succeeded" } }
})

const noJob = (body: string, reason: string, issue: string | RegExp = /^/): Row => ({
  server: `responds with 200 and ${body || "an empty body"}`,
  faults: [Fault.response(200, { body, contentType: "application/json" })],
  expected: {
    error: { _tag: "ResponseDecodeError", status: 200, body, requestId: /./, reason, issue, transient: false }
  }
})

export const bodies: Section = {
  title: "bodies",
  rows: [
    ...[
      null,
      "application/json; charset=utf-8",
      "APPLICATION/JSON",
      "application/vnd.ttd.v1+json",
      " application/json;charset=utf-8;v=1",
      "text/plain",
      "text/html",
      "application/octet-stream",
      "application/jsonp",
      "text/json"
    ].map(labelled),
    noJob("", "empty-body"),
    noJob("null", "unexpected-body", "the body: expected an object, got null"),
    noJob("[]", "unexpected-body", "the body: expected an object, got []"),
    noJob('"Success"', "unexpected-body", 'the body: expected an object, got "Success"'),
    noJob("{}", "unexpected-body", "id: expected an int64, got nothing"),
    noJob("Service is up", "not-json"),
    noJob(`${job}${job}`, "not-json"),
    noJob("{'id':1}", "not-json"),
    {
      promise: "P19",
      server: "responds with another job",
      faults: [Fault.fieldValue("id", 999)],
      expected: {
        error: { _tag: "ResponseDecodeError", reason: "status-of-another-job", issue: "id is 999, not 412651" }
      }
    },
    {
      promise: "P19",
      server: "responds with another GraphQL job",
      job: { kind: "graphql-bulk", id: "7" },
      faults: [Fault.response(200, json(graphQlJob(8)))],
      expected: { error: { _tag: "ResponseDecodeError", reason: "status-of-another-job", issue: "id is 8, not 7" } }
    },
    {
      server: "responds with a number as the id of a GraphQL job that was named by a text",
      job: { kind: "graphql-bulk", id: "q" },
      faults: [Fault.response(200, json(graphQlJob(8)))],
      expected: { value: { ref: "graphql-bulk:q", phase: "succeeded" } }
    },
    {
      promise: "P4",
      server: "sends JSON without its end once",
      faults: [Fault.response(200, json(job.slice(0, -5)))],
      client: { retry: {} },
      expected: { value: { phase: "succeeded" }, requests: 2, duration: [500, 1500] }
    },
    {
      server: "responds with 200 and a gateway's page",
      faults: [Fault.htmlPage(200)],
      expected: {
        error: { _tag: "ResponseDecodeError", status: 200, contentType: "text/html; charset=utf-8", body: /<h1>/ }
      }
    },
    {
      server: "responds with 200 and a page of 600 KB",
      faults: [Fault.response(200, { body: pages, contentType: "text/html" })],
      expected: { error: { _tag: "ResponseDecodeError", body: pages.slice(0, 2048) } }
    },
    {
      server: "responds with 500 and a page of 600 KB",
      faults: [Fault.response(500, { body: pages, contentType: "text/html" })],
      expected: { error: { _tag: "ApiError", status: 500, body: pages.slice(0, 2048) } }
    },
    {
      server: "responds with 500 and three bytes to a character",
      faults: [Fault.response(500, { body: "€".repeat(1000) })],
      expected: { error: { _tag: "ApiError", body: "€".repeat(682) } }
    },
    {
      server: "sends JSON without its end",
      faults: [Fault.malformedJson()],
      expected: { error: { _tag: "TransportError", code: "the body ended early", transient: true } }
    },
    {
      server: "closes the connection within a body of known length",
      faults: [Fault.truncatedBody(20)],
      expected: { error: { _tag: "TransportError", transient: true } }
    },
    {
      server: "closes the connection within a chunked body",
      faults: [Fault.truncatedChunks(20)],
      expected: { error: { _tag: "TransportError", transient: true } }
    },
    {
      server: "resets the connection",
      faults: [Fault.connectionReset],
      expected: { error: { _tag: "TransportError", code: /./, transient: true } }
    },
    {
      server: "cannot be reached",
      call: (jobs) => jobs.get("standard:1"),
      client: { server: "http://127.0.0.1:9" },
      expected: { error: { _tag: "TransportError", host: "127.0.0.1:9", transient: true }, requests: 0 }
    },
    {
      server: "sends 135 MB",
      faults: [Fault.oversizedBody(135)],
      expected: { error: { _tag: "ResponseDecodeError", status: 200, body: "", issue: /longer than 128 MiB/ } }
    },
    {
      server: "sends a result of 20 MB inside the response",
      job: { result: ResultScript.inline("é".repeat(10_000_000)) },
      expected: { value: { result: { inline: true, bytes: 20_000_000 } } }
    },
    {
      server: "begins its JSON with a byte order mark",
      faults: [Fault.malformedJson(`\ufeff${job}`)],
      expected: { value: { phase: "succeeded" } }
    },
    {
      server: "sends the body a few bytes at a time, across characters",
      faults: [Fault.slowBody({ bytes: 7, every: 100 })],
      job: { result: ResultScript.inline("€uro") },
      call: (jobs) => Effect.map(jobs.getJobStatus(412651), ({ rawResult }) => ({ rawResult })),
      expected: { value: { rawResult: "€uro" }, duration: [1000, 10_000] }
    },
    {
      server: "echoes the token in the body of a 500",
      faults: [Fault.response(500, { body: "you sent tok_S3cr3t-7f0a91c2, which" })],
      expected: { error: { _tag: "ApiError", body: "you sent <redacted>, which" } }
    },
    {
      server: "echoes the token in a problem and in its headers",
      faults: [
        Fault.response(401, {
          body: '{"title":"no tok_S3cr3t-7f0a91c2","seen":["tok_S3cr3t-7f0a91c2"]}',
          contentType: "application/json; seen=tok_S3cr3t-7f0a91c2",
          headers: { "x-ttd-request-id": "tok_S3cr3t-7f0a91c2" }
        })
      ],
      expected: {
        error: {
          _tag: "ProblemDetailsError",
          title: "no <redacted>",
          extensions: { seen: ["<redacted>"] },
          requestId: "<redacted>"
        }
      }
    }
  ]
}
