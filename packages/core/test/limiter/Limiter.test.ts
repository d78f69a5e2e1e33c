import { describe, expect, it } from "@effect/vitest"
import { JobStatus, type JobStatusOptions, maxPause, type RetryPolicy } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Clock, Effect, Exit, Fiber, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { fastForward, quiet } from "../support/FastForward.ts"
import { fixture, optionsFor } from "../support/Fixture.ts"
import { recordingSleepers } from "../support/Sleepers.ts"

/** A further client of the fixture's account, until the scope closes. */
const client = Effect.fnUntraced(function* (options: JobStatusOptions = {}) {
  const context = yield* Layer.build(JobStatus.layer({ retry: false, ...(yield* optionsFor(options)) }))
  return yield* Effect.provide(JobStatus, context)
})

const ids = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index)

const slow = { fault: Fault.latency("1 second"), times: "always" } as const

/** The ids of the jobs in the order of the requests for them. */
const requested = Effect.gen(function* () {
  const { report } = yield* Simulator
  return (yield* report).requests.map(({ path }) => Number(path.match(/\d+/)?.[0]))
})

/** Requests the status of all at once, whatever becomes of each. */
const getAll = (jobs: JobStatus["Service"], ids: ReadonlyArray<number>) =>
  Effect.forEach(ids, (id) => Effect.exit(jobs.getJobStatus(id)), { concurrency: "unbounded" })

describe("permits", () => {
  it.effect("P11 no more than four requests are in flight per endpoint, however many clients an account has", () =>
    Effect.gen(function* () {
      const { report, addFaults } = yield* Simulator
      yield* addFaults(slow)
      const clients = yield* Effect.all([client(), client(), client({ server: `${(yield* Simulator).url}/` })])
      yield* fastForward(
        Effect.forEach(
          clients,
          (jobs) =>
            Effect.all(
              [
                getAll(jobs, ids(9)),
                Effect.forEach(ids(9), (id) => Effect.exit(jobs.getGraphQlBulkJobStatus(id)), {
                  concurrency: "unbounded"
                })
              ],
              { concurrency: "unbounded" }
            ),
          { concurrency: "unbounded" }
        )
      )
      const { endpoints } = yield* report
      expect(endpoints.getJobStatus).toMatchObject({ requests: 27, maxInFlight: 4 })
      expect(endpoints.getGraphQlBulkJobStatus).toMatchObject({ requests: 27, maxInFlight: 4 })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 accounts do not wait for each other", () =>
    Effect.gen(function* () {
      const { report, addFaults } = yield* Simulator
      yield* addFaults(slow)
      const [one, other] = yield* Effect.all([client(), client({ token: "another-token-than-that" })])
      yield* fastForward(Effect.all([getAll(one, ids(8)), getAll(other, ids(8))], { concurrency: 2 }))
      expect((yield* report).endpoints.getJobStatus.maxInFlight).toBe(8)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 the smallest concurrency of an account's open clients holds, until that client is closed", () =>
    Effect.gen(function* () {
      const { report, addFaults } = yield* Simulator
      yield* addFaults({ fault: Fault.hang, times: "always" })
      const jobs = yield* client()
      const careful = yield* Scope.make()
      yield* Scope.provide(client({ concurrency: 1 }), careful)
      yield* Effect.forkChild(getAll(jobs, ids(6)))
      yield* quiet()
      expect((yield* report).endpoints.getJobStatus.inFlight).toBe(1)
      yield* Scope.close(careful, Exit.void)
      yield* quiet()
      expect((yield* report).endpoints.getJobStatus.inFlight).toBe(4)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 are granted in the order of the calls: who calls again is last", () =>
    Effect.gen(function* () {
      yield* (yield* Simulator).addFaults(slow)
      const [one, other] = yield* Effect.all([client({ concurrency: 1 }), client()])
      const repeating = Effect.forEach([1, 2, 3], (id) => Effect.exit(one.getJobStatus(id)))
      yield* fastForward(Effect.all([repeating, getAll(other, ids(3, 101))], { concurrency: "unbounded" }))
      expect(yield* requested).toEqual([1, 101, 102, 103, 2, 3])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 are given back by interrupted calls, and not used by those that were still waiting", () =>
    Effect.gen(function* () {
      const { report, addFaults } = yield* Simulator
      yield* addFaults({ fault: Fault.hang, times: 4 })
      const jobs = yield* client()
      const fibers = yield* Effect.forEach(ids(7), (id) => Effect.forkChild(jobs.getJobStatus(id)))
      yield* quiet()
      yield* Effect.forEach(fibers.slice(2, 6), Fiber.interrupt)
      yield* quiet()
      expect((yield* requested).toSorted()).toEqual([1, 2, 3, 4, 7])
      expect((yield* report).endpoints.getJobStatus.maxInFlight).toBe(4)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 are not held by a call that sleeps between two attempts", () =>
    Effect.gen(function* () {
      const { addFaults } = yield* Simulator
      yield* addFaults({ fault: Fault.serverError(500), times: 4 })
      const jobs = yield* client({ retry: { initialInterval: "20 seconds" } })
      yield* Effect.forkChild(getAll(jobs, ids(4)))
      yield* quiet()
      yield* getAll(jobs, [5])
      // Four at once may overtake one another on their way.
      expect((yield* requested).toSorted()).toEqual([1, 2, 3, 4, 5])
    }).pipe(Effect.provide(fixture()))
  )
})

describe("a pause", () => {
  it.effect.each([429, 503])("P3 by a %i with Retry-After holds for every client, and ends with a probe", (status) =>
    Effect.gen(function* () {
      const { report, addFaults } = yield* Simulator
      yield* addFaults([Fault.serverError(status, 30), slow])
      const [one, other] = yield* Effect.all([client({ retry: {} }), client({ retry: {} })])
      const start = yield* Clock.currentTimeMillis
      yield* Effect.exit(one.getJobStatus(1, { retry: false }))
      yield* fastForward(Effect.all([getAll(one, ids(6)), getAll(other, ids(6))], { concurrency: 2 }))
      const [probe = 0, ...rest] = (yield* report).requests.slice(1).map(({ at }) => at - start)
      expect(probe).toBeGreaterThanOrEqual(30_000)
      expect(probe).toBeLessThanOrEqual(31_000)
      expect(rest.map((at) => at - probe)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3].map((second) => second * 1000))
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P3 is as long as the longest that was asked for", () =>
    Effect.gen(function* () {
      const { addFaults } = yield* Simulator
      yield* addFaults([Fault.tooManyRequests(20), Fault.tooManyRequests(40), Fault.tooManyRequests(10)])
      const jobs = yield* client()
      yield* getAll(jobs, ids(3))
      yield* fastForward(jobs.getJobStatus(4, { retry: { maxElapsedTime: "50 seconds" } }).pipe(Effect.exit))
      const end = yield* Clock.currentTimeMillis
      expect(end).toBeGreaterThanOrEqual(40_000)
      expect(end).toBeLessThanOrEqual(41_000)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P3 past a call's deadline fails the call at once, also one that is already waiting", () =>
    Effect.gen(function* () {
      const { addFaults } = yield* Simulator
      yield* addFaults([Fault.latency("1 second", Fault.tooManyRequests(500)), { fault: Fault.hang, times: 3 }])
      const jobs = yield* client({ retry: { maxElapsedTime: "1 hour" } })
      yield* Effect.forkChild(getAll(jobs, ids(6)))
      const impatient = yield* Effect.forkChild(jobs.getJobStatus(7, { retry: { maxElapsedTime: 60_000 } }))
      yield* quiet()
      yield* TestClock.adjust("1 second")
      yield* quiet()
      const queued = yield* Effect.flip(Fiber.join(impatient))
      const later = yield* Effect.flip(jobs.getJobStatus(8, { retry: false }))
      for (const error of [queued, later]) expect(error).toMatchObject({ _tag: "RateLimitedError", status: 429 })
      expect([queued, later]).toMatchObject([{ ref: "standard:7" }, { ref: "standard:8" }])
      expect((yield* requested).toSorted()).toEqual([1, 2, 3, 4])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P7 leaves no timer once no call waits for its end", () =>
    Effect.gen(function* () {
      const { addFaults } = yield* Simulator
      const { clock, sleepers } = recordingSleepers(yield* Clock.Clock)
      yield* addFaults([Fault.tooManyRequests(20), Fault.latency("1 second", Fault.tooManyRequests(500)), Fault.none])
      const jobs = yield* client()
      const get = (id: number, retry: RetryPolicy.RetryPolicyOptions | false) =>
        Effect.forkChild(Effect.provideService(Effect.exit(jobs.getJobStatus(id, { retry })), Clock.Clock, clock))
      yield* Effect.all([get(1, false), get(2, false)])
      yield* quiet()
      const refused = yield* get(3, { maxElapsedTime: "1 minute" })
      yield* TestClock.adjust("1 second")
      yield* quiet()
      expect(yield* Fiber.join(refused)).toMatchObject({ _tag: "Failure" })
      expect(sleepers.size).toBe(0)
      const leaving = yield* get(4, { maxElapsedTime: "1 hour" })
      yield* quiet()
      expect(sleepers.size).toBe(1)
      yield* Fiber.interrupt(leaving)
      expect(sleepers.size).toBe(0)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P3 is never longer than 15 minutes", () =>
    Effect.gen(function* () {
      yield* (yield* Simulator).addFaults(Fault.tooManyRequests(100_000))
      const jobs = yield* client()
      yield* getAll(jobs, [1])
      yield* fastForward(Effect.exit(jobs.getJobStatus(2, { retry: { maxElapsedTime: "3 hours" } })))
      const end = yield* Clock.currentTimeMillis
      expect(end).toBeGreaterThanOrEqual(maxPause)
      expect(end).toBeLessThanOrEqual(maxPause + 1000)
    }).pipe(Effect.provide(fixture()))
  )
})
