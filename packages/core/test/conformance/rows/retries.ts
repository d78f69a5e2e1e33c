/** When a call is retried, and when it is not (contract, "Limits and retrying"). */
import { maxPause, RetryPolicy } from "@ttd-jobs/core"
import { Fault, type FaultRule } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import type { Call, Row, Section } from "../Row.ts"

const standard = { retry: {} }
const always = (fault: Fault.Fault): FaultRule => ({ fault, times: "always" })
const jitter = 1000

/** A date in `Retry-After` is read against the response's own `Date`. */
const paused = (retryAfter: string | number, date = "Mon, 23 Nov 2026 20:49:00 GMT") =>
  Fault.response(429, { headers: { "retry-after": String(retryAfter), date } })

/** One transient error, then a normal response: the pause is at least the header's, and only jitter is added. */
const header = (words: string, retryAfter: string | number, floor: number): Row => ({
  promise: "P3",
  server: `responds with 429 and Retry-After ${words}, then responds normally`,
  faults: [paused(retryAfter)],
  client: standard,
  expected: {
    value: { phase: "succeeded" },
    requests: 2,
    duration: [Math.max(500, floor), Math.max(500, floor) + jitter]
  }
})

const transient = (words: string, fault: Fault.Fault): Row => ({
  server: `${words}, then responds normally`,
  faults: [fault],
  client: standard,
  expected: { value: { phase: "succeeded" }, requests: 2, duration: [500, 500 + jitter] }
})

const permanent = (words: string, fault: Fault.Fault, _tag: string): Row => ({
  server: words,
  faults: [always(fault)],
  client: standard,
  expected: { error: { _tag }, requests: 1 }
})

const tooLong = (words: string, retryAfter: string, pause: number): Row => ({
  promise: "P3",
  server: `responds with 429 and Retry-After ${words}`,
  faults: [always(paused(retryAfter))],
  client: standard,
  expected: { error: { _tag: "ApiError", status: 429, retryAfter: pause }, requests: 1 }
})

const twice =
  (second: Call): Call =>
  (jobs, ref) =>
    Effect.andThen(Effect.exit(jobs.get(ref, { retry: false })), second(jobs, ref))

export const retries: Section = {
  title: "retries and pauses",
  rows: [
    ...[408, 425, 429, 500, 502, 503, 504].map((status) =>
      transient(`responds with ${status}`, Fault.response(status))
    ),
    transient("resets the connection", Fault.connectionReset),
    transient("cuts the body", Fault.truncatedBody(9)),
    header("7", 7, 7000),
    header("0", 0, 0),
    header("007", "007", 7000),
    header("as an IMF-fixdate in 9 s", "Mon, 23 Nov 2026 20:49:09 GMT", 9000),
    header("as an RFC 850 date in 9 s", "Monday, 23-Nov-26 20:49:09 GMT", 9000),
    header("as an asctime date in 9 s", "Mon Nov 23 20:49:09 2026", 9000),
    header("in the past", "Mon, 23 Nov 2026 20:00:00 GMT", 0),
    header("of -5", "-5", 0),
    header("of 1.5", "1.5", 1500),
    header("of garbage", "soon", 0),
    header("that is empty", "", 0),
    tooLong("61", "61", 61_000),
    tooLong("of a thousand years", "31536000000", maxPause),
    tooLong("of more digits than a number holds", "9".repeat(400), maxPause),
    tooLong("as a date next year", "Tue, 23 Nov 2027 20:49:00 GMT", maxPause),
    {
      promise: "P3",
      server: "has a clock that is an hour ahead, and sends Retry-After as a date in 9 s",
      faults: [paused("Mon, 23 Nov 2026 21:49:09 GMT", "Mon, 23 Nov 2026 21:49:00 GMT")],
      client: standard,
      expected: { value: { phase: "succeeded" }, requests: 2, duration: [9000, 10_000] }
    },
    {
      server: "responds with 503 without end",
      faults: [always(Fault.serverError(503))],
      client: { retry: { maxElapsedTime: "10 seconds", initialInterval: 4000, exponent: 1 } },
      expected: { error: { _tag: "ApiError", status: 503 }, requests: 3, duration: [8000, 10_000] }
    },
    {
      server: "never responds",
      faults: [always(Fault.hang)],
      client: standard,
      expected: { error: { _tag: "RequestTimeoutError", timeout: 30_000 }, requests: 2, duration: [60_500, 61_500] }
    },
    {
      server: "never responds the first request",
      faults: [Fault.hang],
      client: { retry: {}, timeout: 2000 },
      expected: { value: { phase: "succeeded" }, requests: 2, duration: [2500, 3500] }
    },
    {
      server: "stops within the body",
      faults: [Fault.stall(20)],
      client: { timeout: "5 seconds" },
      expected: { error: { _tag: "RequestTimeoutError", timeout: 5000, transient: true }, duration: [5000, 5000] }
    },
    {
      server: "takes longer than one attempt may",
      faults: [Fault.latency("10 seconds")],
      client: { timeout: 3000 },
      expected: { error: { _tag: "RequestTimeoutError", timeout: 3000 }, duration: [3000, 3000] }
    },
    {
      server: "resets the connection, and the client does not retry that",
      faults: [Fault.connectionReset],
      client: { retry: { retryConnectionErrors: false } },
      expected: { error: { _tag: "TransportError" } }
    },
    {
      server: "responds with 503, and the client does not retry connection errors",
      faults: [Fault.serverError(503)],
      client: { retry: { retryConnectionErrors: false } },
      expected: { value: { phase: "succeeded" }, requests: 2, duration: [500, 1500] }
    },
    ...[400, 401, 403, 404].map((status) =>
      permanent(`responds with ${status} and a problem`, Fault.problem(status), "ProblemDetailsError")
    ),
    ...[204, 240, 302, 409, 410].map((status) =>
      permanent(`responds with ${status}`, Fault.response(status), "ApiError")
    ),
    permanent("sends no JSON", Fault.malformedJson("Service is up"), "ResponseDecodeError"),
    permanent("sends a page", Fault.htmlPage(200), "ResponseDecodeError"),
    {
      server: "responds with 500 for half an hour",
      faults: [{ fault: Fault.serverError(500), times: 37 }],
      client: { retry: RetryPolicy.vendor },
      expected: { value: { phase: "succeeded" }, requests: 38, duration: [1_500_000, 2_000_000] }
    },
    {
      server: "responds with 503, and this call does not retry",
      faults: [Fault.serverError(503)],
      client: standard,
      call: (jobs, ref) => jobs.get(ref, { retry: false }),
      expected: { error: { _tag: "ApiError", status: 503 } }
    },
    {
      server: "responds with 503, and this call alone retries",
      faults: [Fault.serverError(503)],
      call: (jobs, ref) => jobs.get(ref, { retry: { initialInterval: 3000 } }),
      expected: { value: { phase: "succeeded" }, requests: 2, duration: [3000, 4000] }
    },
    {
      server: "has paused the endpoint for 20 s in an earlier call",
      faults: [Fault.tooManyRequests(20)],
      call: twice((jobs, ref) => jobs.get(ref, { retry: {} })),
      expected: { value: { phase: "succeeded" }, requests: 2, duration: [20_000, 20_000 + jitter] }
    },
    {
      server: "has paused the endpoint for 20 s in an earlier call with 503",
      faults: [Fault.serverError(503, 20)],
      call: twice((jobs) => jobs.get("standard:412651", { retry: {} })),
      expected: { value: { phase: "succeeded" }, requests: 2, duration: [20_000, 20_000 + jitter] }
    },
    {
      promise: "P3",
      server: "has paused the endpoint in an earlier call that this one cannot wait for",
      faults: [Fault.tooManyRequests(20)],
      call: twice((jobs, ref) => jobs.get(ref)),
      expected: { error: { _tag: "RateLimitedError", status: 429 }, requests: 1 }
    },
    {
      server: "asked another endpoint for a pause",
      faults: [Fault.tooManyRequests(20)],
      call: twice((jobs) => Effect.flip(jobs.get("graphql-bulk:q"))),
      expected: { value: { _tag: "ProblemDetailsError", status: 404 }, requests: 2 }
    }
  ]
}
