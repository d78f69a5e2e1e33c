/** What ends a wait, and what does not (P4, P5). */
import type { WaitOptions } from "@ttd-jobs/core"
import { Fault, type FaultRule } from "@ttd-jobs/simulator"
import type { Call, Row, Section } from "../Row.ts"

const minute = 60_000
const fixed = { interval: "10 seconds" } as const

const waiting =
  (options: WaitOptions = {}): Call =>
  (jobs, ref) =>
    jobs.wait(ref, { timeout: "1 hour", poll: fixed, ...options })

const always = (fault: Fault.Fault): FaultRule => ({ fault, times: "always" })

/** A job that ends in a minute, asked for every ten seconds; the first poll meets the fault. */
const survived = (words: string, fault: Fault.Fault): Row => ({
  promise: "P4",
  server: `${words} once, while the job takes a minute`,
  job: { duration: minute },
  faults: [fault],
  call: waiting(),
  expected: { value: { phase: "succeeded" }, requests: 7, duration: [minute, minute + 12_000] }
})

const ends = (words: string, fault: Fault.Fault, error: { readonly _tag: string; readonly status: number }): Row => ({
  promise: "P5",
  server: words,
  job: { duration: minute },
  faults: [fault],
  call: waiting(),
  expected: { error }
})

export const waits: Section = {
  title: "waits",
  rows: [
    {
      server: "works for a minute",
      job: { duration: minute },
      call: waiting(),
      expected: { value: { phase: "succeeded" }, requests: 7, duration: [minute, minute] }
    },
    {
      server: "ended the job before",
      call: waiting(),
      expected: { value: { phase: "succeeded" } }
    },
    {
      server: "ends the job as Failure",
      job: { duration: minute, status: "Failure", errors: "No such column." },
      call: waiting(),
      expected: {
        error: { _tag: "JobFailedError", message: /No such column/ },
        requests: 7,
        duration: [minute, minute]
      }
    },
    {
      server: "ends the job as Cancelled",
      job: { kind: "graphql-bulk", id: "q", status: "Cancelled" },
      call: waiting(),
      expected: { error: { _tag: "JobFailedError", ref: "graphql-bulk:q" } }
    },
    {
      server: "ends the job as Failure, which the caller accepts",
      job: { status: "Failure" },
      call: waiting({ acceptFailure: true }),
      expected: { value: { phase: "failed" } }
    },
    {
      server: "ends the job as PartialSuccess",
      job: { status: "PartialSuccess", errors: "Half of it." },
      call: waiting(),
      expected: { value: { phase: "partially-succeeded", errors: ["Half of it."] } }
    },
    {
      server: "has deleted the result long ago",
      job: { age: "3 days" },
      call: waiting(),
      expected: { value: { phase: "expired" } }
    },
    {
      promise: "P13",
      server: "reports 100 % for a job that never ends",
      job: { duration: "Infinity", progress: () => 100 },
      call: waiting({ timeout: "5 minutes" }),
      expected: {
        error: { _tag: "WaitTimeoutError", message: /last status: InProgress, 100 %/, transient: true },
        requests: 31,
        duration: [5 * minute, 5 * minute]
      }
    },
    {
      promise: "P2",
      server: "ends the job as a status that is new",
      job: { status: "Archived" },
      call: waiting({ timeout: "1 minute" }),
      expected: {
        error: { _tag: "WaitTimeoutError", message: /last status: Archived/ },
        requests: 7,
        duration: [minute, minute]
      }
    },
    ...[408, 425, 429, 500, 503].map((status) => survived(`responds with ${status}`, Fault.response(status))),
    survived("resets the connection", Fault.connectionReset),
    survived("cuts the body", Fault.truncatedBody()),
    survived("sends no JSON", Fault.malformedJson()),
    survived("sends a gateway's page with 200", Fault.htmlPage(200)),
    survived("responds with 240", Fault.response(240)),
    ...[400, 401, 403, 404].map((status) =>
      ends(`responds with ${status} and a problem`, Fault.problem(status), { _tag: "ProblemDetailsError", status })
    ),
    ends("responds with 404 and a page", Fault.htmlPage(404), { _tag: "ApiError", status: 404 }),
    ends("responds with 410", Fault.response(410), { _tag: "ApiError", status: 410 }),
    ends("responds with 302", Fault.redirectTo("/"), { _tag: "ApiError", status: 302 }),
    {
      promise: "P5",
      server: "rejects the token with a body that never ends",
      client: { token: "another-token-than-that" },
      faults: [Fault.stall(10)],
      call: waiting(),
      expected: { error: { _tag: "ApiError", status: 401 }, duration: [1000, 1000] }
    },
    {
      promise: "P5",
      server: "does not have the job yet, and the caller allows a minute",
      faults: [Fault.problem(404)],
      call: waiting({ notFoundGrace: "1 minute" }),
      expected: { value: { phase: "succeeded" }, requests: 2, duration: [1000, 12_000] }
    },
    {
      promise: "P6",
      server: "never responds",
      faults: [always(Fault.hang)],
      call: waiting({ timeout: "10 seconds" }),
      expected: { error: { _tag: "WaitTimeoutError", message: /last status: none/ }, duration: [10_000, 10_000] }
    },
    {
      server: "asks for a pause of two minutes, and the wait has three",
      job: { duration: minute },
      faults: [Fault.tooManyRequests(120)],
      call: waiting({ timeout: "3 minutes" }),
      expected: { value: { phase: "succeeded" }, requests: 2, duration: [2 * minute, 2 * minute + 1000] }
    },
    {
      promise: "P3",
      server: "asks for a pause that is longer than the wait",
      job: { duration: minute },
      faults: [Fault.tooManyRequests(120)],
      call: waiting({ timeout: "1 minute" }),
      expected: { error: { _tag: "WaitTimeoutError", message: /429/ } }
    }
  ]
}
