import { describe, expect, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { type JobScript, type ProgressCurve, ResultScript, Simulator, type SimulatorOptions } from "../src/index.ts"
import { jobIn, linkOf, request, requestStatus, statusOf } from "./Requests.ts"

const simulated = (options: SimulatorOptions = {}) => Effect.provide(Simulator.layer(options))

/** The percentages of a job of 100 seconds, after a number of seconds. */
const percentages = (progress: ProgressCurve, seconds: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const simulator = yield* Simulator
    const ref = yield* simulator.addJob({ duration: "100 seconds", progress })
    let now = 0
    return yield* Effect.forEach(seconds, (second) =>
      Effect.gen(function* () {
        yield* TestClock.adjust(Duration.seconds(second - now))
        now = second
        return (yield* statusOf(simulator, ref)).completionPercentage
      })
    )
  }).pipe(simulated())

describe("a scripted job", () => {
  it.effect("runs for its duration, then has ended", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 23, 20, 49))
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ id: 412651, duration: "90 seconds", dates: "seconds" })
      expect(String(ref)).toBe("standard:412651")
      expect(yield* statusOf(simulator, ref)).toEqual({
        id: 412651,
        createdAtUtc: "2026-11-23T20:49:00Z",
        status: "InProgress",
        completedAtUtc: null,
        completionPercentage: 0,
        url: null,
        rawResult: null,
        errors: null
      })
      yield* TestClock.adjust("89999 millis")
      expect((yield* statusOf(simulator, ref)).status).toBe("InProgress")
      yield* TestClock.adjust("1 millis")
      expect(yield* statusOf(simulator, ref)).toMatchObject({
        status: "Success",
        completedAtUtc: "2026-11-23T20:50:30Z",
        completionPercentage: 100,
        rawResult: expect.stringContaining("impressions")
      })
    }).pipe(simulated())
  )

  it.effect("waits before it runs: Queued for GraphQL jobs, InProgress for standard ones", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const script: JobScript = { queued: "10 seconds", duration: "10 seconds" }
      const standard = yield* simulator.addJob(script)
      const bulk = yield* simulator.addJob({ ...script, kind: "graphql-bulk" })
      expect(yield* statusOf(simulator, standard)).toMatchObject({ status: "InProgress", completionPercentage: 0 })
      expect(yield* statusOf(simulator, bulk)).toMatchObject({ status: "Queued", completionPercentage: 0 })
      yield* TestClock.adjust("15 seconds")
      expect(yield* statusOf(simulator, bulk)).toMatchObject({ status: "InProgress", completionPercentage: 50 })
      yield* TestClock.adjust("5 seconds")
      expect((yield* statusOf(simulator, bulk)).status).toBe("Success")
    }).pipe(simulated())
  )

  it.effect.each([
    { kind: "standard", status: "PartialSuccess", errors: "Advertiser 4f3a was skipped" },
    { kind: "standard", status: "Failure", errors: "The query is too large" },
    { kind: "graphql-query", status: "Cancelled", errors: null },
    { kind: "graphql-bulk", status: "Success", errors: null },
    { kind: "graphql-bulk", status: "Archived", errors: "an unknown status" }
  ] as const)("has the terminal status of its script: $kind as $status", ({ errors, kind, status }) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({
        kind,
        status,
        errors,
        runtimeErrors: ["one", "two"],
        queryGqlErrors: ["three"],
        duration: "1 second"
      })
      const before = yield* requestStatus(simulator, ref)
      yield* TestClock.adjust("1 second")
      const after = yield* requestStatus(simulator, ref)
      expect(JSON.parse(before.text).errors).toBe(null)
      expect(JSON.parse(after.text).errors).toBe(errors)
      expect(jobIn(after.text).status).toBe(status)
      expect(jobIn(after.text).rawResult === null).toBe(status !== "Success" && status !== "PartialSuccess")
      if (kind === "standard") return
      expect(jobIn(before.text)).toMatchObject({ runtimeErrors: [], queryGqlErrors: null })
      expect(jobIn(after.text)).toMatchObject({ runtimeErrors: ["one", "two"], queryGqlErrors: ["three"] })
    }).pipe(simulated())
  )

  it.effect("may never end, or have ended before it was added", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const endless = yield* simulator.addJob({ duration: Duration.infinity })
      const old = yield* simulator.addJob({ age: "2 hours", duration: "1 hour" })
      yield* TestClock.adjust("1000 days")
      expect(yield* statusOf(simulator, endless)).toMatchObject({ status: "InProgress", completionPercentage: 0 })
      yield* simulator.addJob({ id: old.id, age: "2 hours", duration: "1 hour" })
      expect((yield* statusOf(simulator, old)).status).toBe("Success")
    }).pipe(simulated())
  )

  it.effect("progresses steadily", () =>
    Effect.map(percentages("steady", [0, 25, 50, 99, 100]), (seen) => expect(seen).toEqual([0, 25, 50, 99, 100]))
  )

  it.effect("stalls at 60 for most of its time", () =>
    Effect.map(percentages("stalled", [0, 10, 20, 50, 89, 95, 100]), (seen) =>
      expect(seen).toEqual([0, 30, 60, 60, 60, 80, 100])
    )
  )

  it.effect("progresses in steps", () =>
    Effect.map(percentages("bursty", [0, 8, 34, 35, 40, 75, 99, 100]), (seen) =>
      expect(seen).toEqual([0, 15, 15, 40, 55, 90, 90, 100])
    )
  )

  it.effect("has no percentage, or any that its script returns", () =>
    Effect.gen(function* () {
      expect(yield* percentages("none", [0, 50, 100])).toEqual([null, null, null])
      const back = percentages((elapsed) => (elapsed < 0.5 ? 170 : elapsed < 0.9 ? -4 : null), [0, 50, 95, 100])
      expect(yield* back).toEqual([170, -4, null, 100])
    })
  )

  it.effect.each([
    { kind: "standard", lifetime: "24 hours", status: "ResultsExpired", percentage: 100 },
    { kind: "graphql-query", lifetime: "1 hour", status: "Success", percentage: 100 },
    { kind: "graphql-bulk", lifetime: "1 hour", status: "Success", percentage: 100 }
  ] as const)("loses its result $lifetime after the end of a $kind job", ({ kind, lifetime, percentage, status }) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const result = ResultScript.text("a,b", { linkLifetime: Duration.infinity })
      const ref = yield* simulator.addJob({ kind, duration: "1 hour", result })
      yield* TestClock.adjust("1 hour")
      const link = yield* linkOf(simulator, ref)
      const linkStatus = Effect.map(request(link), (response) => response.status)
      yield* TestClock.adjust(Duration.subtract(Duration.fromInputUnsafe(lifetime), Duration.millis(1)))
      expect(yield* statusOf(simulator, ref)).toMatchObject({ status: "Success", rawResult: "a,b" })
      expect(yield* linkStatus).toBe(200)
      yield* TestClock.adjust("1 millis")
      const expired = { status, completionPercentage: percentage, url: null, rawResult: null }
      expect(yield* statusOf(simulator, ref)).toMatchObject(expired)
      expect(yield* linkStatus).toBe(404)
    }).pipe(simulated())
  )

  it.effect("keeps its result for the lifetime of an option", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ duration: 0 })
      yield* TestClock.adjust("10 minutes")
      expect((yield* statusOf(simulator, ref)).status).toBe("ResultsExpired")
    }).pipe(simulated({ resultLifetime: { standard: "10 minutes" } }))
  )

  it.effect("runs as fast as the simulator's time", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ duration: "1 hour" })
      yield* TestClock.adjust("30 seconds")
      expect((yield* statusOf(simulator, ref)).completionPercentage).toBe(50)
      yield* TestClock.adjust("30 seconds")
      expect((yield* statusOf(simulator, ref)).status).toBe("Success")
      yield* TestClock.adjust("24 minutes")
      expect((yield* statusOf(simulator, ref)).status).toBe("ResultsExpired")
    }).pipe(simulated({ speed: 60 }))
  )

  it.effect("has its result inline, behind a link, both, or neither", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const resultOf = Effect.fnUntraced(function* (result: ResultScript.ResultScript) {
        const { rawResult, url } = yield* statusOf(simulator, yield* simulator.addJob({ duration: 0, result }))
        return { rawResult, origin: url === null ? null : new URL(url).origin }
      })
      const { filesUrl, url } = simulator
      expect(new URL(filesUrl).hostname).toBe(new URL(url).hostname)
      expect(new URL(filesUrl).port).not.toBe(new URL(url).port)
      expect(yield* resultOf(ResultScript.none)).toEqual({ rawResult: null, origin: null })
      expect(yield* resultOf(ResultScript.inline(""))).toEqual({ rawResult: "", origin: null })
      expect(yield* resultOf(ResultScript.inline('a "quote"'))).toEqual({ rawResult: 'a "quote"', origin: null })
      expect(yield* resultOf(ResultScript.link({ size: 5 }))).toEqual({ rawResult: null, origin: filesUrl })
      expect(yield* resultOf(ResultScript.link({ size: 5, origin: "api" }))).toEqual({ rawResult: null, origin: url })
      const both = yield* resultOf(ResultScript.text("2026-"))
      expect(both).toEqual({ rawResult: "2026-", origin: filesUrl })
      expect(yield* resultOf(ResultScript.link({ size: 5 }))).toEqual({ rawResult: null, origin: filesUrl })
      const file = yield* resultOf(ResultScript.file({ size: 5 }))
      expect(file).toEqual({ rawResult: expect.stringMatching(/^2026-$/), origin: filesUrl })
      for (const large of [ResultScript.text("x".repeat(20_000_001)), ResultScript.file({ size: 20_000_001 })]) {
        expect(yield* resultOf(large)).toEqual({ rawResult: null, origin: filesUrl })
      }
    }).pipe(simulated())
  )

  it.effect("keeps every digit of its id, and any text as the id of a GraphQL job's path", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const huge = yield* simulator.addJob({ id: 9_223_372_036_854_775_807n })
      expect((yield* requestStatus(simulator, huge)).text).toContain('{"id":9223372036854775807,')
      const odd = yield* simulator.addJob({ kind: "graphql-query", id: "a/b %2F?#é" })
      expect((yield* requestStatus(simulator, odd)).status).toBe(200)
      const other = yield* request(`${simulator.url}/graphqlqueryjob/a%2Fb%20%252F%3F%23`, {
        headers: { "ttd-auth": simulator.token }
      })
      expect(other.status).toBe(404)
    }).pipe(simulated())
  )

  it.effect("has a unique id, the same for the same seed", () =>
    Effect.gen(function* () {
      const drawn = (seed: string) =>
        Effect.gen(function* () {
          const simulator = yield* Simulator
          const first = yield* simulator.addJob({})
          yield* simulator.addJob({ id: String(BigInt(first.id) + 1n), duration: "1 day" })
          return [first.id, (yield* simulator.addJob({})).id]
        }).pipe(simulated({ seed }))
      const [first = "", second = ""] = yield* drawn("a")
      expect(BigInt(second) - BigInt(first)).toBe(2n)
      expect(yield* drawn("a")).toEqual([first, second])
      expect(yield* drawn("b")).not.toEqual([first, second])
    })
  )

  it.effect.each<readonly [problem: string, script: JobScript]>([
    ["an id that its kind cannot have", { id: "abc" }],
    ["an invalid duration", { duration: Number.NaN }],
    ["an infinite age", { age: Duration.infinity }],
    ["a negative duration", { queued: -1 }]
  ])("is rejected with %s", ([, script]) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const exit = yield* Effect.exit(simulator.addJob(script))
      expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause)).toBe(true)
    }).pipe(simulated())
  )
})
