/** What ends a wait, and what does not. */
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
const riddenOut = (words: string, fault: Fault.Fault): Row => ({
  promise: "P4",
  server: `${words} once, while the job takes a minute`,
  job: { duration: minute },
  faults: [fault],
  call: waiting(),
  must: { give: { phase: "succeeded" }, requests: 7, within: [minute, minute + 12_000] }
})

const endsIt = (words: string, fault: Fault.Fault, fail: { readonly _tag: string; readonly status: number }): Row => ({
  promise: "P5",
  server: words,
  job: { duration: minute },
  faults: [fault],
  call: waiting(),
  must: { fail }
})

export const waits: Section = {
  title: "waits",
  rows: [
    {
      server: "works for a minute",
      job: { duration: minute },
      call: waiting(),
      must: { give: { phase: "succeeded" }, requests: 7, within: [minute, minute] }
    },
    {
      server: "ended the job before",
      call: waiting(),
      must: { give: { phase: "succeeded" } }
    },
    {
      server: "ends the job as Failure",
      job: { duration: minute, status: "Failure", errors: "No such column." },
      call: waiting(),
      must: { fail: { _tag: "JobFailedError", message: /No such column/ }, requests: 7, within: [minute, minute] }
    },
    {
      server: "ends the job as Cancelled",
      job: { kind: "graphql-bulk", id: "q", status: "Cancelled" },
      call: waiting(),
      must: { fail: { _tag: "JobFailedError", ref: "graphql-bulk:q" } }
    },
    {
      server: "ends the job as Failure, which the caller accepts",
      job: { status: "Failure" },
      call: waiting({ acceptFailure: true }),
      must: { give: { phase: "failed" } }
    },
    {
      server: "ends the job as PartialSuccess",
      job: { status: "PartialSuccess", errors: "Half of it." },
      call: waiting(),
      must: { give: { phase: "partially-succeeded", errors: ["Half of it."] } }
    },
    {
      server: "forgot the result long ago",
      job: { age: "3 days" },
      call: waiting(),
      must: { give: { phase: "expired" } }
    },
    {
      promise: "P13",
      server: "says 100 % of a job that never ends",
      job: { duration: "Infinity", progress: () => 100 },
      call: waiting({ timeout: "5 minutes" }),
      must: {
        fail: { _tag: "WaitTimeoutError", message: /last status: InProgress, 100 %/, transient: true },
        requests: 31,
        within: [5 * minute, 5 * minute]
      }
    },
    {
      promise: "P2",
      server: "ends the job as a status that is new",
      job: { status: "Archived" },
      call: waiting({ timeout: "1 minute" }),
      must: {
        fail: { _tag: "WaitTimeoutError", message: /last status: Archived/ },
        requests: 7,
        within: [minute, minute]
      }
    },
    ...[408, 425, 429, 500, 503].map((status) => riddenOut(`answers ${status}`, Fault.response(status))),
    riddenOut("resets the connection", Fault.connectionReset),
    riddenOut("cuts the body", Fault.truncatedBody()),
    riddenOut("sends no JSON", Fault.malformedJson()),
    riddenOut("sends a gateway's page with 200", Fault.htmlPage(200)),
    riddenOut("answers 240", Fault.response(240)),
    ...[400, 401, 403, 404].map((status) =>
      endsIt(`answers ${status} with a problem`, Fault.problem(status), { _tag: "ProblemDetailsError", status })
    ),
    endsIt("answers 404 with a page", Fault.htmlPage(404), { _tag: "ApiError", status: 404 }),
    endsIt("answers 410", Fault.response(410), { _tag: "ApiError", status: 410 }),
    endsIt("answers 302", Fault.redirectTo("/"), { _tag: "ApiError", status: 302 }),
    {
      promise: "P5",
      server: "does not know the job yet, and the caller gave it a minute",
      faults: [Fault.problem(404)],
      call: waiting({ notFoundGrace: "1 minute" }),
      must: { give: { phase: "succeeded" }, requests: 2, within: [1000, 12_000] }
    },
    {
      promise: "P6",
      server: "never answers",
      faults: [always(Fault.hang)],
      call: waiting({ timeout: "10 seconds" }),
      must: { fail: { _tag: "WaitTimeoutError", message: /last status: none/ }, within: [10_000, 10_000] }
    },
    {
      server: "asks for a pause of two minutes, and the wait has three",
      job: { duration: minute },
      faults: [Fault.tooManyRequests(120)],
      call: waiting({ timeout: "3 minutes" }),
      must: { give: { phase: "succeeded" }, requests: 2, within: [2 * minute, 2 * minute + 1000] }
    },
    {
      promise: "P3",
      server: "asks for a pause that is longer than the wait",
      job: { duration: minute },
      faults: [Fault.tooManyRequests(120)],
      call: waiting({ timeout: "1 minute" }),
      must: { fail: { _tag: "WaitTimeoutError", message: /429/ } }
    }
  ]
}
