import { describe, expect, it } from "@effect/vitest"
import { ApiError, JobStatus, RetryPolicy } from "@ttd-jobs/core"
import { Fault, type FaultRule, Simulator } from "@ttd-jobs/simulator"
import { Duration, Effect, Random, Result } from "effect"
import fc from "fast-check"
import { fastForward } from "./support/FastForward.ts"
import { fixture } from "./support/Fixture.ts"

const policyOf = (options: RetryPolicy.RetryPolicyOptions) => Result.getOrThrow(RetryPolicy.make(options))

const always = (fault: Fault.Fault): FaultRule => ({ fault, times: "always" })

/** The pauses between the attempts of a call that fails in the end, in milliseconds. */
const pausesOf = Effect.fnUntraced(function* (policy: RetryPolicy.RetryPolicyOptions) {
  const simulator = yield* Simulator
  yield* fastForward(Effect.flip(JobStatus.use((jobs) => jobs.get("standard:1", { retry: policy }))))
  const times = (yield* simulator.report).requests.map(({ at }) => at)
  return times.slice(1).map((time, index) => time - (times[index] ?? 0))
})

describe("RetryPolicy", () => {
  it("takes the vendor's intervals, and a minute at most unless told otherwise", () => {
    const vendor = { initialInterval: 500, maxInterval: 60_000, maxElapsedTime: 3_600_000 }
    const millis = ({ initialInterval, maxElapsedTime, maxInterval }: RetryPolicy.RetryPolicy) => ({
      initialInterval: Duration.toMillis(initialInterval),
      maxInterval: Duration.toMillis(maxInterval),
      maxElapsedTime: Duration.toMillis(maxElapsedTime)
    })
    expect(millis(RetryPolicy.vendor)).toEqual(vendor)
    expect(millis(policyOf({}))).toEqual({ ...vendor, maxElapsedTime: 60_000 })
    expect(RetryPolicy.vendor).toMatchObject({ exponent: 1.5, retryConnectionErrors: true })
  })

  it("backs off by min(maxInterval, initialInterval × exponent^n)", () => {
    expect([0, 1, 2, 3, 11, 12, 1000].map((pauses) => RetryPolicy.backoff(RetryPolicy.standard, pauses))).toEqual([
      500, 750, 1125, 1687.5, 43_248.779296875, 60_000, 60_000
    ])
    expect(RetryPolicy.backoff(policyOf({ initialInterval: 0 }), 5000)).toBe(0)
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.nat(100_000),
        fc.double({ min: 1, max: 10, noNaN: true }),
        fc.nat(5000),
        (a, b, exponent, n) => {
          const policy = policyOf({ initialInterval: a, maxInterval: b, exponent })
          const pause = RetryPolicy.backoff(policy, n)
          expect(pause).toBeLessThanOrEqual(b)
          expect(RetryPolicy.backoff(policy, n + 1)).toBeGreaterThanOrEqual(pause)
        }
      )
    )
  })

  it("tries again what may pass, and nothing else", () => {
    const error = (status: number) =>
      new ApiError({
        operation: "getJobStatus",
        ref: "standard:1",
        host: "api.example",
        status,
        requestId: null,
        contentType: null,
        body: "",
        retryAfter: null
      })
    const retried = Array.from({ length: 400 }, (_, index) => index + 200).filter((status) =>
      RetryPolicy.retries(RetryPolicy.standard, error(status))
    )
    expect(retried).toEqual([408, 425, 429, ...Array.from({ length: 100 }, (_, index) => 500 + index)])
  })

  it.effect("adds up to a second of jitter to every pause, never takes any away", () =>
    Effect.gen(function* () {
      yield* (yield* Simulator).addFaults(always(Fault.serverError(500)))
      const pauses = yield* pausesOf({ initialInterval: 3000, exponent: 1, maxElapsedTime: "10 minutes" })
      expect(pauses.length).toBeGreaterThan(140)
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(3000)
      expect(Math.max(...pauses)).toBeLessThanOrEqual(4001)
      expect(new Set(pauses.map(Math.floor)).size).toBeGreaterThan(50)
    }).pipe(Effect.provide(fixture()), Random.withSeed("jitter"))
  )

  it.effect("P3 Retry-After is a floor under every pause, and jitter is only added", () =>
    Effect.gen(function* () {
      yield* (yield* Simulator).addFaults(always(Fault.serverError(503, 9)))
      const pauses = yield* pausesOf({ maxElapsedTime: "5 minutes" })
      expect(pauses.length).toBeGreaterThan(10)
      for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(9000)
      expect(Math.min(...pauses)).toBeLessThan(10_000)
    }).pipe(Effect.provide(fixture()), Random.withSeed("floor"))
  )

  it.effect(
    "P3 a pause past maxElapsedTime is not slept: the call fails now and says for how long the server asked",
    () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator
        yield* simulator.addFaults([Fault.serverError(500), Fault.tooManyRequests(3600)])
        const error = yield* fastForward(Effect.flip(JobStatus.use((jobs) => jobs.get("standard:1", { retry: {} }))))
        expect(error).toMatchObject({ _tag: "ApiError", status: 429, retryAfter: 900_000 })
        expect(error.message).toContain("asking for a pause of 15 min")
        expect((yield* simulator.report).requests).toHaveLength(2)
      }).pipe(Effect.provide(fixture()))
  )

  it.effect("never begins an attempt after maxElapsedTime, however long each takes", () =>
    Effect.gen(function* () {
      yield* (yield* Simulator).addFaults(always(Fault.hang))
      const pauses = yield* pausesOf({ maxElapsedTime: "2 minutes" })
      const begun = pauses.reduce((sum, pause) => sum + pause, 0)
      expect(begun).toBeGreaterThan(90_000)
      expect(begun).toBeLessThanOrEqual(120_000)
    }).pipe(Effect.provide(fixture({ timeout: "20 seconds" })))
  )
})
