/** When a call is repeated, and when it is not (contract, "Limits and retrying"). */
import { RetryPolicy } from "@ttd-jobs/core"
import { Fault, type FaultRule } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import type { Call, Row, Section } from "../Row.ts"

const standard = { retry: {} }
const always = (fault: Fault.Fault): FaultRule => ({ fault, times: "always" })
const jitter = 1000

/** One refusal that may pass, then the honest answer: the pause is the header's at least, and jitter is all that is added. */
const header = (words: string, retryAfter: string | number, floor: number): Row => ({
  promise: "P3",
  server: `answers 429 with Retry-After ${words}, then honestly`,
  faults: [Fault.tooManyRequests(retryAfter)],
  client: standard,
  must: { give: { phase: "succeeded" }, requests: 2, within: [Math.max(500, floor), Math.max(500, floor) + jitter] }
})

const passing = (words: string, fault: Fault.Fault): Row => ({
  server: `${words}, then answers honestly`,
  faults: [fault],
  client: standard,
  must: { give: { phase: "succeeded" }, requests: 2, within: [500, 500 + jitter] }
})

const lasting = (words: string, fault: Fault.Fault, _tag: string): Row => ({
  server: words,
  faults: [always(fault)],
  client: standard,
  must: { fail: { _tag }, requests: 1 }
})

const tooLong = (words: string, retryAfter: string, pause: number): Row => ({
  promise: "P3",
  server: `answers 429 with Retry-After ${words}`,
  faults: [always(Fault.tooManyRequests(retryAfter))],
  client: standard,
  must: { fail: { _tag: "ApiError", status: 429, retryAfter: pause }, requests: 1 }
})

const twice =
  (second: Call): Call =>
  (jobs, ref) =>
    Effect.andThen(Effect.exit(jobs.get(ref, { retry: false })), second(jobs, ref))

export const retries: Section = {
  title: "retries and pauses",
  rows: [
    ...[408, 425, 429, 500, 502, 503, 504].map((status) => passing(`answers ${status}`, Fault.response(status))),
    passing("resets the connection", Fault.connectionReset),
    passing("cuts the body", Fault.truncatedBody(9)),
    header("7", 7, 7000),
    header("0", 0, 0),
    header("007", "007", 7000),
    header("as an IMF-fixdate in 9 s", "Mon, 23 Nov 2026 20:49:09 GMT", 9000),
    header("as an RFC 850 date in 9 s", "Monday, 23-Nov-26 20:49:09 GMT", 9000),
    header("as an asctime date in 9 s", "Mon Nov 23 20:49:09 2026", 9000),
    header("in the past", "Mon, 23 Nov 2026 20:00:00 GMT", 0),
    header("of -5", "-5", 0),
    header("of 1.5", "1.5", 0),
    header("of garbage", "soon", 0),
    header("that is empty", "", 0),
    tooLong("61", "61", 61_000),
    tooLong("of a thousand years", "31536000000", 31_536_000_000_000),
    tooLong("of more digits than a number holds", "9".repeat(400), Number.MAX_SAFE_INTEGER),
    tooLong("as a date next year", "Tue, 23 Nov 2027 20:49:00 GMT", 31_536_000_000),
    {
      server: "answers 503 without end",
      faults: [always(Fault.serverError(503))],
      client: { retry: { maxElapsedTime: "10 seconds", initialInterval: 4000, exponent: 1 } },
      must: { fail: { _tag: "ApiError", status: 503 }, requests: 3, within: [8000, 10_000] }
    },
    {
      server: "never answers",
      faults: [always(Fault.hang)],
      client: standard,
      must: { fail: { _tag: "RequestTimeoutError", timeout: 30_000 }, requests: 2, within: [60_500, 61_500] }
    },
    {
      server: "never answers the first request",
      faults: [Fault.hang],
      client: { retry: {}, timeout: 2000 },
      must: { give: { phase: "succeeded" }, requests: 2, within: [2500, 3500] }
    },
    {
      server: "stops within the body",
      faults: [Fault.stall(20)],
      client: { timeout: "5 seconds" },
      must: { fail: { _tag: "RequestTimeoutError", timeout: 5000, transient: true }, within: [5000, 5000] }
    },
    {
      server: "takes longer than one attempt may",
      faults: [Fault.latency("10 seconds")],
      client: { timeout: 3000 },
      must: { fail: { _tag: "RequestTimeoutError", timeout: 3000 }, within: [3000, 3000] }
    },
    {
      server: "resets the connection, and the client was told not to repeat that",
      faults: [Fault.connectionReset],
      client: { retry: { retryConnectionErrors: false } },
      must: { fail: { _tag: "TransportError" } }
    },
    {
      server: "answers 503, and the client was told not to repeat broken connections",
      faults: [Fault.serverError(503)],
      client: { retry: { retryConnectionErrors: false } },
      must: { give: { phase: "succeeded" }, requests: 2, within: [500, 1500] }
    },
    ...[400, 401, 403, 404].map((status) =>
      lasting(`answers ${status} with a problem`, Fault.problem(status), "ProblemDetailsError")
    ),
    ...[204, 240, 302, 409, 410].map((status) => lasting(`answers ${status}`, Fault.response(status), "ApiError")),
    lasting("sends no JSON", Fault.malformedJson(), "ResponseDecodeError"),
    lasting("sends a page", Fault.htmlPage(200), "ResponseDecodeError"),
    {
      server: "answers 500 for half an hour",
      faults: [{ fault: Fault.serverError(500), times: 37 }],
      client: { retry: RetryPolicy.vendor },
      must: { give: { phase: "succeeded" }, requests: 38, within: [1_500_000, 2_000_000] }
    },
    {
      server: "answers 503, and this call was told not to repeat",
      faults: [Fault.serverError(503)],
      client: standard,
      call: (jobs, ref) => jobs.get(ref, { retry: false }),
      must: { fail: { _tag: "ApiError", status: 503 } }
    },
    {
      server: "answers 503, and this call alone was told to repeat",
      faults: [Fault.serverError(503)],
      call: (jobs, ref) => jobs.get(ref, { retry: { initialInterval: 3000 } }),
      must: { give: { phase: "succeeded" }, requests: 2, within: [3000, 4000] }
    },
    {
      server: "asked an earlier call for a pause of 20 s",
      faults: [Fault.tooManyRequests(20)],
      call: twice((jobs, ref) => jobs.get(ref, { retry: {} })),
      must: { give: { phase: "succeeded" }, requests: 2, within: [20_000, 20_000 + jitter] }
    },
    {
      server: "asked an earlier call for a pause of 20 s with 503",
      faults: [Fault.serverError(503, 20)],
      call: twice((jobs) => jobs.get("standard:412651", { retry: {} })),
      must: { give: { phase: "succeeded" }, requests: 2, within: [20_000, 20_000 + jitter] }
    },
    {
      promise: "P3",
      server: "asked an earlier call for a pause that this one cannot wait for",
      faults: [Fault.tooManyRequests(20)],
      call: twice((jobs, ref) => jobs.get(ref)),
      must: { fail: { _tag: "RateLimitedError", status: 429 }, requests: 1 }
    },
    {
      server: "asked another endpoint for a pause",
      faults: [Fault.tooManyRequests(20)],
      call: twice((jobs) => Effect.flip(jobs.get("graphql-bulk:q"))),
      must: { give: { _tag: "ProblemDetailsError", status: 404 }, requests: 2 }
    }
  ]
}
