import { expect, it } from "@effect/vitest"
import { JobRef, JobSnapshot, TransportError, type WaitEvent } from "@ttd-jobs/core"
import { Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import type { Display, DisplayOptions } from "../src/display/Display.ts"
import { lineDisplay } from "../src/display/LineDisplay.ts"
import { type OutputError, type Stream, Streams } from "../src/display/Streams.ts"

const refs = ["standard:1", "standard:2"].map((ref) => Result.getOrThrow(JobRef.parse(ref)))

const options: DisplayOptions = {
  refs,
  changesAreResults: false,
  progress: "auto",
  json: false,
  quiet: false,
  verbose: false,
  isEndless: true,
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

/** What a display tells on standard error while something happens. */
const toldWhile = Effect.fnUntraced(function* (
  changed: Partial<DisplayOptions>,
  happens: (display: Display) => Effect.Effect<void, OutputError>
) {
  const told: Array<string> = []
  const into = (lines: Array<string>): Stream => ({
    isTerminal: false,
    hasColor: false,
    canRedraw: false,
    size: () => ({ columns: 80, rows: 24 }),
    write: (text) => Effect.sync(() => void lines.push(String(text))),
    send: (text) => void lines.push(text)
  })
  const streams = Layer.succeed(Streams, { stdout: into([]), stderr: into(told) })
  yield* Effect.flatMap(lineDisplay({ ...options, ...changed }), happens).pipe(Effect.scoped, Effect.provide(streams))
  // Once the display is gone, nothing more is told.
  yield* TestClock.adjust("1 hour")
  return told
})

/** What is told in five minutes, one of two jobs ending after two and a half. */
const toldBy = (changed: Partial<DisplayOptions>) =>
  toldWhile(changed, (display) =>
    Effect.gen(function* () {
      yield* TestClock.adjust("150 seconds")
      yield* display.take({ _tag: "Changed", ref: "standard:1", snapshot: ended })
      yield* TestClock.adjust("150 seconds")
    })
  )

it.effect("C4 once a minute a line says that it lives, and how many jobs are left", () =>
  Effect.gen(function* () {
    const alive = (jobs: number, minutes: number) => `still waiting for ${jobs} of 2 jobs after ${minutes} min\n`
    const expected = [alive(2, 1), alive(2, 2), alive(1, 3), alive(1, 4), alive(1, 5)]
    expect(yield* toldBy({})).toEqual(expected)
    expect(yield* toldBy({ json: true })).toEqual(expected)
    expect(yield* toldBy({ progress: "plain" })).toEqual(expected)
  })
)

it.effect("C4 --progress none and --quiet are not told that it lives", () =>
  Effect.gen(function* () {
    expect(yield* toldBy({ progress: "none" })).toEqual([])
    expect(yield* toldBy({ quiet: true })).toEqual([])
  })
)

/** A poll of a job that nobody answered. */
const unanswered = (id: number, reason = "ECONNREFUSED"): WaitEvent => ({
  _tag: "PollFailed",
  ref: `standard:${id}`,
  error: new TransportError({
    operation: "getJobStatus",
    ref: `standard:${id}`,
    host: "127.0.0.1:1",
    reason,
    cause: new Error(reason)
  })
})

const warningOf = (id: number, reason = "ECONNREFUSED") =>
  expect.stringMatching(
    new RegExp(`^warning: standard:${id}: 127\\.0\\.0\\.1:1 gave no answer .*\\(${reason}\\); asking again\n$`)
  )

const hint = expect.stringMatching(/^no answer .* so far.*Ctrl-C.*--timeout/)

const timed = { isEndless: false, progress: "none" } as const

it.effect("C6 trouble that thousands of jobs meet alike is told at once, once a minute, and each kind of it", () =>
  Effect.gen(function* () {
    const told = yield* toldWhile(timed, ({ take }) =>
      Effect.gen(function* () {
        yield* Effect.forEach(Array.from({ length: 5000 }), (_, id) => take(unanswered(id)))
        yield* take(unanswered(7, "ENOTFOUND"))
        yield* TestClock.adjust("61 seconds")
        yield* Effect.forEach(Array.from({ length: 5000 }), (_, id) => take(unanswered(id)))
      })
    )
    expect(told).toEqual([warningOf(0), warningOf(7, "ENOTFOUND"), warningOf(0)])
  })
)

it.effect("C6 a server that has never answered is waited for without an end: what ends it is told, once", () =>
  Effect.gen(function* () {
    const threeTimes = (display: Display) =>
      Effect.forEach([1, 1, 1, 1, 1], (id) => display.take(unanswered(id)), { discard: true })
    expect(yield* toldWhile({ ...timed, isEndless: true }, threeTimes)).toEqual([warningOf(1), hint])
    // A timeout ends it by itself, and a server that has answered may well do so again.
    expect(yield* toldWhile(timed, threeTimes)).toEqual([warningOf(1)])
    const afterAnAnswer = (display: Display) =>
      Effect.andThen(display.take({ _tag: "Changed", ref: "standard:1", snapshot: ended }), threeTimes(display))
    expect(yield* toldWhile({ ...timed, isEndless: true }, afterAnAnswer)).toEqual([warningOf(1)])
  })
)
