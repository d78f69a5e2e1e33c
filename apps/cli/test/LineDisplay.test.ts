import { expect, it } from "@effect/vitest"
import { JobRef, JobSnapshot } from "@ttd-jobs/core"
import { Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import type { DisplayOptions } from "../src/Display.ts"
import { lineDisplay } from "../src/LineDisplay.ts"
import { type Stream, Streams } from "../src/Streams.ts"

const refs = ["standard:1", "standard:2"].map((ref) => Result.getOrThrow(JobRef.parse(ref)))

const options: DisplayOptions = {
  refs,
  changesAreResults: false,
  progress: "auto",
  json: false,
  quiet: false,
  verbose: false,
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

/** What a display tells on standard error in five minutes, one of its two jobs ending after two and a half. */
const toldBy = Effect.fnUntraced(function* (changed: Partial<DisplayOptions>) {
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
  yield* Effect.gen(function* () {
    const display = yield* lineDisplay({ ...options, ...changed })
    yield* TestClock.adjust("150 seconds")
    yield* display.take({ _tag: "Changed", ref: "standard:1", snapshot: ended })
    yield* display.take({ _tag: "Ended", ref: "standard:1", outcome: Result.succeed(ended) })
    yield* TestClock.adjust("150 seconds")
  }).pipe(Effect.scoped, Effect.provide(streams))
  // Once the display is gone, nothing more is told.
  yield* TestClock.adjust("1 hour")
  return told
})

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
