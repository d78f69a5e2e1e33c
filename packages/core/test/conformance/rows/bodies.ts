/** What may be wrong with the body of a success, and what may not. */
import { Fault, ResultScript } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import type { Row, Section } from "../Row.ts"

const job = '{"id":412651,"createdAtUtc":"2026-11-23T20:49:00Z","status":"Success"}'
const pages = "<html>".repeat(100_000)

const readable = (contentType: string | null): Row => ({
  server: `calls its JSON ${contentType ?? "nothing at all"}`,
  faults: [Fault.response(200, { body: job, contentType })],
  must: { give: { phase: "succeeded" } }
})

const unreadable = (contentType: string): Row => ({
  server: `calls its JSON ${contentType}`,
  faults: [Fault.wrongContentType(contentType)],
  must: { fail: { _tag: "ResponseDecodeError", status: 200, contentType, issue: /content type/, transient: false } }
})

const noJob = (body: string, reason: string, issue: RegExp = /^/): Row => ({
  server: `answers 200 with ${body || "an empty body"}`,
  faults: [Fault.response(200, { body, contentType: "application/json" })],
  must: { fail: { _tag: "ResponseDecodeError", status: 200, body, requestId: /./, reason, issue, transient: false } }
})

export const bodies: Section = {
  title: "bodies",
  rows: [
    ...[
      null,
      "application/json; charset=utf-8",
      "APPLICATION/JSON",
      "application/vnd.ttd.v1+json",
      " application/json;charset=utf-8;v=1"
    ].map(readable),
    ...["text/plain", "text/html", "application/octet-stream", "application/jsonp", "text/json"].map(unreadable),
    noJob("", "empty-body"),
    noJob("null", "unexpected-body", /object/),
    noJob("[]", "unexpected-body", /object|Missing/),
    noJob('"Success"', "unexpected-body", /object/),
    noJob("{}", "unexpected-body", /id/),
    noJob("Service is up", "not-json"),
    noJob(`${job}${job}`, "not-json"),
    noJob("{'id':1}", "not-json"),
    {
      server: "answers 200 with a gateway's page",
      faults: [Fault.htmlPage(200)],
      must: {
        fail: { _tag: "ResponseDecodeError", status: 200, contentType: "text/html; charset=utf-8", body: /<h1>/ }
      }
    },
    {
      server: "answers 200 with a page of 600 KB",
      faults: [Fault.response(200, { body: pages, contentType: "text/html" })],
      must: { fail: { _tag: "ResponseDecodeError", body: pages.slice(0, 2048) } }
    },
    {
      server: "answers 500 with a page of 600 KB",
      faults: [Fault.response(500, { body: pages, contentType: "text/html" })],
      must: { fail: { _tag: "ApiError", status: 500, body: pages.slice(0, 2048) } }
    },
    {
      server: "answers 500 with three bytes to a character",
      faults: [Fault.response(500, { body: "€".repeat(1000) })],
      must: { fail: { _tag: "ApiError", body: "€".repeat(682) } }
    },
    {
      server: "sends JSON without its end",
      faults: [Fault.malformedJson()],
      must: { fail: { _tag: "ResponseDecodeError", status: 200, reason: "not-json" } }
    },
    {
      server: "closes the connection within a body of known length",
      faults: [Fault.truncatedBody(20)],
      must: { fail: { _tag: "TransportError", transient: true } }
    },
    {
      server: "closes the connection within a chunked body",
      faults: [Fault.truncatedChunks(20)],
      must: { fail: { _tag: "TransportError", transient: true } }
    },
    {
      server: "resets the connection",
      faults: [Fault.connectionReset],
      must: { fail: { _tag: "TransportError", code: /./, transient: true } }
    },
    {
      server: "is not there",
      call: (jobs) => jobs.get("standard:1"),
      client: { server: "http://127.0.0.1:9" },
      must: { fail: { _tag: "TransportError", host: "127.0.0.1:9", transient: true }, requests: 0 }
    },
    {
      server: "sends 135 MB",
      faults: [Fault.oversizedBody(135)],
      must: { fail: { _tag: "ResponseDecodeError", status: 200, body: "", issue: /longer than 128 MiB/ } }
    },
    {
      server: "sends a result of 20 MB inside the answer",
      job: { result: ResultScript.inline("é".repeat(10_000_000)) },
      must: { give: { result: { inline: true, bytes: 20_000_000 } } }
    },
    {
      server: "begins its JSON with a byte order mark",
      faults: [Fault.malformedJson(`\ufeff${job}`)],
      must: { give: { phase: "succeeded" } }
    },
    {
      server: "sends the body a few bytes at a time, across characters",
      faults: [Fault.slowBody({ bytes: 7, every: 100 })],
      job: { result: ResultScript.inline("€uro") },
      call: (jobs) => Effect.map(jobs.getJobStatus(412651), ({ rawResult }) => ({ rawResult })),
      must: { give: { rawResult: "€uro" }, within: [1000, 10_000] }
    },
    {
      server: "echoes the token in the body of a refusal",
      faults: [Fault.response(500, { body: "you sent tok_S3cr3t-7f0a91c2, which" })],
      must: { fail: { _tag: "ApiError", body: "you sent <redacted>, which" } }
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
      must: {
        fail: {
          _tag: "ProblemDetailsError",
          title: "no <redacted>",
          extensions: { seen: ["<redacted>"] },
          requestId: "<redacted>"
        }
      }
    }
  ]
}
