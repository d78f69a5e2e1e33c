import { expect, layer } from "@effect/vitest"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { endedJob, endlessJob, jobThatSays } from "./support/Answers.ts"
import { start } from "./support/Program.ts"
import { ctrlZ, startOnTerminal } from "./support/Pty.ts"

const everySecond = ["--interval", "1s"]

const isHead = (line: string) => /^ {2}JOB /.test(line)
const isSummary = (line: string) => /\d of \d+ ended/.test(line)

layer(Simulator.layer(), { excludeTestServices: true })("progress on a terminal", (it) => {
  it.effect("fits 60 jobs into 24 lines, and leaves a summary of all of them", () =>
    Effect.gen(function* () {
      const succeeded = yield* Effect.forEach(Array.from({ length: 57 }), () => endedJob("Success"))
      const failed = yield* endedJob("Failure")
      const moving = yield* jobThatSays({ completionPercentage: 30 }, { completionPercentage: 60 })
      const refs = [...succeeded, failed, moving].map(String)
      const terminal = yield* startOnTerminal(["watch", ...refs, ...everySecond])
      // The last one is asked for last: a frame may show all others ended before it is seen at all.
      const isRunning = (line: string) => line.includes(`${moving}  running`)
      yield* terminal.until((lines) => lines.some((line) => line.includes("58 of 59 ended")) && lines.some(isRunning))
      const lines = terminal.screen.lines()
      expect(lines.length).toBeLessThan(24)
      expect(lines.filter(isHead)).toHaveLength(1)
      // What moves and what failed is seen; of those that succeeded only as many as there is room for.
      expect(lines.some((line) => line.includes(`${moving}  running`))).toBe(true)
      expect(lines.some((line) => line.includes(`${failed}  failed`))).toBe(true)
      expect(lines.some((line) => /and \d+ more: \d+ succeeded/.test(line))).toBe(true)
      const { code, screen } = yield* terminal.ended
      expect(code).toBe(3)
      const history = screen.history()
      expect(history.filter(isHead)).toHaveLength(1)
      expect(history.filter(isSummary)).toEqual([])
      for (const ref of refs) expect(history.filter((line) => line.includes(`${ref}  `))).toHaveLength(1)
    })
  )

  it.effect("goes on where it was after the terminal was made narrower and wider", () =>
    Effect.gen(function* () {
      const refs = [yield* endlessJob, yield* endedJob("Success")]
      const terminal = yield* startOnTerminal(["wait", ...refs.map(String)], { columns: 100 })
      // A frame that was under way when the size changed may leave something above; the board itself is whole.
      const isDrawn = (lines: ReadonlyArray<string>) => {
        const [head = "", running = "", ended = "", empty, summary = ""] = lines.slice(-5)
        const jobs = running.includes(String(refs[0])) && ended.includes(String(refs[1]))
        return isHead(head) && jobs && empty === "" && summary.includes("1 of 2 ended")
      }
      yield* terminal.until(isDrawn)
      for (const [columns, rows] of [
        [50, 24],
        [120, 30],
        [40, 12]
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

  it.effect("gives the terminal back while it is suspended", () =>
    Effect.gen(function* () {
      const terminal = yield* startOnTerminal(["wait", String(yield* endlessJob)])
      yield* terminal.until((lines) => lines.some((line) => line.includes("running")))
      yield* terminal.type(ctrlZ)
      yield* terminal.until(() => terminal.screen.isCursorShown())
      yield* terminal.kill("SIGCONT")
      yield* terminal.until((lines) => !terminal.screen.isCursorShown() && lines.filter(isHead).length === 2)
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
