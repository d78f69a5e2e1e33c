import { describe, expect, it } from "@effect/vitest"
import { JobStatus, ResumePoint, type WaitOptions, WaitTimeoutError } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect, Schema } from "effect"
import { fastForward } from "../support/FastForward.ts"
import { fixture, secret } from "../support/Fixture.ts"
import { requestTimes, timed, wait } from "./Waits.ts"

/** A wait that times out: its error, and how long it took. */
const timeOut = Effect.fnUntraced(function* (ref: Parameters<typeof wait>[0], options: WaitOptions) {
  const { result, took } = yield* timed(wait(ref, options))
  const error = yield* Effect.flip(Effect.fromResult(result))
  if (!(error instanceof WaitTimeoutError)) return yield* Effect.die(error)
  return { error, took }
})

describe("the deadline of a wait", () => {
  it.effect("P6 interrupts a poll in flight", () =>
    Effect.gen(function* () {
      const { addJob, report, addFaults } = yield* Simulator
      const ref = yield* addJob({})
      yield* addFaults({ fault: Fault.hang, times: "always" })
      const { error, took } = yield* timeOut(ref, { timeout: "5 seconds" })
      expect(took).toBe(5000)
      expect(error).toMatchObject({ polls: 1, responses: { none: 1 }, snapshot: null })
      yield* fastForward(Effect.sleep("10 seconds"))
      expect((yield* report).requests).toMatchObject([{ outcome: "broken" }])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P6 covers poll intervals and retry backoff", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const calm = yield* addJob({ duration: "1 hour", progress: "none" })
      const failing = yield* addJob({})
      yield* addFaults({ fault: Fault.serverError(500), times: "always", on: failing })
      expect((yield* timeOut(calm, { timeout: "90 seconds" })).took).toBe(90_000)
      expect((yield* timeOut(failing, { timeout: "90 seconds" })).took).toBe(90_000)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P6 covers a rate-limit pause of the endpoint", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({})
      const other = yield* addJob({})
      yield* addFaults({ fault: Fault.tooManyRequests(30), on: other })
      yield* fastForward(JobStatus.use((jobs) => Effect.result(jobs.get(other, { retry: false }))))
      expect((yield* timeOut(ref, { timeout: "10 seconds" })).took).toBeLessThanOrEqual(10_000)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P6 of 0 leaves time for one poll", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ended = yield* addJob({ age: "1 hour" })
      const running = yield* addJob({ duration: "1 hour" })
      expect((yield* wait(ended, { timeout: 0 })).phase).toBe("succeeded")
      const { error, took } = yield* timeOut(running, { timeout: 0 })
      expect(took).toBe(0)
      expect(error).toMatchObject({ polls: 1, responses: { 200: 1 }, snapshot: { phase: "running" } })
      expect(yield* requestTimes()).toEqual([0, 0])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect.each([
    ["an adaptive wait", {}],
    ["a fixed interval", { poll: { interval: "7 seconds" } }],
    ["a delayed first poll", { poll: { initialDelay: "1 hour" } }]
  ] as ReadonlyArray<readonly [string, WaitOptions]>)(
    "P8 the last poll of %s is half a second before it",
    ([, options]) =>
      Effect.gen(function* () {
        const { addJob } = yield* Simulator
        const ref = yield* addJob({ duration: "1 hour", progress: "none" })
        yield* timeOut(ref, { timeout: "100 seconds", ...options })
        const times = yield* requestTimes()
        expect(times.at(-1)).toBe(99_500)
        expect(99_500 - (times.at(-2) ?? 0)).toBeGreaterThanOrEqual(1000)
      }).pipe(Effect.provide(fixture()))
  )

  it.effect("P8 the last poll sees a job that ended within the interval", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "99 seconds", progress: "none" })
      const snapshot = yield* wait(ref, { timeout: "100 seconds", poll: { interval: "60 seconds" } })
      expect(snapshot.phase).toBe("succeeded")
      expect(yield* requestTimes()).toEqual([0, 60_000, 99_500])
    }).pipe(Effect.provide(fixture()))
  )
})

describe("a wait that timed out", () => {
  it.effect("P10 reports job, status, elapsed time, polls, responses, last error and how to resume", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({ duration: "10 minutes" })
      yield* addFaults([
        { fault: Fault.serverError(500), skip: 1, times: 2 },
        { fault: Fault.connectionReset, skip: 3, times: "always" }
      ])
      const { error } = yield* timeOut(ref, { timeout: "2 minutes" })
      expect(error.ref).toBe(String(ref))
      expect(error.snapshot).toMatchObject({ phase: "running", status: "InProgress" })
      expect(error.elapsed).toBe(120_000)
      expect(error.polls).toBe((yield* requestTimes()).length)
      const { "200": seen = 0, "500": failed = 0, none = 0 } = error.responses
      expect(failed).toBe(2)
      expect([seen, none].every((count) => count > 0)).toBe(true)
      expect(seen + failed + none).toBe(error.polls)
      expect(error.lastError?._tag).toBe("TransportError")
      expect(error.resume).toMatchObject({ version: 2, ref: String(ref), seen: { status: "InProgress" } })
      expect(error.transient).toBe(true)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P10 has a message of one sentence", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      const ref = yield* addJob({ id: "412651", duration: "4 minutes" })
      const { error } = yield* timeOut(ref, { timeout: "2 minutes" })
      expect(error.message).toMatch(
        /^Timed out after 2 min waiting for standard:412651 \(last status: InProgress, [\d.]+ %, \d+ polls\)$/
      )
      yield* addFaults({ fault: Fault.hang, times: "always" })
      const { error: unseen } = yield* timeOut("standard:412652", { timeout: 1500 })
      expect(unseen.message).toBe("Timed out after 1.5 s waiting for standard:412652 (last status: none, 1 poll)")
      expect(unseen).toMatchObject({ polls: 1, responses: { none: 1 } })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P10 is encoded to JSON and decoded again, the last error included", () =>
    Effect.gen(function* () {
      const { addJob, addFaults } = yield* Simulator
      yield* addFaults({ fault: Fault.serverError(500), skip: 1, times: "always" })
      const { error } = yield* timeOut(yield* addJob({ duration: "1 hour" }), { timeout: "10 seconds" })
      const back = Schema.decodeUnknownSync(WaitTimeoutError)(
        JSON.parse(JSON.stringify(Schema.encodeSync(WaitTimeoutError)(error)))
      )
      expect(back.lastError).toMatchObject({ _tag: "ApiError", status: 500, transient: true })
      expect(back.message).toBe(error.message)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P14 P10 has a resume point without credential or URL, that JSON preserves", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: "1 hour" })
      const { error } = yield* timeOut(ref, { timeout: "10 seconds" })
      const kept = JSON.stringify(error.resume)
      expect(kept).not.toContain(secret)
      expect(kept).not.toContain("http")
      expect(ResumePoint.fromJson(JSON.parse(kept))).toEqual(error.resume)
    }).pipe(Effect.provide(fixture()))
  )
})
