import { describe, expect, it } from "@effect/vitest"
import { JobStatus, JobTracker, type JobTrackerEvent, ResumePoint } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { DateTime, Duration, Effect, Fiber, Option, Stream } from "effect"
import { fastForward } from "../support/FastForward.ts"
import { clientLayer, fixture, secret } from "../support/Fixture.ts"
import { requestTimes } from "./Waits.ts"

const endless = { duration: Duration.infinity, progress: "none" } as const

/** Runs an effect with a tracker and what it reports, while the clock moves by itself. */
const tracking = <A, E, R>(
  use: (tracker: JobTracker["Service"], events: ReadonlyArray<JobTrackerEvent>) => Effect.Effect<A, E, R>
) =>
  fastForward(
    Effect.scoped(
      Effect.gen(function* () {
        const tracker = yield* JobTracker.make(yield* JobStatus)
        const events: Array<JobTrackerEvent> = []
        const collecting = Stream.runForEach(tracker.events, (event) => Effect.sync(() => events.push(event)))
        yield* Effect.forkScoped(collecting, { startImmediately: true })
        return yield* use(tracker, events)
      })
    )
  )

describe("JobTracker", () => {
  it.effect("P13 reports every change of a changing set of jobs, and the end of each once", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const first = String(yield* addJob({ duration: "10 seconds", progress: "none" }))
      const second = String(yield* addJob({ duration: "30 seconds", progress: "none", status: "Failure" }))
      const events = yield* tracking((tracker, events) =>
        Effect.gen(function* () {
          yield* tracker.track(first)
          yield* Effect.sleep("15 seconds")
          yield* tracker.track(second)
          expect(yield* tracker.tracked).toEqual([second])
          yield* Effect.sleep("1 minute")
          expect(yield* tracker.tracked).toEqual([])
          return events
        })
      )
      expect(events.map(({ _tag, ref }) => [_tag, ref])).toEqual([
        ["Changed", first],
        ["Changed", first],
        ["Ended", first],
        ["Changed", second],
        ["Changed", second],
        ["Ended", second]
      ])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P5 P6 reports a permanent error as Refused, and a deadline as TimedOut", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = String(yield* addJob(endless))
      const events = yield* tracking((tracker, events) =>
        Effect.gen(function* () {
          yield* tracker.track("standard:404")
          yield* tracker.track(ref, { deadline: DateTime.makeUnsafe(60_000) })
          yield* Effect.sleep("2 minutes")
          return events
        })
      )
      expect(events).toMatchObject([
        { _tag: "Refused", ref: "standard:404", error: { status: 404 } },
        { _tag: "Changed", ref },
        { _tag: "TimedOut", ref, error: { elapsed: 60_000 } }
      ])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P7 P12 shares its polls with a wait of the same client; untracking the last interrupts them", () =>
    Effect.gen(function* () {
      const { addJob, report, addFaults } = yield* Simulator
      const ref = yield* addJob(endless)
      yield* addFaults({ fault: Fault.hang, skip: 1 })
      yield* tracking((tracker) =>
        Effect.gen(function* () {
          const waiting = yield* Effect.forkChild(JobStatus.use((jobs) => jobs.wait(ref)))
          yield* tracker.track(ref)
          yield* Effect.sleep("10 seconds")
          yield* Fiber.interrupt(waiting)
          expect((yield* report).requests).toMatchObject([{}, { fault: "Hang", outcome: "pending" }])
          yield* tracker.untrack(ref)
          yield* tracker.untrack(ref)
          yield* Effect.sleep("1 hour")
        })
      )
      expect((yield* report).requests).toMatchObject([{ outcome: "complete" }, { outcome: "broken" }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("refresh polls now, shares the poll with others, and repeats a status of less than a second ago", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob(endless)
      yield* tracking((tracker, events) =>
        Effect.gen(function* () {
          yield* tracker.track(ref, { policy: { interval: "1 hour" } })
          yield* Effect.sleep("10 minutes")
          const refreshes = Array.from({ length: 20 }, () => tracker.refresh(ref))
          const snapshots = yield* Effect.all(refreshes, { concurrency: "unbounded" })
          expect(new Set(snapshots.map(({ phase }) => phase))).toEqual(new Set(["running"]))
          yield* tracker.refresh(ref)
          expect(yield* requestTimes(ref)).toEqual([0, 600_000])
          expect(events).toHaveLength(1)
        })
      )
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("refresh of a job that is not tracked polls once; it fails with the poll's error", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob(endless)
      yield* tracking((tracker) =>
        Effect.gen(function* () {
          expect(yield* Effect.flip(tracker.refresh("standard:404"))).toMatchObject({ status: 404 })
          yield* addFaults(Fault.serverError(500))
          expect(yield* Effect.flip(tracker.refresh(ref))).toMatchObject({ _tag: "ApiError", status: 500 })
          yield* Effect.sleep("1 hour")
          expect(yield* requestTimes(ref)).toHaveLength(1)
        })
      )
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P3 refresh of a paused endpoint fails at once, and sends nothing", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob(endless)
      const other = yield* addJob(endless)
      yield* addFaults({ fault: Fault.tooManyRequests(30), on: other })
      yield* tracking((tracker) =>
        Effect.gen(function* () {
          yield* JobStatus.use((jobs) => Effect.result(jobs.get(other, { retry: false })))
          expect(yield* Effect.flip(tracker.refresh(ref))).toMatchObject({ _tag: "RateLimitedError", status: 429 })
          expect(yield* requestTimes(ref)).toEqual([])
        })
      )
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("observe takes what another caller has just seen", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "5 seconds" })
      yield* tracking((tracker, events) =>
        Effect.gen(function* () {
          yield* tracker.track(ref, { policy: { interval: "1 hour" } })
          yield* Effect.sleep("10 seconds")
          const snapshot = yield* JobStatus.use((jobs) => jobs.get(ref))
          yield* tracker.observe(ref, snapshot)
          yield* Effect.sleep("1 second")
          expect(events.map(({ _tag }) => _tag)).toEqual(["Changed", "Changed", "Ended"])
          expect(yield* Effect.flip(tracker.observe("standard:1", snapshot))).toMatchObject({ setting: "snapshot" })
        })
      )
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("tracking a job again changes its options, and repeats no event", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob(endless)
      const events = yield* tracking((tracker, events) =>
        Effect.gen(function* () {
          yield* tracker.track(ref, { policy: { interval: "1 hour" } })
          yield* Effect.sleep("1 minute")
          yield* tracker.track(ref, { policy: { interval: "10 seconds" }, deadline: DateTime.makeUnsafe(120_000) })
          yield* Effect.sleep("2 minutes")
          return events
        })
      )
      expect(events.map(({ _tag }) => _tag)).toEqual(["Changed", "TimedOut"])
      expect((yield* requestTimes(ref)).length).toBeGreaterThan(6)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P14 continues in another process: schedule, deadline and what was reported are kept", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob(endless)
      const stored = yield* tracking((tracker) =>
        Effect.gen(function* () {
          expect(yield* tracker.state(ref)).toEqual(Option.none())
          yield* tracker.track(ref, { deadline: DateTime.makeUnsafe(Duration.toMillis("20 hours")) })
          yield* Effect.sleep("10 hours")
          return JSON.stringify(Option.getOrThrow(yield* tracker.state(ref)))
        })
      )
      expect(stored).not.toContain(secret)
      expect(stored).not.toContain("http")
      const before = (yield* requestTimes(ref)).length
      const state = ResumePoint.fromJson(JSON.parse(stored))
      const events = yield* tracking((tracker, events) =>
        Effect.gen(function* () {
          yield* tracker.track(ref, { state })
          yield* Effect.sleep("1 hour")
          // At most every five minutes, as before.
          expect((yield* requestTimes(ref)).length - before).toBeLessThanOrEqual(13)
          expect(events).toEqual([])
          yield* Effect.sleep("10 hours")
          return events
        })
      ).pipe(Effect.provide(clientLayer()))
      expect(events).toMatchObject([{ _tag: "TimedOut", error: { elapsed: Duration.toMillis("20 hours") } }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("reports how many jobs are due, and for how long", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const refs = yield* Effect.forEach(Array.from({ length: 10 }), () => addJob(endless))
      yield* addFaults({ fault: Fault.hang, times: "always" })
      yield* tracking((tracker) =>
        Effect.gen(function* () {
          yield* Effect.forEach(refs, (ref) => tracker.track(ref))
          yield* Effect.sleep("10 seconds")
          expect(yield* tracker.load).toEqual({ jobs: 10, due: 6, lag: 10_000 })
        })
      )
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("rejects invalid references, policies and states", () =>
    Effect.gen(function* () {
      yield* tracking((tracker) =>
        Effect.gen(function* () {
          expect(yield* Effect.flip(tracker.track("nonsense"))).toMatchObject({ _tag: "InvalidJobRefError" })
          const bad = tracker.track(1, { policy: { interval: 10 } })
          expect(yield* Effect.flip(bad)).toMatchObject({ setting: "poll.interval" })
          const state = ResumePoint.fromJson({
            version: 1,
            ref: "standard:2",
            startedAt: "1970-01-01T00:00:00.000Z",
            deadline: null,
            seen: null
          })
          expect(yield* Effect.flip(tracker.track(1, { state }))).toMatchObject({ setting: "resume" })
        })
      )
    }).pipe(Effect.provide(fixture()))
  )
})
