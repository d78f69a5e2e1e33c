/** What a job's fields may hold: statuses, ids, dates, percentages, nulls, and what nobody has heard of. */
import { Fault, type JobScript, ResultScript } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import type { Call, Row, Section } from "../Row.ts"

const phases = {
  standard: {
    InProgress: "running",
    Failure: "failed",
    Success: "succeeded",
    PartialSuccess: "partially-succeeded",
    ResultsExpired: "expired"
  },
  "graphql-query": graphQlPhases(),
  "graphql-bulk": graphQlPhases()
} as const

function graphQlPhases() {
  return {
    Queued: "queued",
    InProgress: "running",
    PartialSuccess: "partially-succeeded",
    Failure: "failed",
    Success: "succeeded",
    Cancelled: "cancelled"
  } as const
}

const everyStatus = Object.entries(phases).flatMap(([kind, statuses]) =>
  Object.entries(statuses).map(
    ([status, phase]): Row => ({
      server: `says ${status} of a ${kind} job`,
      job: { kind: kindOf(kind), status },
      must: { give: { kind, status, phase, errors: [] } }
    })
  )
)

function kindOf(kind: string) {
  return kind === "graphql-query" || kind === "graphql-bulk" ? kind : "standard"
}

const misfit = (field: string, value: unknown): Row => ({
  server: `has ${field} ${JSON.stringify(value)}`,
  faults: [Fault.fieldValue(field, value)],
  must: { fail: { _tag: "ResponseDecodeError", status: 200, issue: new RegExp(field), body: /^{"id":/ } }
})

const without = (field: string): Row => ({
  server: `leaves ${field} out`,
  faults: [Fault.missingRequiredField(field)],
  must: { fail: { _tag: "ResponseDecodeError", issue: new RegExp(field) } }
})

const percentage = (value: number | null, completionPercentage: number | null): Row => ({
  server: `has a percentage of ${value}`,
  faults: [Fault.fieldValue("completionPercentage", value)],
  must: { give: { completionPercentage } }
})

const date = (createdAtUtc: string, createdAt: string): Row => ({
  server: `writes a time as ${createdAtUtc}`,
  faults: [Fault.fieldValue("createdAtUtc", createdAtUtc)],
  must: { give: { createdAt } }
})

const fullAnswer: Call = (jobs) => Effect.map(jobs.getJobStatus(412651), ({ id }) => ({ id }))

const hugeId = (id: string): Row => ({
  server: `sends the id ${id} as a bare number`,
  faults: [Fault.otherId(id)],
  call: fullAnswer,
  must: { give: { id } }
})

const awkwardId = (id: string): Row => ({
  server: `knows a job by the id ${JSON.stringify(id)}`,
  job: { kind: "graphql-bulk", id },
  must: { give: { ref: `graphql-bulk:${id}`, id, phase: "succeeded" } }
})

const noJob = (withoutJob: "absent" | "null", kind: "graphql-query" | "graphql-bulk"): ReadonlyArray<Row> => {
  const job: JobScript = { kind, id: "q", withoutJob, errors: "No such query." }
  return [
    {
      server: `answers a ${kind} with errors, and job is ${withoutJob}`,
      job,
      must: { fail: { _tag: "ApiError", status: 200, body: "No such query.", transient: false } }
    },
    {
      server: `answers a ${kind} with errors, and job is ${withoutJob}, to the typed operation`,
      job,
      call: (jobs) =>
        kind === "graphql-query" ? jobs.getGraphQlQueryJobStatus("q") : jobs.getGraphQlBulkJobStatus("q"),
      must: { give: { errors: "No such query." } }
    }
  ]
}

export const fields: Section = {
  title: "fields",
  rows: [
    ...everyStatus,
    {
      server: "uses a status that is new",
      faults: [Fault.unknownStatus("Archived")],
      must: { give: { status: "Archived", phase: "unknown", expiresAt: null } }
    },
    {
      server: "uses the empty text for a status",
      faults: [Fault.unknownStatus("")],
      must: { give: { status: "", phase: "unknown" } }
    },
    {
      server: "writes a status in another case",
      faults: [Fault.unknownStatus("success")],
      must: { give: { status: "success", phase: "unknown" } }
    },
    {
      server: "adds fields nobody has heard of",
      faults: [Fault.extraFields],
      must: { give: { phase: "succeeded", completionPercentage: 100 } }
    },
    {
      server: "says null wherever it may",
      faults: [Fault.nullFields],
      must: { give: { phase: "succeeded", completionPercentage: null, completedAt: null, result: null, errors: [] } }
    },
    {
      server: "says null wherever it may, of a GraphQL job",
      job: { kind: "graphql-bulk", id: "q" },
      faults: [Fault.nullFields],
      must: { give: { phase: "succeeded", completionPercentage: null, result: null, errors: [] } }
    },
    {
      server: "sends only what is required",
      faults: [Fault.missingOptionalFields],
      must: { give: { phase: "succeeded", completionPercentage: null, completedAt: null, result: null, errors: [] } }
    },
    ...["id", "createdAtUtc", "status"].map(without),
    misfit("status", null),
    misfit("status", 3),
    misfit("id", null),
    misfit("id", "x"),
    misfit("id", 1.5),
    misfit("createdAtUtc", null),
    misfit("createdAtUtc", "yesterday"),
    misfit("createdAtUtc", "1"),
    misfit("createdAtUtc", 1_764_000_000),
    misfit("completedAtUtc", "soon"),
    misfit("completionPercentage", "50"),
    misfit("url", 7),
    misfit("errors", ["no"]),
    percentage(42.5, 42.5),
    percentage(140, 100),
    percentage(-3, 0),
    percentage(0, 0),
    percentage(null, null),
    date("2026-11-23T20:49:00.1234567Z", "2026-11-23T20:49:00.123Z"),
    date("2026-11-23T20:49:00.1234567", "2026-11-23T20:49:00.123Z"),
    date("2026-11-23T20:49:00", "2026-11-23T20:49:00.000Z"),
    date("2026-07-01T00:30:00", "2026-07-01T00:30:00.000Z"),
    date("2026-11-23T22:49:00+02:00", "2026-11-23T20:49:00.000Z"),
    date("2026-11-23T15:49:00.5-05:00", "2026-11-23T20:49:00.500Z"),
    hugeId("9007199254740993"),
    hugeId("9223372036854775807"),
    hugeId("-9223372036854775808"),
    {
      server: "knows a job by the largest int64",
      job: { id: "9223372036854775807" },
      must: { give: { ref: "standard:9223372036854775807", phase: "succeeded" } }
    },
    ...["a/b", "a?b#c", "%2F", "..%2f..", "a b+c&d", "ünïcödé ✓", "007", "a:b", "a;b=c", "\\\n\t"].map(awkwardId),
    ...noJob("absent", "graphql-query"),
    ...noJob("null", "graphql-bulk"),
    {
      server: "tells errors in all three places",
      job: {
        kind: "graphql-bulk",
        id: "q",
        status: "PartialSuccess",
        errors: "one",
        runtimeErrors: ["two", ""],
        queryGqlErrors: ["three"]
      },
      must: { give: { phase: "partially-succeeded", errors: ["one", "two", "three"] } }
    },
    {
      server: "has no result of a success",
      job: { result: ResultScript.none },
      must: { give: { phase: "succeeded", result: null, expiresAt: "2026-11-24T20:49:00.000Z" } }
    },
    {
      server: "has an empty result",
      job: { result: ResultScript.inline("") },
      must: { give: { result: { inline: true, bytes: 0 } } }
    },
    {
      server: "has its result elsewhere",
      job: { result: ResultScript.link({ size: 5 }) },
      must: { give: { result: { inline: false, url: /^http:/ } } }
    },
    {
      server: "forgot the result after a day",
      job: { age: "25 hours" },
      must: { give: { status: "ResultsExpired", phase: "expired", expiresAt: "2026-11-23T19:49:00.000Z" } }
    }
  ]
}
