import { describe, expect, it } from "@effect/vitest"
import { JobSnapshot, JobStatus, ResumePoint, WaitTimeoutError } from "@ttd-jobs/core"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { fastForward } from "../support/FastForward.ts"
import { clientLayer, fixture } from "../support/Fixture.ts"
import { recorder, wait } from "./Waits.ts"

/** With a client of its own, as in another process. */
const elsewhere = <A, E, R>(use: Effect.Effect<A, E, R | JobStatus>) => Effect.provide(use, clientLayer())

const timedOutState = Effect.fnUntraced(function* (...[ref, options]: Parameters<typeof wait>) {
  const error = yield* Effect.flip(wait(ref, options))
  if (!(error instanceof WaitTimeoutError)) return yield* Effect.die(error)
  return JSON.stringify(error.resume)
})

describe("a wait that is resumed in another process", () => {
  it.effect("P14 reports only what has changed since, and counts the time from the first start", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 hour", progress: "none" })
      const resume = ResumePoint.fromJson(JSON.parse(yield* timedOutState(ref, { timeout: "1 minute" })))
      const { reported, onProgress } = recorder()
      const error = yield* elsewhere(Effect.flip(wait(ref, { resume, timeout: "1 minute", onProgress })))
      expect(reported("Changed")).toEqual([])
      expect(error).toMatchObject({ _tag: "WaitTimeoutError", elapsed: 120_000 })
      expect(error.message).toMatch(/^Timed out after 2 min waiting for .* \(last status: InProgress, \d+ polls\)$/)
      const snapshot = yield* elsewhere(wait(ref, { resume, timeout: "2 hours", onProgress }))
      expect(snapshot.phase).toBe("succeeded")
      expect(reported("Changed")).toMatchObject([{ snapshot: { phase: "succeeded" } }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P14 resumes from a stored snapshot", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 hour", progress: "none" })
      const { reported, onProgress } = recorder()
      yield* Effect.flip(wait(ref, { timeout: "1 minute", onProgress }))
      const stored = JSON.stringify(reported("Changed").at(-1)?.snapshot)
      const resume = ResumePoint.fromSnapshot(JobSnapshot.fromJson(JSON.parse(stored)))
      const later = recorder()
      yield* elsewhere(wait(ref, { resume, timeout: "2 hours", onProgress: later.onProgress }))
      expect(later.events).toMatchObject([{ _tag: "Changed", snapshot: { phase: "succeeded" } }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P14 keeps its deadline unless it gets another", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 hour" })
      const stored = JSON.parse(yield* timedOutState(ref, { timeout: "1 minute" }))
      const resume = ResumePoint.fromJson({ ...stored, deadline: "1970-01-01T00:10:00.000Z" })
      const error = yield* elsewhere(Effect.flip(wait(ref, { resume })))
      expect(error).toMatchObject({ _tag: "WaitTimeoutError", elapsed: 600_000 })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P14 of a job that was never seen reports its first status", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ age: "1 hour" })
      const resume = ResumePoint.fromJson({
        version: 1,
        ref: String(ref),
        startedAt: "1970-01-01T00:00:00.000Z",
        deadline: null,
        seen: null
      })
      const { reported, onProgress } = recorder()
      yield* wait(ref, { resume, onProgress })
      expect(reported("Changed")).toHaveLength(1)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P14 the state of another job is rejected", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 hour" })
      const resume = ResumePoint.fromJson(JSON.parse(yield* timedOutState(ref, { timeout: "5 seconds" })))
      const invalid = { _tag: "InvalidSettingError", setting: "resume" }
      expect(yield* Effect.flip(wait("standard:7", { resume }))).toMatchObject(invalid)
      const all = JobStatus.use((jobs) => jobs.waitAll([ref, "standard:7"], { resume }))
      expect(yield* fastForward(Effect.flip(all))).toMatchObject(invalid)
    }).pipe(Effect.provide(fixture()))
  )

  it.each([
    ["another version", { version: 2 }],
    ["a missing field", { startedAt: undefined }],
    ["an unknown phase", { seen: { phase: "done", status: "Done", completionPercentage: null, errors: 0 } }],
    ["an invalid time", { deadline: "tomorrow" }]
  ])("P14 is decoded by schema: %s is rejected", (_, fields) => {
    const point = { version: 1, ref: "standard:1", startedAt: "2026-11-23T20:49:00.000Z", deadline: null, seen: null }
    expect(ResumePoint.fromJson(point).ref).toBe("standard:1")
    expect(() => ResumePoint.fromJson({ ...point, ...fields })).toThrow()
  })
})
