import { describe, expect, it } from "@effect/vitest"
import { JobSnapshot, JobStatus, ResumePoint, WaitTimeoutError } from "@ttd-jobs/core"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { fastForward } from "../support/FastForward.ts"
import { clientLayer, fixture } from "../support/Fixture.ts"
import { listener, wait } from "./Listening.ts"

/** As another process would do it: through a text, with a client of its own. */
const elsewhere = <A, E, R>(use: Effect.Effect<A, E, R | JobStatus>) => Effect.provide(use, clientLayer())

const stopped = Effect.fnUntraced(function* (...[ref, options]: Parameters<typeof wait>) {
  const error = yield* Effect.flip(wait(ref, options))
  if (!(error instanceof WaitTimeoutError)) return yield* Effect.die(error)
  return JSON.stringify(error.resume)
})

describe("a wait that goes on elsewhere", () => {
  it.effect("P14 tells only what has changed since, and counts the time from its first beginning", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 hour", progress: "none" })
      const resume = ResumePoint.fromJson(JSON.parse(yield* stopped(ref, { timeout: "1 minute" })))
      const { heard, onProgress } = listener()
      const error = yield* elsewhere(Effect.flip(wait(ref, { resume, timeout: "1 minute", onProgress })))
      expect(heard("Changed")).toEqual([])
      expect(error).toMatchObject({ _tag: "WaitTimeoutError", elapsed: 120_000 })
      expect(error.message).toMatch(/after 2 min: it was last seen InProgress in \d+ polls$/)
      const snapshot = yield* elsewhere(wait(ref, { resume, timeout: "2 hours", onProgress }))
      expect(snapshot.phase).toBe("succeeded")
      expect(heard("Changed")).toMatchObject([{ snapshot: { phase: "succeeded" } }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P14 goes on from a snapshot that was kept as text", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 hour", progress: "none" })
      const { heard, onProgress } = listener()
      yield* Effect.flip(wait(ref, { timeout: "1 minute", onProgress }))
      const kept = JSON.stringify(heard("Changed").at(-1)?.snapshot)
      const resume = ResumePoint.fromSnapshot(JobSnapshot.fromJson(JSON.parse(kept)))
      const later = listener()
      yield* elsewhere(wait(ref, { resume, timeout: "2 hours", onProgress: later.onProgress }))
      expect(later.events).toMatchObject([{ _tag: "Changed", snapshot: { phase: "succeeded" } }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P14 keeps its deadline unless it is given another", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 hour" })
      const kept = JSON.parse(yield* stopped(ref, { timeout: "1 minute" }))
      const resume = ResumePoint.fromJson({ ...kept, deadline: "1970-01-01T00:10:00.000Z" })
      const error = yield* elsewhere(Effect.flip(wait(ref, { resume })))
      expect(error).toMatchObject({ _tag: "WaitTimeoutError", elapsed: 600_000 })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P14 without having seen anything is never seen before", () =>
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
      const { heard, onProgress } = listener()
      yield* wait(ref, { resume, onProgress })
      expect(heard("Changed")).toHaveLength(1)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P14 holds for its own job only", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 hour" })
      const resume = ResumePoint.fromJson(JSON.parse(yield* stopped(ref, { timeout: "5 seconds" })))
      const refusal = { _tag: "InvalidSettingError", setting: "resume" }
      expect(yield* Effect.flip(wait("standard:7", { resume }))).toMatchObject(refusal)
      const all = JobStatus.use((jobs) => jobs.waitAll([ref, "standard:7"], { resume }))
      expect(yield* fastForward(Effect.flip(all))).toMatchObject(refusal)
    }).pipe(Effect.provide(fixture()))
  )

  it.each([
    ["another version", { version: 2 }],
    ["a missing field", { startedAt: undefined }],
    ["a phase that is none", { seen: { phase: "done", status: "Done", completionPercentage: null, errors: 0 } }],
    ["a time that is none", { deadline: "tomorrow" }]
  ])("P14 is read by schema: %s is refused", (_, fields) => {
    const point = { version: 1, ref: "standard:1", startedAt: "2026-11-23T20:49:00.000Z", deadline: null, seen: null }
    expect(ResumePoint.fromJson(point).ref).toBe("standard:1")
    expect(() => ResumePoint.fromJson({ ...point, ...fields })).toThrow()
  })
})
