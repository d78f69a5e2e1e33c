import { describe, expect, it } from "@effect/vitest"
import { type CallError, JobStatus, type JobStatusService } from "@ttd-jobs/core"
import { Fault, type FaultRule, Simulator } from "@ttd-jobs/simulator"
import { Effect, Exit, Option, Tracer } from "effect"
import { fastForward } from "./support/FastForward.ts"
import { fixture } from "./support/Fixture.ts"
import { keepingSpans } from "./support/Spans.ts"

/** The spans of a call, which may fail, inside a span of its caller. */
const spansOf = Effect.fnUntraced(function* (
  call: (jobs: JobStatusService) => Effect.Effect<unknown, CallError>,
  faults: ReadonlyArray<FaultRule | Fault.Fault> = []
) {
  const simulator = yield* Simulator
  yield* simulator.addJob({ id: 412651 })
  yield* simulator.addFaults(faults)
  const { spans, tracer } = keepingSpans()
  yield* fastForward(
    Effect.exit(JobStatus.use(call)).pipe(Effect.withSpan("caller"), Effect.provideService(Tracer.Tracer, tracer))
  )
  return spans.filter(({ name }) => name !== "caller")
})

const attributesOf = (spans: ReadonlyArray<Tracer.Span>) =>
  spans.map(({ attributes }) => Object.fromEntries(attributes))

const errorOf = ({ status }: Tracer.Span) =>
  status._tag === "Ended" ? Option.getOrUndefined(Exit.findErrorOption(status.exit)) : undefined

describe("a call's span", () => {
  it.effect("has OpenTelemetry's attributes of an HTTP client", () =>
    Effect.gen(function* () {
      const { hostname, port } = new URL((yield* Simulator).url)
      const spans = yield* spansOf((jobs) => jobs.getJobStatus(412651))
      expect(spans).toMatchObject([{ name: "getJobStatus", kind: "client", status: { _tag: "Ended" } }])
      expect(attributesOf(spans)).toEqual([
        {
          "http.request.method": "GET",
          "url.template": "/standardjob/{id}/status",
          "server.address": hostname,
          "server.port": Number(port),
          "http.response.status_code": 200
        }
      ])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("belongs to its caller's, and names the operation and the template, never the job", () =>
    Effect.gen(function* () {
      const spans = yield* spansOf((jobs) =>
        Effect.forEach([jobs.getGraphQlQueryJobStatus("q-4f3a"), jobs.getGraphQlBulkJobStatus("q-4f3a")], Effect.exit)
      )
      expect(spans.map(({ name, parent }) => [name, Option.getOrThrow(parent)])).toMatchObject([
        ["getGraphQlQueryJobStatus", { name: "caller" }],
        ["getGraphQlBulkJobStatus", { name: "caller" }]
      ])
      expect(attributesOf(spans)).toMatchObject([
        { "url.template": "/graphqlqueryjob/{id}" },
        { "url.template": "/graphqlbulkjob/{id}" }
      ])
      expect(JSON.stringify(attributesOf(spans))).not.toContain("q-4f3a")
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("covers all attempts and counts those that were repeated", () =>
    Effect.gen(function* () {
      const spans = yield* spansOf(
        (jobs) => jobs.get("standard:412651"),
        [Fault.serverError(500), Fault.connectionReset]
      )
      expect(attributesOf(spans)).toMatchObject([{ "http.request.resend_count": 2, "http.response.status_code": 200 }])
      const [status] = spans.map((span) => span.status)
      if (status?._tag !== "Ended") return expect.unreachable("the span is not ended")
      expect(Number((status.endTime - status.startTime) / 1_000_000n)).toBeGreaterThanOrEqual(1250)
      expect(Exit.isSuccess(status.exit)).toBe(true)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("ends with the error, and with the status of the answer where there was one", () =>
    Effect.gen(function* () {
      const refused = yield* spansOf((jobs) => jobs.get("standard:1"))
      expect(attributesOf(refused)).toMatchObject([{ "http.response.status_code": 404 }])
      expect(refused.map(errorOf)).toMatchObject([{ _tag: "ProblemDetailsError" }])
      const broken = yield* spansOf((jobs) => jobs.get("standard:1", { retry: false }), [Fault.connectionReset])
      expect(attributesOf(broken)[0]).not.toHaveProperty("http.response.status_code")
      expect(broken.map(errorOf)).toMatchObject([{ _tag: "TransportError" }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("is not begun for a reference that cannot be one", () =>
    Effect.map(
      spansOf((jobs) => jobs.get("standard:x")),
      (spans) => {
        expect(spans).toEqual([])
      }
    ).pipe(Effect.provide(fixture()))
  )
})
