import { describe, expect, it } from "@effect/vitest"
import { JobRef, JobStatus, type WaitEvent } from "@ttd-jobs/core"
import { Effect, Fiber, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import { followJobs } from "../src/client/FollowedJobs.ts"
import { makeUnreadableJobs } from "../src/client/UnreadableJobs.ts"
import { Streams } from "../src/display/Streams.ts"
import * as ExitCode from "../src/exit/ExitCode.ts"
import { recordedStream } from "./support/RecordedStream.ts"

const hour = 3_600_000

const settings = {
  client: {},
  token: undefined,
  proxies: undefined,
  proxy: undefined,
  timeout: undefined,
  interval: { text: "1m", millis: 60_000 },
  json: false,
  quiet: false,
  verbose: false
}

/** A server that sends the same page for everything. */
const server = (page: string) =>
  Layer.mergeAll(
    JobStatus.layer({
      server: "http://127.0.0.1:59999",
      fetch: async () => new Response(page, { headers: { "content-type": "application/json" } })
    }),
    Layer.sync(Streams, () => ({ stdout: recordedStream().stream, stderr: recordedStream().stream }))
  )

/** Time for the promises of responses, which the test clock does not drive. */
const responses = Effect.forEach(Array.from({ length: 20 }), () => Effect.promise(() => new Promise(setImmediate)))

describe("a wait without a deadline", () => {
  it.effect("ends with 9 when all responses were unreadable for an hour, and not before", () =>
    Effect.gen(function* () {
      const refs = ["1", "2"].map((ref) => Result.getOrThrow(JobRef.parse(ref)))
      const codes: Array<ExitCode.ExitCode> = []
      const options = { progress: "plain", allowPartial: false } as const
      const { all } = yield* followJobs({ options }, refs, { codes, report: () => Effect.void, settings }, false)
      const waiting = yield* Effect.forkChild(all)
      let minutes = 0
      for (; waiting.pollUnsafe() === undefined; minutes++) {
        yield* TestClock.adjust("1 minute")
        yield* responses
      }
      expect(minutes).toBeGreaterThanOrEqual(60)
      expect(yield* Fiber.join(waiting)).toHaveLength(2)
      expect(ExitCode.worst(codes)).toBe(9)
    }).pipe(Effect.provide(server('{"login":"required"}')), Effect.scoped)
  )
})

describe("unreadable jobs", () => {
  const failed = (ref: string, tag: string, failingFor: number) =>
    ({ _tag: "PollFailed", ref, error: { _tag: tag }, failures: 9, failingFor, retryIn: 1000 }) as unknown as WaitEvent
  const changed = (ref: string, isTerminal: boolean) =>
    ({ _tag: "Changed", ref, snapshot: { isTerminal } }) as unknown as WaitEvent

  it("end together, when none of those that are open can be read", () => {
    const jobs = makeUnreadableJobs(3)
    expect(jobs.handle(failed("a", "ResponseDecodeError", hour))).toEqual([])
    expect(jobs.handle(failed("b", "ResponseDecodeError", hour - 1))).toEqual([])
    expect(jobs.handle(changed("c", true))).toEqual([])
    expect(jobs.handle(failed("b", "ResponseDecodeError", hour)).map(({ ref }) => ref)).toEqual(["a", "b"])
  })

  it("are only those whose last response was unreadable, and outages are none", () => {
    const jobs = makeUnreadableJobs(2)
    jobs.handle(failed("a", "ResponseDecodeError", hour))
    jobs.handle(changed("a", false))
    expect(jobs.handle(failed("b", "ResponseDecodeError", hour))).toEqual([])
    expect(jobs.handle(failed("a", "TransportError", 2 * hour))).toEqual([])
  })
})
