import { describe, expect, it } from "@effect/vitest"
import { JobRef, jobKinds } from "@ttd-jobs/core"
import { Effect, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import { type JobScript, ResultScript, Simulator } from "../src/index.ts"
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

/** Every script whose words are the contract's. */
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

/** Nothing to say about the responses to a script, now and at later times. */
const isAsDocumented = Effect.fnUntraced(function* (script: JobScript) {
  const simulator = yield* Simulator
  const ref = yield* simulator.addJob(script)
  const dates = script.dates === "no-offset" ? "offset-optional" : "strict"
  for (const pause of [0, 1_000, 60_000, 2_000_000, 24 * 3_600_000]) {
    yield* TestClock.adjust(pause)
    const response = yield* requestStatus(simulator, ref)
    expect(response.status).toBe(200)
    expect(violations(jobKinds[ref.kind].operationId, response, dates)).toEqual([])
  }
})

describe("every response that is no fault is as the OpenAPI document says", () => {
  it.effect.prop(
    "whatever the script",
    [Script],
    ([script]) => isAsDocumented(script).pipe(Effect.provide(Simulator.layer())),
    { arbitrary: { runs: 150 } }
  )

  it.effect.each<JobScript>([
    { kind: "graphql-bulk", id: "007" },
    { kind: "graphql-query", id: "-0" },
    { id: "-9223372036854775808" },
    { progress: (elapsed) => 140 * elapsed - 20 },
    { progress: () => null, result: ResultScript.none }
  ])("also in the corners: %j", (script) => isAsDocumented(script).pipe(Effect.provide(Simulator.layer())))

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
  ] as const)("refusals: $status for $path with the token $token", ({ operation, path, status, token }) =>
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
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("the judge complains about what is not as documented", () =>
    Effect.sync(() => {
      const headers = new Headers({ "content-type": "application/json", "x-ttd-request-id": "1" })
      const text = '{"id":1,"createdAtUtc":"2026-11-23T20:49:00","status":"Archived","partner":1}'
      expect(violations("getJobStatus", { status: 200, headers, text })).toHaveLength(3)
      expect(violations("getJobStatus", { status: 200, headers, text }, "offset-optional")).toHaveLength(2)
      expect(violations("getJobStatus", { status: 302, headers, text })).toHaveLength(1)
      headers.set("content-type", "text/html")
      expect(violations("getJobStatus", { status: 200, headers, text })).toHaveLength(1)
    })
  )
})
