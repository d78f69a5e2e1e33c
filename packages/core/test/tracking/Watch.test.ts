import { describe, expect, it } from "@effect/vitest"
import { JobStatus, type WaitOptions } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Duration, Effect, Fiber, Stream } from "effect"
import { fastForward } from "../support/FastForward.ts"
import { fixture } from "../support/Fixture.ts"
import { requestTimes } from "./Waits.ts"

const watch = (ref: Parameters<JobStatus["Service"]["watch"]>[0], options?: WaitOptions) =>
  Stream.unwrap(Effect.map(JobStatus, (jobs) => jobs.watch(ref, options)))

describe("watch", () => {
  it.effect("P13 emits changes only, the terminal snapshot once and last, then ends", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const progress = (elapsed: number) => (elapsed < 0.3 ? 20 : elapsed < 0.6 ? 70 : 70)
      const ref = yield* addJob({ kind: "graphql-bulk", queued: "30 seconds", duration: "2 minutes", progress })
      const changes = yield* fastForward(Stream.runCollect(watch(ref)))
      expect(changes.map(({ completionPercentage, phase }) => [phase, completionPercentage])).toEqual([
        ["queued", 0],
        ["running", 20],
        ["running", 70],
        ["succeeded", 100]
      ])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P13 a percentage may be null, go back, leave 0 – 100, and be 100 before the end", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const percentages = [50, 40, null, 130, -5, 100]
      const ref = yield* addJob({
        duration: "2 minutes",
        progress: (elapsed) => percentages[Math.floor(elapsed * 6)] ?? null
      })
      const changes = yield* fastForward(Stream.runCollect(watch(ref, { poll: { interval: "1 second" } })))
      expect(changes.slice(0, -1).map(({ completionPercentage }) => completionPercentage)).toEqual([
        50,
        40,
        null,
        100,
        0,
        100
      ])
      expect(changes.map(({ isTerminal }) => isTerminal)).toEqual([false, false, false, false, false, false, true])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect.each(["Failure", "PartialSuccess", "Cancelled"] as const)("P13 %s is an element like any other", (status) =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ kind: "graphql-query", duration: "30 seconds", status })
      const changes = yield* fastForward(Stream.runCollect(watch(ref)))
      expect(changes.at(-1)?.status).toBe(status)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P13 a job that has ended already is one element", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ age: "1 hour" })
      expect(yield* fastForward(Stream.runCollect(watch(ref)))).toHaveLength(1)
      expect(yield* requestTimes()).toHaveLength(1)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P13 a slow consumer slows polling down, and misses no end", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "5 minutes" })
      const slowly = watch(ref, { poll: { interval: "1 second" } }).pipe(
        Stream.tap(() => Effect.sleep("1 minute")),
        Stream.runCollect
      )
      const changes = yield* fastForward(slowly)
      expect(changes.at(-1)?.phase).toBe("succeeded")
      const times = yield* requestTimes()
      expect(times.length).toBeLessThanOrEqual(7)
      expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeGreaterThanOrEqual(60_000)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P13 a slow consumer does not slow down another of the same job", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 minute" })
      const quick = Stream.runCount(watch(ref, { poll: { interval: "1 second" } }))
      const slow = watch(ref, { poll: { interval: "1 second" } }).pipe(
        Stream.tap(() => Effect.sleep("20 seconds")),
        Stream.runCollect
      )
      const [count, changes] = yield* fastForward(Effect.all([quick, slow], { concurrency: 2 }))
      expect(count).toBeGreaterThan(30)
      expect(changes.length).toBeLessThanOrEqual(6)
      expect(changes.at(-1)?.phase).toBe("succeeded")
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P7 a consumer that stops ends polling at once", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "10 minutes" })
      expect(yield* fastForward(Stream.runCount(Stream.take(watch(ref), 3)))).toBe(3)
      const asked = (yield* requestTimes()).length
      yield* fastForward(Effect.sleep("1 hour"))
      expect(yield* requestTimes()).toHaveLength(asked)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P7 interruption aborts the request in flight", () =>
    Effect.gen(function* () {
      const { addJob, report, addFaults } = yield* Simulator
      const ref = yield* addJob({ duration: Duration.infinity })
      yield* addFaults({ fault: Fault.hang, times: "always" })
      const interrupting = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Stream.runDrain(watch(ref)))
        yield* Effect.sleep("5 seconds")
        yield* Fiber.interrupt(fiber)
        yield* Effect.sleep("1 hour")
      })
      yield* fastForward(interrupting)
      expect((yield* report).requests).toMatchObject([{ outcome: "broken" }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P6 P13 times out after the last change", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 hour", progress: "none" })
      const seen: Array<string> = []
      const watching = watch(ref, { timeout: "2 minutes" }).pipe(
        Stream.runForEach(({ phase }) => Effect.sync(() => seen.push(phase)))
      )
      expect(yield* fastForward(Effect.flip(watching))).toMatchObject({ _tag: "WaitTimeoutError", elapsed: 120_000 })
      expect(seen).toEqual(["running"])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P5 a permanent error ends it", () =>
    Effect.gen(function* () {
      expect(yield* fastForward(Effect.flip(Stream.runDrain(watch("standard:9"))))).toMatchObject({ status: 404 })
      expect(yield* Effect.flip(Stream.runDrain(watch("nonsense")))).toMatchObject({ _tag: "InvalidJobRefError" })
    }).pipe(Effect.provide(fixture()))
  )
})
