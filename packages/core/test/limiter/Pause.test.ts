import { describe, expect, it } from "@effect/vitest"
import { type LimiterRequest, makeLimiter, maxPause } from "@ttd-jobs/core"
import { Cause, Clock, Effect, Exit, Fiber, Random } from "effect"
import { TestClock } from "effect/testing"
import { refused, requestOf } from "../support/Requests.ts"
import { recordingSleepers } from "../support/Sleepers.ts"
import { withWallClock } from "../support/WallClock.ts"

const minute = 60_000
const hour = 60 * minute

/** A limiter without jitter, and the times at which it let attempts pass. */
const limiterOf = Effect.gen(function* () {
  const limiter = makeLimiter()
  const clock = yield* Clock.Clock
  const sent: Array<number> = []
  const send = <A, E>(attempt: Effect.Effect<A, E>, request: LimiterRequest = requestOf()) =>
    limiter
      .run(
        request,
        Effect.suspend(() => {
          sent.push(Number(clock.monotonicTimeNanosUnsafe()) / 1e6)
          return attempt
        })
      )
      .pipe(Effect.provideService(Random.Random, { nextDoubleUnsafe: () => 0, nextIntUnsafe: () => 0 }))
  return {
    limiter,
    sent,
    send,
    fork: <A, E>(attempt: Effect.Effect<A, E>, request?: LimiterRequest) =>
      Effect.forkChild(Effect.exit(send(attempt, request)), { startImmediately: true })
  }
})

const fails = <A, E>(effect: Effect.Effect<A, E>) => Effect.flip(effect)

describe("a pause", () => {
  it.effect("P3 is given by pausedUntil until it is over", () =>
    Effect.gen(function* () {
      const { limiter, send } = yield* limiterOf
      expect(limiter.pausedUntil("getJobStatus")).toBeNull()
      yield* fails(send(refused(429, 30_000)))
      expect(limiter.pausedUntil("getJobStatus")).toBe(30_000)
      expect(limiter.pausedUntil("getGraphQlBulkJobStatus")).toBeNull()
      yield* TestClock.adjust(30_000)
      expect(limiter.pausedUntil("getJobStatus")).toBeNull()
    })
  )

  it.effect.each([200, 400, 408, 500, 502, 504])("is not caused by a %i, whatever its Retry-After", (status) =>
    Effect.gen(function* () {
      const { limiter, send, sent } = yield* limiterOf
      yield* fails(send(refused(status, 30_000)))
      expect(limiter.pausedUntil("getJobStatus")).toBeNull()
      yield* send(Effect.void)
      expect(sent).toEqual([0, 0])
    })
  )

  it.effect("P3 ends after up to a second of jitter, so that processes do not come back together", () =>
    Effect.gen(function* () {
      const ends = yield* Effect.forEach(Array.from({ length: 200 }), () => {
        const limiter = makeLimiter()
        return Effect.as(Effect.flip(limiter.run(requestOf(), refused(429, 2000))), limiter)
      })
      const times = ends.map((limiter) => limiter.pausedUntil("getJobStatus") ?? 0)
      expect(Math.min(...times)).toBeGreaterThanOrEqual(2000)
      expect(Math.max(...times)).toBeLessThanOrEqual(3000)
      expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(800)
    }).pipe(Random.withSeed("herd"))
  )

  it.effect("P3 of an hour is one of 15 minutes", () =>
    Effect.gen(function* () {
      const { limiter, send } = yield* limiterOf
      yield* fails(send(refused(503, hour)))
      expect(limiter.pausedUntil("getJobStatus")).toBe(maxPause)
    })
  )

  it.effect("P3 P11 past the deadline fails with the pause alone: nothing of the response that caused it", () =>
    Effect.gen(function* () {
      const { send } = yield* limiterOf
      yield* fails(send(refused(503, 30_000)))
      yield* TestClock.adjust(10_000)
      const error = yield* fails(send(Effect.void, requestOf(7, { until: 25_000, host: "api.example" })))
      expect(JSON.stringify(error)).not.toContain("somebody")
      expect(error).toMatchObject({
        _tag: "RateLimitedError",
        operation: "getJobStatus",
        ref: "standard:7",
        host: "api.example",
        status: 503,
        retryAfter: 20_000,
        transient: true
      })
    })
  )

  it.effect("lets calls wait whose deadline is after its end", () =>
    Effect.gen(function* () {
      const { fork, send, sent } = yield* limiterOf
      yield* fails(send(refused(429, 30_000)))
      const call = yield* fork(Effect.succeed("done"), requestOf(1, { until: 30_000 }))
      yield* TestClock.adjust(30_000)
      expect(yield* Fiber.join(call)).toEqual(Exit.succeed("done"))
      expect(sent).toEqual([0, 30_000])
    })
  )
})

describe("the probe", () => {
  const paused = Effect.gen(function* () {
    const made = yield* limiterOf
    yield* fails(made.send(refused(429, 30_000)))
    return made
  })

  it.effect("goes alone, and the others when it has met no further pause", () =>
    Effect.gen(function* () {
      const { fork, sent } = yield* paused
      for (let job = 0; job < 6; job++) yield* fork(Effect.sleep(1000))
      yield* TestClock.adjust(minute)
      expect(sent).toEqual([0, 30_000, 31_000, 31_000, 31_000, 31_000, 32_000])
    })
  )

  it.effect("begins the next pause when it is refused", () =>
    Effect.gen(function* () {
      const { fork, sent } = yield* paused
      yield* fork(refused(503, 20_000))
      for (let job = 0; job < 3; job++) yield* fork(Effect.void)
      yield* TestClock.adjust(49_999)
      expect(sent).toEqual([0, 30_000])
      yield* TestClock.adjust(1)
      expect(sent).toEqual([0, 30_000, 50_000, 50_000, 50_000])
    })
  )

  it.effect("is the next call when it is interrupted", () =>
    Effect.gen(function* () {
      const { fork, sent } = yield* paused
      const first = yield* fork(Effect.never)
      for (let job = 0; job < 5; job++) yield* fork(Effect.sleep(1000))
      yield* TestClock.adjust(32_000)
      expect(sent).toEqual([0, 30_000])
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust(2000)
      expect(sent).toEqual([0, 30_000, 32_000, 33_000, 33_000, 33_000, 33_000])
    })
  )

  it.effect("holds the others for ten seconds at most", () =>
    Effect.gen(function* () {
      const { fork, sent } = yield* paused
      for (let job = 0; job < 6; job++) yield* fork(Effect.never)
      yield* TestClock.adjust(5 * minute)
      expect(sent).toEqual([0, 30_000, 40_000, 40_000, 40_000])
    })
  )
})

describe("429 and 503 without Retry-After", () => {
  it.effect.each([
    { status: 429, retryAfter: null },
    { status: 503, retryAfter: null },
    { status: 429, retryAfter: 0 }
  ])("P18 back the endpoint off: $status, Retry-After $retryAfter", ({ retryAfter, status }) =>
    Effect.gen(function* () {
      const { fork, sent } = yield* limiterOf
      for (let job = 0; job < 1000; job++) yield* fork(Effect.andThen(Effect.sleep(10), refused(status, retryAfter)))
      yield* TestClock.adjust(30_000)
      expect(sent.slice(0, 5)).toEqual([0, 0, 0, 0, 510])
      const pauses = sent.slice(4).map((at, index) => at - (sent[index + 3] ?? 0) - 10)
      expect(pauses.slice(0, 4)).toEqual([500, 750, 1125, 1688])
      expect(sent.length).toBeLessThanOrEqual(60)
    })
  )

  it.effect("P18 begin with the shortest pause again after a success", () =>
    Effect.gen(function* () {
      const { limiter, send } = yield* limiterOf
      for (const pause of [500, 750, 1125]) {
        const before = Number(yield* Clock.monotonicTimeNanos) / 1e6
        yield* fails(send(refused(503)))
        expect(limiter.pausedUntil("getJobStatus")).toBe(before + pause)
        yield* TestClock.adjust(pause)
      }
      yield* send(Effect.void)
      const before = Number(yield* Clock.monotonicTimeNanos) / 1e6
      yield* fails(send(refused(503)))
      expect(limiter.pausedUntil("getJobStatus")).toBe(before + 500)
    })
  )
})

describe("the clocks", () => {
  const pausedFor = Effect.fnUntraced(function* (milliseconds: number) {
    const made = yield* limiterOf
    yield* fails(made.send(refused(429, milliseconds)))
    yield* made.fork(Effect.void)
    return made
  })

  it.effect("P17 a wall clock set back an hour makes no pause longer", () =>
    withWallClock((clock) =>
      Effect.gen(function* () {
        const { sent } = yield* pausedFor(90_000)
        clock.moveWallClock(-hour)
        yield* TestClock.adjust(10 * minute)
        expect(sent).toEqual([0, 90_000])
      })
    )
  )

  it.effect("P17 a pause that a suspend outlasted ends within a minute after it", () =>
    withWallClock((clock) =>
      Effect.gen(function* () {
        const { sent } = yield* pausedFor(10 * minute)
        yield* TestClock.adjust(1000)
        clock.moveWallClock(hour)
        yield* TestClock.adjust(minute)
        expect(sent).toEqual([0, minute])
      })
    )
  )

  it.effect("P17 who calls after a suspend need not wait even that long, and goes after those who came before", () =>
    withWallClock((clock) =>
      Effect.gen(function* () {
        const { limiter, send, sent } = yield* pausedFor(10 * minute)
        yield* TestClock.adjust(1000)
        clock.moveWallClock(hour)
        expect(limiter.pausedUntil("getJobStatus")).toBeNull()
        yield* send(Effect.void, requestOf(1, { until: 1000 }))
        expect(sent).toEqual([0, 1000, 1000])
      })
    )
  )

  it.effect("P17 a suspend that was shorter than the pause shortens it", () =>
    withWallClock((clock) =>
      Effect.gen(function* () {
        const { sent } = yield* pausedFor(10 * minute)
        clock.moveWallClock(8 * minute)
        yield* TestClock.adjust(10 * minute)
        expect(sent).toEqual([0, 2 * minute])
      })
    )
  )
})

describe("P7 no timer is left", () => {
  it.effect("of a pause, nor of a probe, that no call waits for", () =>
    Effect.gen(function* () {
      const { clock: recording, sleepers } = recordingSleepers(yield* Clock.Clock)
      const limiter = makeLimiter()
      const run = <A, E>(attempt: Effect.Effect<A, E>) =>
        Effect.forkChild(
          Effect.provideService(Effect.exit(limiter.run(requestOf(), attempt)), Clock.Clock, recording),
          {
            startImmediately: true
          }
        )
      yield* run(refused(429, 30_000))
      expect(sleepers.size).toBe(0)
      const calls = yield* Effect.all([run(Effect.never), run(Effect.never)])
      expect(sleepers.size).toBe(1)
      yield* TestClock.adjust(31_000)
      expect(sleepers.size).toBe(1)
      const exits = yield* Fiber.interruptAll(calls).pipe(Effect.andThen(Fiber.awaitAll(calls)))
      expect(exits.every((exit) => Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))).toBe(true)
      expect(sleepers.size).toBe(0)
    })
  )
})
