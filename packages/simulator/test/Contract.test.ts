import { describe, expect, it } from "@effect/vitest"
import { JobRef, jobKinds } from "@ttd-jobs/core"
import { Effect, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Fault, type JobScript, ResultScript, Simulator } from "../src/index.ts"
import { violations } from "./OpenApiDocument.ts"
import { request, requestStatus } from "./Requests.ts"

const Milliseconds = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))
const Texts = Schema.Array(Schema.String)

const Results = Schema.Union([
  Schema.Struct({ _tag: Schema.Literal("NoResult") }),
  Schema.Struct({ _tag: Schema.Literal("InlineResult"), text: Schema.String }),
  Schema.Struct({
    _tag: Schema.Literal("FileResult"),
    size: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000 })),
    origin: Schema.optional(Schema.Literals(["files", "api"])),
    text: Schema.optional(Schema.String),
    oneTimeLink: Schema.optional(Schema.Boolean),
    alsoInline: Schema.Boolean
  })
])

const common = {
  account: Schema.optional(Schema.Literals(["default", "agency"])),
  queued: Schema.optional(Milliseconds),
  duration: Schema.optional(Milliseconds),
  age: Schema.optional(Milliseconds),
  progress: Schema.optional(Schema.Literals(["steady", "stalled", "bursty", "none"])),
  errors: Schema.optional(Schema.NullOr(Schema.String)),
  runtimeErrors: Schema.optional(Schema.NullOr(Texts)),
  queryGqlErrors: Schema.optional(Schema.NullOr(Texts)),
  result: Schema.optional(Results),
  withoutJob: Schema.optional(Schema.Literals(["absent", "null"])),
  dates: Schema.optional(Schema.Literals(["utc", "no-offset", "offset", "seconds"])),
  empty: Schema.optional(Schema.Literals(["null", "absent"]))
}

/** Scripts whose statuses are in the OpenAPI document. */
const Script = Schema.Union([
  Schema.Struct({
    ...common,
    kind: Schema.Literal("standard"),
    id: Schema.optional(
      Schema.Union([Schema.Int, Schema.Literals(["9223372036854775807", "-9223372036854775808", "007"])])
    ),
    status: Schema.optional(Schema.Literals(["Failure", "Success", "PartialSuccess"]))
  }),
  Schema.Struct({
    ...common,
    kind: Schema.Literals(["graphql-query", "graphql-bulk"]),
    id: Schema.optional(
      Schema.Union([
        Schema.String.check(Schema.makeFilter((id: string) => Result.isSuccess(JobRef.of("graphql-bulk", id)))),
        Schema.Literals(["007", "-0", "a/b?c#d", "%2F", "9223372036854775808"])
      ])
    ),
    status: Schema.optional(Schema.Literals(["PartialSuccess", "Failure", "Success", "Cancelled"]))
  })
])

/** The responses for a job, now and at later times, match the document. */
const matchesDocument = Effect.fnUntraced(function* (script: JobScript) {
  const simulator = yield* Simulator
  const ref = yield* simulator.addJob(script)
  const dates = script.dates === "no-offset" ? "offset-optional" : "strict"
  for (const pause of [0, 1_000, 60_000, 2_000_000, 3_600_000, 24 * 3_600_000]) {
    yield* TestClock.adjust(pause)
    const response = yield* requestStatus(simulator, ref)
    expect(response.status).toBe(200)
    expect(violations(jobKinds[ref.kind].operationId, response, dates)).toEqual([])
  }
})

const simulated = Effect.provide(Simulator.layer())

describe("a response without a fault matches the OpenAPI document", () => {
  it.effect.prop("for any script", [Script], ([script]) => matchesDocument(script).pipe(simulated), {
    arbitrary: { runs: 150 }
  })

  it.effect.each<JobScript>([
    { kind: "graphql-bulk", id: "007" },
    { kind: "graphql-query", id: "-0" },
    { kind: "graphql-bulk", progress: (elapsed) => elapsed / 3 },
    { id: "-9223372036854775808" },
    { progress: (elapsed) => 140 * elapsed - 20 },
    { progress: () => null, result: ResultScript.none },
    { result: ResultScript.text("date,impressions\n") },
    { kind: "graphql-bulk", result: ResultScript.file({ size: 3_000_000 }) }
  ])("for %j", (script) => matchesDocument(script).pipe(simulated))

  it.effect.each([
    { path: "/standardjob/1/status", token: undefined, status: 401, operation: "getJobStatus" },
    { path: "/standardjob/1/status", token: "stolen", status: 401, operation: "getJobStatus" },
    { path: "/graphqlqueryjob/x", token: undefined, status: 401, operation: "getGraphQlQueryJobStatus" },
    { path: "/graphqlbulkjob/x", token: "stolen", status: 401, operation: "getGraphQlBulkJobStatus" },
    { path: "/standardjob/x/status", token: "simulator-token", status: 400, operation: "getJobStatus" },
    {
      path: "/standardjob/9223372036854775808/status",
      token: "simulator-token",
      status: 400,
      operation: "getJobStatus"
    },
    { path: "/standardjob/1/status", token: "simulator-token", status: 404, operation: "getJobStatus" },
    { path: "/graphqlqueryjob/x", token: "simulator-token", status: 404, operation: "getGraphQlQueryJobStatus" },
    { path: "/graphqlbulkjob/x", token: "simulator-token", status: 404, operation: "getGraphQlBulkJobStatus" }
  ] as const)("with status $status for $path and the token $token", ({ operation, path, status, token }) =>
    Effect.gen(function* () {
      const { url } = yield* Simulator
      const response = yield* request(url + path, { headers: token === undefined ? {} : { "ttd-auth": token } })
      expect(response.status).toBe(status)
      expect(violations(operation, response)).toEqual([])
      const problem = { status, title: expect.any(String), detail: expect.any(String) }
      // The gateway rejects requests without a token, and writes no problem documents.
      expect(JSON.parse(response.text)).toEqual(
        token === undefined ? { message: expect.any(String) } : expect.objectContaining(problem)
      )
      expect(response.text).not.toContain("stolen")
    }).pipe(simulated)
  )

  it.effect.each([
    Fault.tooManyRequests(3),
    Fault.serverError(500),
    Fault.serverError(503, 3),
    Fault.serverError(504),
    Fault.problem(403),
    Fault.htmlPage(502),
    Fault.response(410)
  ])("and so does the fault $name with status $status", (fault) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      for (const [kind, { operationId }] of Object.entries(jobKinds)) {
        const ref = Result.getOrThrow(JobRef.parse(`${kind}:1`))
        yield* simulator.addFaults(fault)
        expect(violations(operationId, yield* requestStatus(simulator, ref))).toEqual([])
      }
    }).pipe(simulated)
  )
})

describe("the validation of this test", () => {
  const violationsOf = (status: number, text: string, type = "application/json", dates?: "offset-optional") =>
    violations(
      "getJobStatus",
      { status, headers: new Headers({ "content-type": type, "x-ttd-request-id": "1" }), text },
      dates
    )

  it("finds what the document does not allow", () => {
    const text = '{"id":1,"createdAtUtc":"2026-11-23T20:49:00","status":"Archived","partner":1}'
    expect(violationsOf(200, text)).toHaveLength(3)
    expect(violationsOf(200, text, "application/json", "offset-optional")).toHaveLength(2)
    expect(violationsOf(302, text)).toHaveLength(1)
    expect(violationsOf(200, text, "text/html")).toHaveLength(1)
    expect(violationsOf(503, text)).toHaveLength(1)
    expect(violations("getJobStatus", { status: 503, headers: new Headers(), text: "" })).toHaveLength(1)
  })
})
