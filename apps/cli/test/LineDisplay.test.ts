import { expect, it } from "@effect/vitest"
import { ApiError, JobRef, JobSnapshot, TransportError, type WaitEvent } from "@ttd-jobs/core"
import { Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import type { Display, DisplayOptions } from "../src/display/DisplayOptions.ts"
import { lineDisplay } from "../src/display/LineDisplay.ts"

import { type OutputError, Streams } from "../src/display/Streams.ts"
import { recordedStream } from "./support/RecordedStream.ts"

const refs = ["standard:1", "standard:2"].map((ref) => Result.getOrThrow(JobRef.parse(ref)))

const options: DisplayOptions = {
  refs,
  changesAreResults: false,
  progress: "auto",
  json: false,
  quiet: false,
  verbose: false,
  isEndless: true,
  isDownload: false,
  report: () => Effect.void
}

const ended = JobSnapshot.fromJson({
  ref: "standard:1",
  kind: "standard",
  id: "1",
  phase: "succeeded",
  status: "Success",
  completionPercentage: 100,
  createdAt: "1970-01-01T00:00:00.000Z",
  completedAt: null,
  expiresAt: null,
  result: null,
  errors: []
})

/** What a display writes to standard error while something happens. */
const writtenWhile = Effect.fnUntraced(function* (
  changed: Partial<DisplayOptions>,
  happens: (display: Display) => Effect.Effect<void, OutputError>
) {
  const { stream: stderr, written } = recordedStream()
  const streams = Layer.succeed(Streams, { stdout: recordedStream().stream, stderr })
  yield* Effect.flatMap(lineDisplay({ ...options, ...changed }), happens).pipe(Effect.scoped, Effect.provide(streams))
  // Once the display is closed, nothing more is written.
  yield* TestClock.adjust("1 hour")
  return written
})

/** What is written in five minutes, one of two jobs ending after two and a half. */
const writtenInFiveMinutes = (changed: Partial<DisplayOptions>) =>
  writtenWhile(changed, (display) =>
    Effect.gen(function* () {
      yield* TestClock.adjust("150 seconds")
      yield* display.handle({ _tag: "Changed", ref: "standard:1", snapshot: ended })
      yield* TestClock.adjust("150 seconds")
    })
  )

it.effect("C4 without a terminal one line a minute is a heartbeat that says how many jobs are left", () =>
  Effect.gen(function* () {
    const heartbeat = (jobs: number, minutes: number) => `still waiting for ${jobs} of 2 jobs after ${minutes} min\n`
    const expected = [heartbeat(2, 1), heartbeat(2, 2), heartbeat(1, 3), heartbeat(1, 4), heartbeat(1, 5)]
    expect(yield* writtenInFiveMinutes({})).toEqual(expected)
    expect(yield* writtenInFiveMinutes({ json: true })).toEqual(expected)
    expect(yield* writtenInFiveMinutes({ progress: "plain" })).toEqual(expected)
  })
)

it.effect("C4 the heartbeat names a single job, and stops when all have ended", () =>
  Effect.gen(function* () {
    expect(yield* writtenInFiveMinutes({ refs: refs.slice(0, 1) })).toEqual([
      "still waiting for standard:1 after 1 min\n",
      "still waiting for standard:1 after 2 min\n"
    ])
  })
)

it.effect("C4 --progress none and --quiet have no heartbeat", () =>
  Effect.gen(function* () {
    expect(yield* writtenInFiveMinutes({ progress: "none" })).toEqual([])
    expect(yield* writtenInFiveMinutes({ quiet: true })).toEqual([])
  })
)

/** A poll of a job that got no response. */
const failedPoll = (id: number, code = "ECONNREFUSED"): WaitEvent => ({
  _tag: "PollFailed",
  ref: `standard:${id}`,
  failures: 1,
  failingFor: 0,
  retryIn: 1000,
  error: new TransportError({
    operation: "getJobStatus",
    ref: `standard:${id}`,
    host: "127.0.0.1:1",
    code,
    cause: new Error(code)
  })
})

const warningOf = (id: number, problem: string) => `warning: standard:${id}: ${problem}; retrying\n`
const advice = expect.stringMatching(/^ {2}Check the network/)
const hint = expect.stringMatching(/^No poll has succeeded so far.*Ctrl-C.*--timeout/)

const timed = { isEndless: false, progress: "none" } as const

it.effect("C6 a failure that thousands of jobs share is reported once a minute, its advice once, in words", () =>
  Effect.gen(function* () {
    const written = yield* writtenWhile(timed, ({ handle }) =>
      Effect.gen(function* () {
        yield* Effect.forEach(Array.from({ length: 5000 }), (_, id) => handle(failedPoll(id)))
        yield* handle(failedPoll(7, "SELF_SIGNED_CERT_IN_CHAIN"))
        yield* TestClock.adjust("61 seconds")
        yield* Effect.forEach(Array.from({ length: 5000 }), (_, id) => handle(failedPoll(id)))
      })
    )
    expect(written).toEqual([
      warningOf(0, "connection refused"),
      advice,
      warningOf(7, "certificate not trusted"),
      expect.stringContaining("NODE_EXTRA_CA_CERTS"),
      warningOf(0, "connection refused")
    ])
  })
)

it.effect("C6 while no poll has ever succeeded and there is no deadline, the way to stop is shown, once", () =>
  Effect.gen(function* () {
    const fiveFailures = (display: Display) =>
      Effect.forEach([1, 1, 1, 1, 1], (id) => display.handle(failedPoll(id)), { discard: true })
    const warned = [warningOf(1, "connection refused"), advice]
    expect(yield* writtenWhile({ ...timed, isEndless: true }, fiveFailures)).toEqual([...warned, hint])
    // A deadline ends it by itself, and a server that responded before may well do so again.
    expect(yield* writtenWhile(timed, fiveFailures)).toEqual(warned)
    const afterSuccess = (display: Display) =>
      Effect.andThen(display.handle({ _tag: "Changed", ref: "standard:1", snapshot: ended }), fiveFailures(display))
    expect(yield* writtenWhile({ ...timed, isEndless: true }, afterSuccess)).toEqual(warned)
  })
)

it.effect("a pause that the API asks for is reported with its end", () =>
  Effect.gen(function* () {
    const error = new ApiError({
      operation: "getJobStatus",
      ref: "standard:1",
      host: "127.0.0.1:1",
      status: 503,
      requestId: null,
      contentType: "text/html",
      body: "<html><head><title>503 Service Temporarily Unavailable</title></head><body>…",
      retryAfter: 600_000
    })
    const written = yield* writtenWhile(timed, ({ handle }) =>
      handle({ _tag: "PollFailed", ref: "standard:1", error, failures: 1, failingFor: 0, retryIn: 1000 })
    )
    expect(written).toEqual([
      "warning: standard:1: 503 Service Unavailable; the API asks for a pause: retrying in 10 min\n"
    ])
  })
)
