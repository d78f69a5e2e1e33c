import { describe, expect, it } from "@effect/vitest"
import { JobStatus, type JobStatusOptions, type RetryPolicy } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Clock, Effect, Exit, Fiber, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { notingAlarms } from "./support/Alarms.ts"
import { fastForward, quiet } from "./support/FastForward.ts"
import { fixture, optionsFor } from "./support/Fixture.ts"

/** A further client of the fixture's account, until the scope closes. */
const client = Effect.fnUntraced(function* (options: JobStatusOptions = {}) {
  const context = yield* Layer.build(JobStatus.layer({ retry: false, ...(yield* optionsFor(options)) }))
  return yield* Effect.provide(JobStatus, context)
})

const ids = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index)

const slow = { fault: Fault.latency("1 second"), times: "always" } as const

const asked = Effect.gen(function* () {
  const { report } = yield* Simulator
  return (yield* report).requests.map(({ path }) => Number(path.match(/\d+/)?.[0]))
})

/** Asks for all at once; what became of each does not matter. */
const askAll = (jobs: JobStatus["Service"], ids: ReadonlyArray<number>) =>
  Effect.forEach(ids, (id) => Effect.exit(jobs.getJobStatus(id)), { concurrency: "unbounded" })

describe("EndpointGate", () => {
  it.effect("P11 no more than four requests are in flight per endpoint, however many clients an account has", () =>
    Effect.gen(function* () {
      const { report, script } = yield* Simulator
      yield* script(slow)
      const clients = yield* Effect.all([client(), client(), client({ server: `${(yield* Simulator).url}/` })])
      yield* fastForward(
        Effect.forEach(
          clients,
          (jobs) =>
            Effect.all(
              [
                askAll(jobs, ids(9)),
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
      expect(endpoints.getJobStatus).toMatchObject({ requests: 27, mostInFlight: 4 })
      expect(endpoints.getGraphQlBulkJobStatus).toMatchObject({ requests: 27, mostInFlight: 4 })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 accounts do not wait for each other", () =>
    Effect.gen(function* () {
      const { report, script } = yield* Simulator
      yield* script(slow)
      const [one, other] = yield* Effect.all([client(), client({ token: "another-token-than-that" })])
      yield* fastForward(Effect.all([askAll(one, ids(8)), askAll(other, ids(8))], { concurrency: 2 }))
      expect((yield* report).endpoints.getJobStatus.mostInFlight).toBe(8)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 the smallest concurrency of an account's open clients holds, until that client is closed", () =>
    Effect.gen(function* () {
      const { report, script } = yield* Simulator
      yield* script({ fault: Fault.hang, times: "always" })
      const jobs = yield* client()
      const careful = yield* Scope.make()
      yield* Scope.provide(client({ concurrency: 1 }), careful)
      yield* Effect.forkChild(askAll(jobs, ids(6)))
      yield* quiet()
      expect((yield* report).endpoints.getJobStatus.inFlight).toBe(1)
      yield* Scope.close(careful, Exit.void)
      yield* quiet()
      expect((yield* report).endpoints.getJobStatus.inFlight).toBe(4)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 first come, first served: who asks again goes to the end of the line", () =>
    Effect.gen(function* () {
      yield* (yield* Simulator).script(slow)
      const [one, other] = yield* Effect.all([client({ concurrency: 1 }), client()])
      const repeating = Effect.forEach([1, 2, 3], (id) => Effect.exit(one.getJobStatus(id)))
      yield* fastForward(Effect.all([repeating, askAll(other, ids(3, 101))], { concurrency: "unbounded" }))
      expect(yield* asked).toEqual([1, 101, 102, 103, 2, 3])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 who leaves the line makes room, and a place that was taken is given back", () =>
    Effect.gen(function* () {
      const { report, script } = yield* Simulator
      yield* script({ fault: Fault.hang, times: 4 })
      const jobs = yield* client()
      const fibers = yield* Effect.forEach(ids(7), (id) => Effect.forkChild(jobs.getJobStatus(id)))
      yield* quiet()
      yield* Effect.forEach(fibers.slice(2, 6), Fiber.interrupt)
      yield* quiet()
      expect((yield* asked).toSorted()).toEqual([1, 2, 3, 4, 7])
      expect((yield* report).endpoints.getJobStatus.mostInFlight).toBe(4)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P11 who sleeps between attempts holds no place", () =>
    Effect.gen(function* () {
      const { script } = yield* Simulator
      yield* script({ fault: Fault.serverError(500), times: 4 })
      const jobs = yield* client({ retry: { initialInterval: "20 seconds" } })
      yield* Effect.forkChild(askAll(jobs, ids(4)))
      yield* quiet()
      yield* askAll(jobs, [5])
      // Four at once may overtake one another on their way.
      expect((yield* asked).toSorted()).toEqual([1, 2, 3, 4, 5])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect.each([429, 503])("a %i with Retry-After pauses the endpoint for every client of the account", (status) =>
    Effect.gen(function* () {
      const { report, script } = yield* Simulator
      yield* script(Fault.serverError(status, 30))
      const [one, other] = yield* Effect.all([client({ retry: {} }), client({ retry: {} })])
      const start = yield* Clock.currentTimeMillis
      yield* Effect.exit(one.getJobStatus(1, { retry: false }))
      yield* fastForward(Effect.all([askAll(one, ids(6)), askAll(other, ids(6))], { concurrency: 2 }))
      const { requests } = yield* report
      expect(requests.slice(1).map(({ at }) => at - start)).toEqual(Array(12).fill(30_000))
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("a pause is as long as the longest that was asked for", () =>
    Effect.gen(function* () {
      const { script } = yield* Simulator
      yield* script([Fault.tooManyRequests(20), Fault.tooManyRequests(40), Fault.tooManyRequests(10)])
      const jobs = yield* client()
      yield* askAll(jobs, ids(3))
      yield* fastForward(jobs.getJobStatus(4, { retry: { maxElapsedTime: "50 seconds" } }).pipe(Effect.exit))
      expect(yield* Clock.currentTimeMillis).toBe(40_000)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P3 who cannot wait for a pause to end is told at once, also from the middle of the line", () =>
    Effect.gen(function* () {
      const { script } = yield* Simulator
      yield* script([Fault.latency("1 second", Fault.tooManyRequests(500)), { fault: Fault.hang, times: 3 }])
      const jobs = yield* client({ retry: { maxElapsedTime: "1 hour" } })
      yield* Effect.forkChild(askAll(jobs, ids(6)))
      const impatient = yield* Effect.forkChild(jobs.getJobStatus(7, { retry: { maxElapsedTime: 60_000 } }))
      yield* quiet()
      yield* TestClock.adjust("1 second")
      yield* quiet()
      const queued = yield* Effect.flip(Fiber.join(impatient))
      const later = yield* Effect.flip(jobs.getJobStatus(8, { retry: false }))
      for (const error of [queued, later]) {
        expect(error).toMatchObject({ _tag: "ApiError", status: 429, retryAfter: 500_000 })
      }
      expect([queued, later]).toMatchObject([{ ref: "standard:7" }, { ref: "standard:8" }])
      expect((yield* asked).toSorted()).toEqual([1, 2, 3, 4])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P7 no timer is left of a pause once nobody waits for its end", () =>
    Effect.gen(function* () {
      const { script } = yield* Simulator
      const { alarms, noting } = notingAlarms(yield* Clock.Clock)
      yield* script([Fault.tooManyRequests(20), Fault.latency("1 second", Fault.tooManyRequests(500)), Fault.honest])
      const jobs = yield* client()
      const ask = (id: number, retry: RetryPolicy.RetryPolicyOptions | false) =>
        Effect.forkChild(Effect.provideService(Effect.exit(jobs.getJobStatus(id, { retry })), Clock.Clock, noting))
      yield* Effect.all([ask(1, false), ask(2, false)])
      yield* quiet()
      const refused = yield* ask(3, { maxElapsedTime: "1 minute" })
      yield* TestClock.adjust("1 second")
      yield* quiet()
      expect(yield* Fiber.join(refused)).toMatchObject({ _tag: "Failure" })
      expect(alarms.size).toBe(0)
      const leaving = yield* ask(4, { maxElapsedTime: "1 hour" })
      yield* quiet()
      expect(alarms.size).toBe(1)
      yield* Fiber.interrupt(leaving)
      expect(alarms.size).toBe(0)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("no answer pauses an endpoint for more than an hour", () =>
    Effect.gen(function* () {
      yield* (yield* Simulator).script(Fault.tooManyRequests(100_000))
      const jobs = yield* client()
      yield* askAll(jobs, [1])
      yield* fastForward(Effect.exit(jobs.getJobStatus(2, { retry: { maxElapsedTime: "3 hours" } })))
      expect(yield* Clock.currentTimeMillis).toBe(3_600_000)
    }).pipe(Effect.provide(fixture()))
  )
})
