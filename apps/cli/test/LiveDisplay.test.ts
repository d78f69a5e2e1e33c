import { describe, expect, it, layer } from "@effect/vitest"
import { JobRef, JobSnapshot } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import type { DisplayOptions } from "../src/display/DisplayOptions.ts"
import { liveDisplay } from "../src/display/LiveDisplay.ts"
import { Streams } from "../src/display/Streams.ts"
import { endedJob, endlessJob, jobThatSays } from "./support/Answers.ts"
import { start } from "./support/Program.ts"
import { ctrlBackslash, ctrlC, ctrlZ, startOnTerminal } from "./support/Pty.ts"
import { recordedStream } from "./support/RecordedStream.ts"

const everySecond = ["--interval", "1s"]

const isHead = (line: string) => /^ {2}JOB /.test(line)
const isSummary = (line: string) => /\d of \d+ ended/.test(line)
const times = (count: number) => Array.from({ length: count })

/** Whether the last lines are the whole board of these jobs, the last of which have ended. */
const isBoardOf = (refs: ReadonlyArray<JobRef>, ended: number) => (lines: ReadonlyArray<string>) => {
  const [head = "", ...rest] = lines.slice(-refs.length - 3)
  const [empty, summary = ""] = rest.slice(-2)
  const isRow = (ref: JobRef, index: number) => rest[index]?.includes(`${ref} `)
  return isHead(head) && refs.every(isRow) && empty === "" && summary.includes(`${ended} of ${refs.length} ended`)
}

layer(Simulator.layer(), { excludeTestServices: true })("progress on a terminal", (it) => {
  it.effect("fits 60 jobs into 24 lines, and leaves a table of all of them with the count at its end", () =>
    Effect.gen(function* () {
      const succeeded = yield* Effect.forEach(times(57), () => endedJob("Success"))
      const failed = yield* endedJob("Failure")
      const moving = yield* jobThatSays({ completionPercentage: 30 }, { completionPercentage: 60 })
      const refs = [...succeeded, failed, moving].map(String)
      const terminal = yield* startOnTerminal(["watch", ...refs, ...everySecond])
      const isShown = (lines: ReadonlyArray<string>) =>
        lines.some((line) => line.includes("58 of 59 ended")) &&
        lines.some((line) => line.includes(`${moving}  running`)) &&
        // What runs and what failed is shown; of those that succeeded only as many as there is room for.
        lines.some((line) => line.includes(`${failed}  failed`)) &&
        lines.some((line) => /and \d+ more: \d+ succeeded/.test(line)) &&
        lines.filter(isHead).length === 1 &&
        lines.length < 24
      yield* terminal.until(isShown)
      const { code, screen } = yield* terminal.ended
      expect(code).toBe(3)
      const history = screen.history()
      expect(history.filter(isHead)).toHaveLength(1)
      expect(history.at(-1)).toMatch(/^59 of 59 ended in \d+ s: 58 succeeded, 1 failed$/)
      for (const ref of refs) expect(history.filter((line) => line.includes(`${ref}  `))).toHaveLength(1)
    })
  )

  it.effect("is whole again after the terminal was made narrower, wider, lower and higher", () =>
    Effect.gen(function* () {
      const refs = [yield* endlessJob, yield* endedJob("Success")]
      const terminal = yield* startOnTerminal(["wait", ...refs.map(String)], { columns: 100 })
      const isDrawn = isBoardOf(refs, 1)
      yield* terminal.until(isDrawn)
      // A frame that was under way when the size changed may leave something above; the board itself is whole.
      for (const [columns, rows] of [
        [50, 24],
        [120, 30],
        [40, 12],
        [40, 8],
        [80, 24]
      ] as const) {
        yield* terminal.resize(columns, rows)
        yield* terminal.until(isDrawn)
      }
      yield* terminal.kill("SIGTERM")
      const { code, screen } = yield* terminal.ended
      expect(code).toBe(143)
      expect(screen.isCursorShown()).toBe(true)
    })
  )

  it.effect("has one head and its last line on the screen after only the height changed", () =>
    Effect.gen(function* () {
      const refs = yield* Effect.forEach(times(50), () => endlessJob)
      const terminal = yield* startOnTerminal(["watch", ...refs.map(String)], { rows: 40 })
      const fills = (rows: number) => (lines: ReadonlyArray<string>) =>
        isHead(lines[0] ?? "") &&
        lines.filter(isHead).length === 1 &&
        lines.length === rows - 1 &&
        (lines.at(-1)?.includes("0 of 50 ended · 50 running") ?? false)
      yield* terminal.until(fills(40))
      for (const rows of [20, 12, 30, 40]) {
        yield* terminal.resize(80, rows)
        yield* terminal.until(fills(rows))
      }
    })
  )

  it.effect("leaves no stale line when Enter is pressed meanwhile, and what is typed ahead to the shell", () =>
    Effect.gen(function* () {
      const refs = [yield* endlessJob, yield* endedJob("Success")]
      const terminal = yield* startOnTerminal(["wait", ...refs.map(String)])
      yield* terminal.until(isBoardOf(refs, 1))
      // Until the echo is off, each key may move the board; it is off by the time this frame is drawn.
      yield* terminal.until((lines) => lines.some((line) => /^. [1-9]\d* s · 1 of 2/.test(line)))
      yield* terminal.type("\r\r\recho typed ahead\r")
      const secondOf = (lines: ReadonlyArray<string>) => Number(/^. (\d+) s · /.exec(lines.at(-1) ?? "")?.[1])
      const second = secondOf(terminal.screen.lines())
      yield* terminal.until((lines) => secondOf(lines) > second + 1)
      const lines = terminal.screen.lines()
      expect(lines).toHaveLength(5)
      expect(lines.filter(isHead)).toHaveLength(1)
    })
  )

  it.effect("C8 gives the terminal back while it is suspended, to a shell that sees it suspended", () =>
    Effect.gen(function* () {
      const terminal = yield* startOnTerminal(["wait", String(yield* endlessJob)])
      const isRow = (line: string) => line.includes("running")
      yield* terminal.until((lines) => lines.some(isRow))
      yield* terminal.type(ctrlZ)
      yield* terminal.until(() => terminal.screen.isCursorShown())
      yield* terminal.kill("SIGCONT")
      yield* terminal.until((lines) => !terminal.screen.isCursorShown() && lines.filter(isRow).length === 2)
      yield* terminal.type(ctrlC)
      const { code, screen } = yield* terminal.ended
      expect(code).toBe(130)
      expect(screen.isCursorShown()).toBe(true)
    })
  )

  it.effect("C8 Ctrl-\\ leaves the cursor visible and the last board in place", () =>
    Effect.gen(function* () {
      const refs = [yield* endlessJob, yield* endedJob("Success")]
      const terminal = yield* startOnTerminal(["watch", ...refs.map(String)])
      yield* terminal.until(isBoardOf(refs, 1))
      yield* terminal.type(ctrlBackslash)
      const { code, screen } = yield* terminal.ended
      expect(code).toBe(131)
      expect(screen.isCursorShown()).toBe(true)
      expect(screen.lines().filter(isSummary)).toEqual([
        expect.stringMatching(/^\d+ s · 1 of 2 ended · 1 running, 1 succeeded$/)
      ])
    })
  )

  it.effect("shows the end of a pause that the API asks for, and who waits for it", () =>
    Effect.gen(function* () {
      const paused = yield* jobThatSays({}, ...times(9).map(() => Fault.tooManyRequests(600)))
      const refs = [paused, yield* endlessJob, yield* endlessJob].map(String)
      const terminal = yield* startOnTerminal(["watch", ...refs, ...everySecond])
      yield* terminal.until(
        (lines) =>
          lines.some((line) => /429; the API asks for a pause: retrying in (10|9) min$/.test(line)) &&
          lines.some((line) => /2 jobs: waiting with the others, (10|9) min$/.test(line))
      )
    })
  )

  it.effect("draws with ASCII in a locale without Unicode and on the Linux console", () =>
    Effect.gen(function* () {
      for (const env of [{ LC_ALL: "C" }, { TERM: "linux" }]) {
        const refs = [yield* jobThatSays({ completionPercentage: 40 }), yield* endedJob("Success")].map(String)
        const terminal = yield* startOnTerminal(["watch", ...refs, ...everySecond], { env })
        yield* terminal.until((lines) => lines.some((line) => / 40% {2}#+\.+ /.test(line)))
        const { sent } = yield* terminal.ended
        expect(Buffer.byteLength(sent)).toBe(sent.length)
      }
    })
  )

  it.effect("goes to standard output when it is what was asked for, else to standard error", () =>
    Effect.gen(function* () {
      const ref = String(yield* endedJob("Success"))
      for (const [command, piped, isLive] of [
        ["watch", "stderr", true],
        ["watch", "stdout", false],
        ["wait", "stdout", true],
        ["wait", "stderr", false]
      ] as const) {
        const terminal = yield* startOnTerminal([command, ref], { piped })
        const { sent } = yield* terminal.ended
        expect({ command, piped, isLive: sent.includes("\u001b[?25l") }).toEqual({ command, piped, isLive })
      }
    })
  )

  it.effect("writes at most 3 kB a second for 45 jobs that do not change", () =>
    Effect.gen(function* () {
      const refs = yield* Effect.forEach(times(45), () => endlessJob)
      const terminal = yield* startOnTerminal(["watch", ...refs.map(String)], { columns: 120, rows: 60 })
      yield* terminal.until((lines) => lines.some((line) => line.includes("45 running")))
      const secondOf = (lines: ReadonlyArray<string>) => Number(/^. (\d+) s · /.exec(lines.at(-1) ?? "")?.[1])
      const [bytes, second] = [terminal.sent().length, secondOf(terminal.screen.lines())]
      yield* terminal.until((lines) => secondOf(lines) >= second + 4)
      const seconds = secondOf(terminal.screen.lines()) - second
      expect((terminal.sent().length - bytes) / seconds).toBeLessThan(3000)
    })
  )
})

describe("the live display", () => {
  it.effect("C3 writes no colour where they are unwanted, though it is redrawn", () =>
    Effect.gen(function* () {
      const { stream, written } = recordedStream({ isTerminal: true, canRedraw: true })
      const snapshot = JobSnapshot.fromJson({
        ref: "standard:1",
        kind: "standard",
        id: "1",
        phase: "running",
        status: "InProgress",
        completionPercentage: 42.5,
        createdAt: "1970-01-01T00:00:00.000Z",
        completedAt: null,
        expiresAt: null,
        result: null,
        errors: []
      })
      const options: DisplayOptions = {
        refs: [Result.getOrThrow(JobRef.parse("standard:1"))],
        changesAreResults: true,
        progress: "auto",
        json: false,
        quiet: false,
        verbose: false,
        isEndless: true,
        isDownload: false,
        report: () => Effect.void
      }
      yield* Effect.gen(function* () {
        const { handle } = yield* liveDisplay(stream, options)
        yield* handle({ _tag: "Changed", ref: "standard:1", snapshot })
        yield* TestClock.adjust("2 seconds")
      }).pipe(Effect.scoped, Effect.provide(Layer.succeed(Streams, { stdout: stream, stderr: stream })))
      const text = written.join("")
      expect(text).toContain("42%")
      expect(text).not.toMatch(/\[[\d;]*m/)
    })
  )
})

layer(Simulator.layer(), { excludeTestServices: true })("watch --follow", (it) => {
  it.effect("continues after all jobs have ended, and reports that a result expired", () =>
    Effect.gen(function* () {
      const success = { status: "Success", completionPercentage: 100 }
      const ref = yield* jobThatSays(success, success, { status: "ResultsExpired" }, { status: "ResultsExpired" })
      const running = yield* start(["watch", String(ref), "--follow", ...everySecond])
      yield* running.until(({ stdout }) => stdout().includes("\texpired\t"))
      expect(running.stdout()).toMatch(/succeeded.*\n(?:.*\n)*.*\texpired\t/)
      yield* running.kill("SIGTERM")
      expect((yield* running.ended).code).toBe(143)
    })
  )
})
