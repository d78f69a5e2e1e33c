import { describe, expect, it } from "@effect/vitest"
import { JobStatus } from "@ttd-jobs/core"
import { Fault, ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Duration, Effect } from "effect"
import { fastForward } from "../support/FastForward.ts"
import { fixture } from "../support/Fixture.ts"
import { recorder, requestTimes, timed, wait } from "./Waits.ts"

describe("outcomes of a wait", () => {
  it.effect("P1 a snapshot, a failed job, a failed request and a timeout are never mixed", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const good = yield* addJob({ duration: "5 seconds" })
      const bad = yield* addJob({ duration: "5 seconds", status: "Failure", errors: "Disk full" })
      const endless = yield* addJob({ duration: Duration.infinity })
      const outcomes = yield* fastForward(
        JobStatus.use((jobs) => jobs.waitAll([good, bad, "standard:404", endless], { timeout: "1 minute" }))
      )
      expect(outcomes).toMatchObject([
        { success: { phase: "succeeded", ref: String(good) } },
        { failure: { _tag: "JobFailedError", ref: String(bad), snapshot: { errors: ["Disk full"] } } },
        { failure: { _tag: "ProblemDetailsError", status: 404 } },
        { failure: { _tag: "WaitTimeoutError", ref: String(endless) } }
      ])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect.each([
    ["Failure", "standard"],
    ["Cancelled", "graphql-bulk"]
  ] as const)("P1 %s is a JobFailedError, or a result like any other", ([status, kind]) =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ kind, duration: "5 seconds", status, errors: "No such advertiser" })
      const error = yield* Effect.flip(wait(ref))
      expect(error).toMatchObject({ _tag: "JobFailedError", snapshot: { status } })
      expect(error.message).toBe(`${ref} ended as ${status}: No such advertiser`)
      expect((yield* wait(ref, { acceptFailure: true })).status).toBe(status)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P1 a wait for no jobs ends at once", () =>
    Effect.gen(function* () {
      expect(yield* fastForward(JobStatus.use((jobs) => jobs.waitAll([])))).toEqual([])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P1 an invalid reference or option fails before any request", () =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(wait("standard:x"))).toMatchObject({ _tag: "InvalidJobRefError" })
      expect(yield* Effect.flip(wait(1, { timeout: -1 }))).toMatchObject({ setting: "timeout" })
      expect(yield* Effect.flip(wait(1, { notFoundGrace: -1 }))).toMatchObject({ setting: "notFoundGrace" })
      expect(yield* Effect.flip(wait(1, { poll: { interval: 10 } }))).toMatchObject({ setting: "poll.interval" })
      expect(yield* requestTimes()).toEqual([])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P16 partial success keeps the server's errors", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "5 seconds", status: "PartialSuccess", errors: "3 rows were skipped" })
      const snapshot = yield* wait(ref)
      expect(snapshot).toMatchObject({ phase: "partially-succeeded", errors: ["3 rows were skipped"] })
      expect(snapshot.result).not.toBeNull()
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P16 success without a result is a success", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "5 seconds", result: ResultScript.none })
      expect(yield* wait(ref)).toMatchObject({ phase: "succeeded", result: null, errors: [] })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P16 an expired result is an outcome of its own", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ age: "30 hours", duration: "1 hour" })
      expect(yield* wait(ref)).toMatchObject({ phase: "expired", result: null })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect.each(["absent", "null"] as const)(
    "P16 a response without a job (%s) ends the wait with the server's reason",
    (withoutJob) =>
      Effect.gen(function* () {
        const { addJob } = yield* Simulator
        const ref = yield* addJob({ kind: "graphql-query", withoutJob, errors: "The job was purged" })
        const { result, took } = yield* timed(wait(ref))
        expect(result).toMatchObject({ failure: { _tag: "ApiError", status: 200, body: "The job was purged" } })
        expect(took).toBe(0)
        const { took: graceTook } = yield* timed(wait(ref, { notFoundGrace: "10 seconds" }))
        expect(graceTook).toBeGreaterThanOrEqual(10_000)
      }).pipe(Effect.provide(fixture()))
  )

  it.effect("P15 only GET is sent, whatever the outcome", () =>
    Effect.gen(function* () {
      const { addJob, report } = yield* Simulator
      const endless = yield* addJob({ duration: Duration.infinity })
      yield* timed(wait(endless, { timeout: "1 minute" }))
      yield* fastForward(JobStatus.use((jobs) => Effect.timeoutOption(jobs.wait(endless), "10 seconds")))
      const { unknownPaths, requests } = yield* report
      expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(["GET"]))
      expect(unknownPaths.requests).toBe(0)
    }).pipe(Effect.provide(fixture()))
  )
})

describe("events of a wait", () => {
  it.effect("P2 an unknown status is kept, reported once, polled at its interval, and not terminal", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "5 seconds", status: "Simmering" })
      const { reported, onProgress } = recorder()
      const { result, took } = yield* timed(
        wait(ref, { timeout: "5 minutes", poll: { interval: "10 seconds" }, onProgress })
      )
      expect(result).toMatchObject({
        failure: { _tag: "WaitTimeoutError", snapshot: { phase: "unknown", status: "Simmering" } }
      })
      expect(took).toBe(300_000)
      expect(reported("UnknownStatus")).toHaveLength(1)
      expect(reported("UnknownStatus")[0]?.snapshot.status).toBe("Simmering")
      expect(yield* requestTimes()).toEqual([...Array.from({ length: 30 }, (_, poll) => poll * 10_000), 299_500])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P13 are changes, each once, and the end", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const progress = (elapsed: number) => (elapsed < 0.5 ? 10 : 60)
      const ref = yield* addJob({ kind: "graphql-bulk", queued: "20 seconds", duration: "2 minutes", progress })
      const { events, onProgress } = recorder()
      yield* wait(ref, { onProgress })
      expect(
        events.map((event) => "snapshot" in event && [event.snapshot.phase, event.snapshot.completionPercentage])
      ).toEqual([
        ["queued", 0],
        ["running", 10],
        ["running", 60],
        ["succeeded", 100]
      ])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect.each([
    ["22 hours", 0],
    ["23 hours and a half", 1]
  ] as const)(
    "P20 P13 a result of a job that was created %s ago: %i warnings that it expires soon",
    ([age, warnings]) =>
      Effect.gen(function* () {
        const { addJob } = yield* Simulator
        const ref = yield* addJob({ age: age === "22 hours" ? "22 hours" : "1410 minutes", duration: "1 hour" })
        const { reported, onProgress } = recorder()
        yield* wait(ref, { onProgress })
        expect(reported("ExpiresSoon").map(({ left }) => left)).toEqual(warnings === 0 ? [] : [1_800_000])
      }).pipe(Effect.provide(fixture()))
  )

  it.effect.each([
    [
      "throws",
      () => {
        throw new Error("The listener broke")
      }
    ],
    ["rejects", async () => Promise.reject(new Error("The listener broke"))]
  ] as const)("P1 a listener that %s ends its own wait, with its error, and no other", ([, onProgress]) =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const one = yield* addJob({ duration: "1 minute" })
      const other = yield* addJob({ duration: "1 minute" })
      const broken = JobStatus.use((jobs) => jobs.waitAll([one, other], { onProgress }))
      const whole = JobStatus.use((jobs) => jobs.wait(one))
      const [exit, snapshot] = yield* fastForward(Effect.all([Effect.exit(broken), whole], { concurrency: 2 }))
      expect(String(exit)).toContain("The listener broke")
      expect(snapshot.phase).toBe("succeeded")
      // Nothing waits for it any more.
      expect((yield* requestTimes(other)).length).toBeLessThanOrEqual(1)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P4 failed polls and changes are reported in order", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({ duration: "1 minute", progress: "none" })
      yield* addFaults({ fault: Fault.serverError(503), skip: 1 })
      const { events, onProgress } = recorder()
      yield* wait(ref, { onProgress })
      expect(events.map(({ _tag }) => _tag)).toEqual(["Changed", "PollFailed", "Changed"])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P1 the end of each of many jobs is reported at once, and so is an error that ends its wait", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const good = String(yield* addJob({ duration: "5 seconds", progress: "none" }))
      const endless = String(yield* addJob({ duration: Duration.infinity, progress: "none" }))
      const { events, reported, onProgress } = recorder()
      const refs = [good, "standard:404", endless]
      yield* fastForward(JobStatus.use((jobs) => jobs.waitAll(refs, { timeout: "1 minute", onProgress })))
      expect(events.map(({ _tag, ref }) => [_tag, ref])).toEqual([
        ["Changed", good],
        ["Refused", "standard:404"],
        ["Changed", endless],
        ["Changed", good],
        ["TimedOut", endless]
      ])
      expect(reported("Refused")).toMatchObject([{ error: { _tag: "ProblemDetailsError", status: 404 } }])
      expect(reported("TimedOut")).toMatchObject([{ error: { _tag: "WaitTimeoutError", elapsed: 60_000 } }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P1 jobs with the same deadline time out in the order of the references", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const refs = yield* Effect.forEach(Array.from({ length: 20 }), () => addJob({ duration: Duration.infinity }))
      const { reported, onProgress } = recorder()
      yield* fastForward(JobStatus.use((jobs) => jobs.waitAll(refs, { timeout: "1 minute", onProgress })))
      expect(reported("TimedOut").map(({ ref }) => ref)).toEqual(refs.map(String))
    }).pipe(Effect.provide(fixture()))
  )
})
