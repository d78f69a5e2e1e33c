import { describe, expect, it } from "@effect/vitest"
import { JobStatus } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { fastForward } from "../support/FastForward.ts"
import { fixture } from "../support/Fixture.ts"
import { recorder, requestTimes, timed, wait } from "./Waits.ts"

describe("transient errors", () => {
  it.effect.each([
    ["a reset connection", Fault.connectionReset, "TransportError"],
    ["408", Fault.response(408), "ApiError"],
    ["425", Fault.response(425), "ApiError"],
    ["429", Fault.tooManyRequests(), "ApiError"],
    ["500", Fault.serverError(500), "ApiError"],
    ["502 from a gateway", Fault.htmlPage(502), "ApiError"],
    ["503", Fault.serverError(503), "ApiError"],
    ["a body that breaks off", Fault.truncatedBody(), "TransportError"],
    ["a page instead of JSON", Fault.htmlPage(200), "ResponseDecodeError"],
    ["an empty body", Fault.emptyBody(), "ResponseDecodeError"],
    ["204", Fault.response(204), "ApiError"],
    ["240, the platform's own", Fault.response(240), "ApiError"],
    ["no response", Fault.hang, "RequestTimeoutError"]
  ] as const)("P4 %s does not end a wait, and is reported", ([, fault, tag]) =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({ duration: "2 minutes" })
      yield* addFaults({ fault, times: 2, skip: 1 })
      const { reported, onProgress } = recorder()
      const snapshot = yield* wait(ref, { onProgress })
      expect(snapshot.phase).toBe("succeeded")
      expect(reported("PollFailed").map(({ error }) => error._tag)).toEqual([tag, tag])
      expect(reported("PollFailed").map((event) => event.ref)).toEqual([String(ref), String(ref)])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P4 a server that never recovers is polled until the deadline, with backoff", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({})
      yield* addFaults({ fault: Fault.serverError(500), times: "always" })
      const { reported, onProgress } = recorder()
      const { result, took } = yield* timed(wait(ref, { timeout: "1 hour", onProgress }))
      expect(took).toBe(3_600_000)
      expect(result).toMatchObject({
        failure: { _tag: "WaitTimeoutError", lastError: { _tag: "ApiError", status: 500 } }
      })
      const times = yield* requestTimes()
      const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0))
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1000)
      expect(Math.max(...pauses)).toBeLessThanOrEqual(62_000)
      expect(reported("PollFailed")).toHaveLength(times.length)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P4 backoff never exceeds the policy's longest interval", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({})
      yield* addFaults({ fault: Fault.serverError(500), times: "always" })
      yield* timed(wait(ref, { timeout: "1 minute", poll: { interval: "5 seconds" } }))
      expect(yield* requestTimes()).toEqual([...Array.from({ length: 11 }, (_, poll) => poll * 5000), 55_000, 59_500])
    }).pipe(Effect.provide(fixture()))
  )
})

describe("permanent errors", () => {
  it.effect.each([
    [400, Fault.problem(400, { title: "Bad id" }), "ProblemDetailsError"],
    [401, Fault.problem(401, { title: "No token" }), "ProblemDetailsError"],
    [403, Fault.problem(403, { title: "Not yours" }), "ProblemDetailsError"],
    [403, Fault.htmlPage(403), "ApiError"],
    [404, Fault.problem(404, { title: "No such job" }), "ProblemDetailsError"],
    [409, Fault.response(409), "ApiError"],
    [410, Fault.response(410), "ApiError"],
    [302, Fault.redirectTo("https://example.com/"), "ApiError"]
  ] as const)("P5 %i ends a wait at once, with the server's problem", ([status, fault, tag]) =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({})
      yield* addFaults({ fault, times: "always" })
      const { events, onProgress } = recorder()
      const { result, took } = yield* timed(wait(ref, { onProgress }))
      expect(result).toMatchObject({ failure: { _tag: tag, status, ref: String(ref) } })
      expect(took).toBe(0)
      expect(events.map(({ _tag }) => _tag)).toEqual(["Refused"])
      expect(yield* requestTimes()).toHaveLength(1)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P5 a job that does not exist yet is waited for during the grace period, and reported", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({ duration: "30 seconds" })
      yield* addFaults({ fault: Fault.problem(404), times: 2 })
      const { reported, onProgress } = recorder()
      const snapshot = yield* wait(ref, { notFoundGrace: "10 seconds", onProgress })
      expect(snapshot.phase).toBe("succeeded")
      expect(reported("PollFailed")).toHaveLength(2)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P5 after the grace period a missing job ends the wait", () =>
    Effect.gen(function* () {
      const { result, took } = yield* timed(wait("standard:7", { notFoundGrace: "10 seconds" }))
      expect(result).toMatchObject({ failure: { _tag: "ProblemDetailsError", status: 404 } })
      expect(took).toBeGreaterThanOrEqual(10_000)
      expect(took).toBeLessThan(30_000)
    }).pipe(Effect.provide(fixture()))
  )
})

describe("Retry-After", () => {
  it.effect.each([
    ["seconds", "7"],
    ["an IMF date", "Thu, 01 Jan 1970 00:00:07 GMT"],
    ["an RFC 850 date", "Thursday, 01-Jan-70 00:00:07 GMT"],
    ["an asctime date", "Thu Jan  1 00:00:07 1970"]
  ])("P3 as %s is a floor, to which only jitter is added", ([, header]) =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({ duration: "1 minute" })
      yield* addFaults(Fault.tooManyRequests(header))
      expect((yield* wait(ref)).phase).toBe("succeeded")
      const [first = Number.NaN, second = Number.NaN] = yield* requestTimes()
      expect(second - first).toBeGreaterThanOrEqual(7000)
      expect(second - first).toBeLessThanOrEqual(8000)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect.each([
    ["past", "Thu, 01 Jan 1970 00:00:00 GMT"],
    ["garbage", "soon"],
    ["negative", "-30"],
    ["empty", ""]
  ])("P3 that is %s is ignored", ([, header]) =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({ duration: "1 minute" })
      yield* addFaults(Fault.serverError(503, header))
      expect((yield* wait(ref)).phase).toBe("succeeded")
      const [first = Number.NaN, second = Number.NaN] = yield* requestTimes()
      expect(second - first).toBeGreaterThanOrEqual(1000)
      expect(second - first).toBeLessThanOrEqual(2000)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect.each([
    ["61", "1 min 1 s"],
    ["99999999999", "15 min"],
    ["Fri, 31 Dec 9999 23:59:59 GMT", "15 min"]
  ])("P3 of %s is past a deadline of a minute: the wait ends now and says so", ([header, pause]) =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({ duration: "5 minutes" })
      yield* addFaults({ fault: Fault.tooManyRequests(header), skip: 1 })
      const { result, took } = yield* timed(wait(ref, { timeout: "1 minute" }))
      const error = yield* Effect.flip(Effect.fromResult(result))
      expect(error).toMatchObject({ _tag: "WaitTimeoutError", polls: 2, responses: { 200: 1, 429: 1 } })
      expect(error.message).toMatch(/the server asks for a pause past the deadline/)
      expect(error.message).toContain(pause)
      expect(took).toBeLessThan(3000)
      expect(yield* requestTimes()).toHaveLength(2)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P3 pauses every job of the endpoint, and no other endpoint", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const limited = yield* addJob({ duration: "2 minutes" })
      const other = yield* addJob({ duration: "2 minutes" })
      const elsewhere = yield* addJob({ kind: "graphql-bulk", duration: "2 minutes" })
      yield* addFaults({ fault: Fault.tooManyRequests(30), on: limited, skip: 1 })
      yield* fastForward(JobStatus.use((jobs) => jobs.waitAll([limited, other, elsewhere])))
      const [, pausedAt = Number.NaN] = yield* requestTimes(limited)
      const during = (times: ReadonlyArray<number>) => times.filter((at) => at > pausedAt && at < pausedAt + 30_000)
      expect(during(yield* requestTimes(limited))).toEqual([])
      expect(during(yield* requestTimes(other))).toEqual([])
      expect(during(yield* requestTimes(elsewhere)).length).toBeGreaterThan(0)
    }).pipe(Effect.provide(fixture()))
  )
})
