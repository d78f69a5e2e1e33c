import { describe, expect, it } from "@effect/vitest"
import { JobStatus } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Duration, Effect, Fiber, Stream } from "effect"
import { fastForward } from "../support/FastForward.ts"
import { fixture } from "../support/Fixture.ts"
import { recorder, requestTimes } from "./Waits.ts"

const endless = { duration: Duration.infinity, progress: "none" } as const

describe("many jobs", () => {
  it.effect("P11 at most four requests in flight, in the order of the references", () =>
    Effect.gen(function* () {
      const { addJob, report, addFaults } = yield* Simulator
      const refs = yield* Effect.forEach(Array.from({ length: 20 }), () => addJob({ duration: "1 minute" }))
      yield* addFaults({ fault: Fault.latency("400 millis"), times: "always" })
      const outcomes = yield* fastForward(JobStatus.use((jobs) => jobs.waitAll(refs)))
      expect(outcomes.map((outcome) => outcome._tag)).toEqual(refs.map(() => "Success"))
      const { endpoints, requests } = yield* report
      expect(endpoints.getJobStatus.maxInFlight).toBe(4)
      // The four in flight may overtake one another.
      const places = requests.slice(0, refs.length).map(({ ref }) => refs.findIndex((asked) => String(asked) === ref))
      places.forEach((place, index) => {
        expect(Math.abs(place - index)).toBeLessThan(4)
      })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 a job between its polls holds no permit", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const others = yield* Effect.forEach(Array.from({ length: 10 }), () => addJob(endless))
      const other = yield* addJob(endless)
      const jobs = yield* JobStatus
      const use = Effect.gen(function* () {
        const waiting = yield* Effect.forkChild(jobs.waitAll(others, { poll: { interval: "5 minutes" } }))
        yield* Effect.sleep("1 minute")
        yield* jobs.get(other)
        yield* Fiber.interrupt(waiting)
      })
      yield* fastForward(use)
      expect(yield* requestTimes(other)).toEqual([60_000])
    }).pipe(Effect.provide(fixture({ concurrency: 1 })))
  )

  it.effect("P11 no job starves when there are few permits", () =>
    Effect.gen(function* () {
      const { addJob, report, addFaults } = yield* Simulator
      const refs = yield* Effect.forEach(Array.from({ length: 12 }), () => addJob(endless))
      yield* addFaults({ fault: Fault.latency("300 millis"), times: "always" })
      const options = { timeout: "30 seconds", poll: { interval: "1 second" } } as const
      yield* fastForward(JobStatus.use((jobs) => jobs.waitAll(refs, options)))
      const counts = Object.values((yield* report).refs).map(({ requests }) => requests)
      expect(counts).toHaveLength(12)
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      expect(Math.min(...counts)).toBeGreaterThan(5)
    }).pipe(Effect.provide(fixture({ concurrency: 1 })))
  )

  it.effect("P1 the end of one does not affect the others; outcomes are in the order of the references", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const durations = ["30 seconds", "10 seconds", "20 seconds"] as const
      const refs = yield* Effect.forEach(durations, (duration) => addJob({ duration }))
      const { reported, onProgress } = recorder()
      const outcomes = yield* fastForward(JobStatus.use((jobs) => jobs.waitAll([...refs, ...refs], { onProgress })))
      expect(outcomes).toMatchObject([...refs, ...refs].map((ref) => ({ success: { ref: String(ref) } })))
      const ends = reported("Changed").filter(({ snapshot }) => snapshot.isTerminal)
      expect(ends.map(({ ref }) => ref)).toEqual([1, 1, 2, 2, 0, 0].map((index) => String(refs[index])))
    }).pipe(Effect.provide(fixture()))
  )
})

describe("many watchers of one job", () => {
  it.effect("P12 share its polls, the default policy spelled out or not", () =>
    Effect.gen(function* () {
      const { addJob, report } = yield* Simulator
      const ref = yield* addJob({ duration: "1 minute" })
      const { wait } = yield* JobStatus
      yield* fastForward(Effect.all([wait(ref), wait(ref, { poll: {} })], { concurrency: "unbounded" }))
      const { requests } = yield* report
      expect(new Set(requests.map(({ at }) => at)).size).toBe(requests.length)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P12 share one poll", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const alone = yield* addJob({ duration: "2 minutes", progress: "none" })
      const shared = yield* addJob({ duration: "2 minutes", progress: "none" })
      yield* fastForward(
        JobStatus.use((jobs) =>
          Effect.all([jobs.wait(alone), ...Array.from({ length: 20 }, () => jobs.wait(shared))], {
            concurrency: "unbounded"
          })
        )
      )
      const times = yield* requestTimes(shared)
      expect(times.length).toBeLessThanOrEqual((yield* requestTimes(alone)).length + 3)
      expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeGreaterThanOrEqual(900)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P12 whoever joins gets the status within a second, and no two polls are closer than that", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob(endless)
      const jobs = yield* JobStatus
      const use = Effect.gen(function* () {
        const first = yield* Effect.forkChild(jobs.wait(ref))
        yield* Effect.sleep("61 seconds")
        const others = yield* Effect.forEach([0, 1, 2, 3, 4], () =>
          Effect.sleep("100 millis").pipe(Effect.andThen(Stream.runHead(jobs.watch(ref))), Effect.forkChild)
        )
        yield* Effect.forEach(others, Fiber.join)
        yield* Fiber.interrupt(first)
      })
      yield* fastForward(use)
      const times = yield* requestTimes(ref)
      const late = times.filter((at) => at >= 61_000)
      expect(late.length).toBeLessThanOrEqual(2)
      expect(late.at(-1)).toBeLessThanOrEqual(62_200)
      expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeGreaterThanOrEqual(1000)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P12 whoever leaves does not affect the others", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "2 minutes" })
      const jobs = yield* JobStatus
      const use = Effect.gen(function* () {
        const first = yield* Effect.forkChild(jobs.wait(ref))
        const second = yield* Effect.forkChild(jobs.wait(ref))
        yield* Effect.sleep("30 seconds")
        yield* Fiber.interrupt(first)
        return yield* Fiber.join(second)
      })
      expect(yield* fastForward(use)).toMatchObject({ phase: "succeeded" })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P12 P7 the last that leaves stops the polls, and interrupts one in flight", () =>
    Effect.gen(function* () {
      const { addJob, report, addFaults } = yield* Simulator
      const ref = yield* addJob(endless)
      yield* addFaults({ fault: Fault.hang, skip: 1 })
      const jobs = yield* JobStatus
      const use = Effect.gen(function* () {
        const waits = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(jobs.wait(ref)))
        yield* Effect.sleep("10 seconds")
        yield* Effect.forEach(waits, (wait) => Fiber.interrupt(wait))
        yield* Effect.sleep("1 hour")
      })
      yield* fastForward(use)
      expect((yield* report).requests).toMatchObject([{ outcome: "complete" }, { fault: "Hang", outcome: "broken" }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P12 each keeps its own deadline", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "5 minutes", progress: "none" })
      const jobs = yield* JobStatus
      const [short, long] = yield* fastForward(
        Effect.all([Effect.flip(jobs.wait(ref, { timeout: "2 minutes" })), jobs.wait(ref)], { concurrency: 2 })
      )
      expect(short).toMatchObject({ _tag: "WaitTimeoutError", elapsed: 120_000 })
      expect(long.phase).toBe("succeeded")
      expect(yield* requestTimes(ref)).toContain(119_500)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P12 P8 each has a last poll half a second before its deadline, however close to it another poll is", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob(endless)
      const jobs = yield* JobStatus
      const timeouts = ["30 seconds", "31 seconds", "39 seconds", "60 seconds"] as const
      // Without the deadlines there would be polls at 29.1 and 39.2 seconds.
      const poll = { interval: "9700 millis" } as const
      yield* fastForward(
        Effect.forEach(timeouts, (timeout) => Effect.flip(jobs.wait(ref, { timeout, poll })), {
          concurrency: "unbounded"
        })
      )
      expect(yield* requestTimes(ref)).toEqual([0, 9700, 19_400, 29_500, 30_500, 38_500, 48_200, 57_900, 59_500])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P12 a watch that has ended and stays open does not affect those that join later", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({ duration: "1 minute" })
      yield* addFaults(Fault.problem(404))
      const jobs = yield* JobStatus
      const use = Effect.gen(function* () {
        const later = yield* Effect.scoped(
          Effect.gen(function* () {
            const pull = yield* Stream.toPull(jobs.watch(ref))
            yield* Effect.flip(pull)
            const later = yield* Effect.forkDetach(jobs.wait(ref))
            yield* Effect.sleep("10 seconds")
            return later
          })
        )
        return yield* Fiber.join(later)
      })
      expect(yield* fastForward(use)).toMatchObject({ phase: "succeeded" })
    }).pipe(Effect.provide(fixture()))
  )
})
