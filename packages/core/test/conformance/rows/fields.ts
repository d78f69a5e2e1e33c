/** Fields of a job: statuses, ids, dates, percentages, nulls, unknown and malformed ones. */
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
      server: `reports ${status} for a ${kind} job`,
      job: { kind: kindOf(kind), status },
      expected: { value: { kind, status, phase, errors: [] } }
    })
  )
)

function kindOf(kind: string) {
  return kind === "graphql-query" || kind === "graphql-bulk" ? kind : "standard"
}

const malformed = (field: string, value: unknown): Row => ({
  server: `has ${field} ${JSON.stringify(value)}`,
  faults: [Fault.fieldValue(field, value)],
  expected: { error: { _tag: "ResponseDecodeError", status: 200, issue: new RegExp(field), body: /^{"id":/ } }
})

/** A malformed optional field counts as absent, and the status is kept. */
const optional = (field: string, value: Readonly<Record<string, unknown>>, ...values: ReadonlyArray<unknown>) =>
  values.map(
    (malformed): Row => ({
      promise: "P19",
      server: `sends ${field} as ${JSON.stringify(malformed)}`,
      faults: [Fault.fieldValue(field, malformed)],
      expected: { value: { phase: "succeeded", ...value } }
    })
  )

const rateLimit = '{"job":null,"errors":"RESOURCE_LIMIT_EXCEEDED: too many queries"}'

const without = (field: string): Row => ({
  server: `leaves ${field} out`,
  faults: [Fault.missingRequiredField(field)],
  expected: { error: { _tag: "ResponseDecodeError", issue: new RegExp(field) } }
})

const percentage = (value: number | null, completionPercentage: number | null): Row => ({
  server: `has a percentage of ${value}`,
  faults: [Fault.fieldValue("completionPercentage", value)],
  expected: { value: { completionPercentage } }
})

const date = (createdAtUtc: string, createdAt: string): Row => ({
  server: `writes a time as ${createdAtUtc}`,
  faults: [Fault.fieldValue("createdAtUtc", createdAtUtc)],
  expected: { value: { createdAt } }
})

const fullResponse =
  (id: string): Call =>
  (jobs) =>
    Effect.map(jobs.getJobStatus(id), ({ id }) => ({ id }))

const hugeId = (id: string): Row => ({
  server: `sends the id ${id} as a bare number`,
  job: { id },
  faults: [Fault.otherId(id)],
  call: fullResponse(id),
  expected: { value: { id } }
})

const awkwardId = (id: string): Row => ({
  server: `has a job with id ${JSON.stringify(id)}`,
  job: { kind: "graphql-bulk", id },
  expected: { value: { ref: `graphql-bulk:${id}`, id, phase: "succeeded" } }
})

const noJob = (withoutJob: "absent" | "null", kind: "graphql-query" | "graphql-bulk"): ReadonlyArray<Row> => {
  const job: JobScript = { kind, id: "q", withoutJob, errors: "No such query." }
  return [
    {
      server: `responds to a ${kind} job with errors and job ${withoutJob}`,
      job,
      expected: { error: { _tag: "ApiError", status: 200, body: "No such query.", transient: false } }
    },
    {
      server: `responds to a ${kind} job with errors and job ${withoutJob}, to the typed operation`,
      job,
      call: (jobs) =>
        kind === "graphql-query" ? jobs.getGraphQlQueryJobStatus("q") : jobs.getGraphQlBulkJobStatus("q"),
      expected: { value: { errors: "No such query." } }
    }
  ]
}

export const fields: Section = {
  title: "fields",
  rows: [
    ...everyStatus,
    {
      server: "uses a new status",
      faults: [Fault.unknownStatus("Archived")],
      expected: { value: { status: "Archived", phase: "unknown", expiresAt: null } }
    },
    {
      server: "uses an empty status",
      faults: [Fault.unknownStatus("")],
      expected: { value: { status: "", phase: "unknown" } }
    },
    {
      server: "writes a status in lower case",
      faults: [Fault.unknownStatus("success")],
      expected: { value: { status: "success", phase: "unknown" } }
    },
    {
      server: "adds unknown fields",
      faults: [Fault.extraFields],
      expected: { value: { phase: "succeeded", completionPercentage: 100 } }
    },
    {
      server: "sends null wherever it may",
      faults: [Fault.nullFields],
      expected: {
        value: { phase: "succeeded", completionPercentage: null, completedAt: null, result: null, errors: [] }
      }
    },
    {
      server: "sends null wherever it may, for a GraphQL job",
      job: { kind: "graphql-bulk", id: "q" },
      faults: [Fault.nullFields],
      expected: { value: { phase: "succeeded", completionPercentage: null, result: null, errors: [] } }
    },
    {
      server: "sends only what is required",
      faults: [Fault.missingOptionalFields],
      expected: {
        value: { phase: "succeeded", completionPercentage: null, completedAt: null, result: null, errors: [] }
      }
    },
    ...["id", "createdAtUtc", "status"].map(without),
    malformed("status", null),
    malformed("status", 3),
    malformed("id", null),
    malformed("id", "x"),
    malformed("id", 1.5),
    malformed("createdAtUtc", null),
    malformed("createdAtUtc", "yesterday"),
    malformed("createdAtUtc", "1"),
    malformed("createdAtUtc", 1_764_000_000),
    ...optional("completedAtUtc", { completedAt: null }, "soon", "", 7, "0001-01-01T00:00:00"),
    ...optional("completionPercentage", { completionPercentage: null }, "50", true, {}),
    ...optional("url", { result: { inline: true, bytes: 66 } }, 7, ["https://files.example"]),
    ...optional("rawResult", { completionPercentage: 100 }, 7, {}),
    ...optional("errors", { errors: [] }, 7, {}, [7]),
    ...optional("errors", { errors: ["no"] }, ["no"]),
    {
      server: "reports a GraphQL rate limit with 200 once",
      job: { kind: "graphql-bulk", id: "7" },
      faults: [Fault.response(200, { body: rateLimit, contentType: "application/json" })],
      client: { retry: {} },
      expected: { value: { phase: "succeeded" }, requests: 2, duration: [500, 1500] }
    },
    {
      server: "reports a GraphQL rate limit with 200, to the typed operation",
      job: { kind: "graphql-bulk", id: "7" },
      faults: [Fault.response(200, { body: rateLimit, contentType: "application/json" })],
      call: (jobs) => jobs.getGraphQlBulkJobStatus("7"),
      expected: { error: { _tag: "ApiError", status: 200, body: /RESOURCE_LIMIT_EXCEEDED/, transient: true } }
    },
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
      server: "has a job with the largest int64 as id",
      job: { id: "9223372036854775807" },
      expected: { value: { ref: "standard:9223372036854775807", phase: "succeeded" } }
    },
    ...["a/b", "a?b#c", "%2F", "..%2f..", "a b+c&d", "ünïcödé ✓", "007", "a:b", "a;b=c", "\\\n\t"].map(awkwardId),
    ...noJob("absent", "graphql-query"),
    ...noJob("null", "graphql-bulk"),
    {
      server: "sends errors in all three places",
      job: {
        kind: "graphql-bulk",
        id: "q",
        status: "PartialSuccess",
        errors: "one",
        runtimeErrors: ["two", ""],
        queryGqlErrors: ["three"]
      },
      expected: { value: { phase: "partially-succeeded", errors: ["one", "two", "three"] } }
    },
    {
      server: "has no result of a success",
      job: { result: ResultScript.none },
      expected: { value: { phase: "succeeded", result: null, expiresAt: "2026-11-24T20:49:00.000Z" } }
    },
    {
      server: "has an empty result",
      job: { result: ResultScript.inline("") },
      expected: { value: { result: { inline: true, bytes: 0 } } }
    },
    {
      server: "sends a link to the result",
      job: { result: ResultScript.link({ size: 5 }) },
      expected: { value: { result: { inline: false, url: /^http:/ } } }
    },
    {
      server: "has deleted the result after its lifetime",
      job: { age: "25 hours" },
      expected: { value: { status: "ResultsExpired", phase: "expired", expiresAt: "2026-11-23T19:49:00.000Z" } }
    }
  ]
}
