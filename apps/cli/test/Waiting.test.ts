import { expect, layer } from "@effect/vitest"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { endedJob, jobThatSays } from "./support/Answers.ts"
import { type Outcome, run } from "./support/Program.ts"
import { runOnTerminal, startOnTerminal } from "./support/Pty.ts"

const everySecond = ["--interval", "1s"]

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "")

/** A job that moves, stands still, moves and ends. */
const movingJob = jobThatSays(
  { completionPercentage: 10 },
  { completionPercentage: 10 },
  { completionPercentage: 62.5 },
  { status: "Success", completionPercentage: 100, completedAtUtc: "2026-11-23T20:49:00Z", rawResult: "a,b\n1,2\n" }
)

layer(Simulator.layer(), { excludeTestServices: true })("C4 without a terminal", (it) => {
  const follow = (command: string, ...flags: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const ref = yield* movingJob
      return { ref: String(ref), ...(yield* run([command, String(ref), ...everySecond, ...flags])) }
    })

  it.effect("there is one line per change, with the result alone on standard output, or all of them when watched", () =>
    Effect.gen(function* () {
      const [wait, watch, plain] = yield* Effect.all(
        [follow("wait"), follow("watch"), follow("wait", "--progress", "plain")],
        { concurrency: "unbounded" }
      )
      for (const { ref, stderr, stdout } of [wait, plain]) {
        expect(linesOf(stderr)).toEqual([
          expect.stringMatching(new RegExp(`^${ref}\trunning\t10%\t`)),
          expect.stringMatching(new RegExp(`^${ref}\trunning\t62\\.5%\t`))
        ])
        expect(linesOf(stdout)).toEqual([expect.stringMatching(new RegExp(`^${ref}\tsucceeded\t100%\t.*8 B`))])
      }
      expect(watch.stderr).toBe("")
      expect(linesOf(watch.stdout)).toHaveLength(3)
    })
  )

  it.effect("--progress none and --quiet tell less, --json tells every change as an object", () =>
    Effect.gen(function* () {
      const [none, quiet, json] = yield* Effect.all(
        [follow("wait", "--progress", "none"), follow("wait", "--quiet"), follow("wait", "--json")],
        { concurrency: "unbounded" }
      )
      expect(none.stderr).toBe("")
      expect(linesOf(none.stdout)).toHaveLength(1)
      expect({ ...quiet, stdout: linesOf(quiet.stdout).length }).toMatchObject({ code: 0, stdout: 1, stderr: "" })
      expect(json.stderr).toBe("")
      const percentages = linesOf(json.stdout).map((line) => JSON.parse(line).completionPercentage)
      expect(percentages).toEqual([10, 62.5, 100])
    })
  )

  it.effect("--progress plain draws nothing on a terminal either", () =>
    Effect.gen(function* () {
      const ref = yield* endedJob("Success")
      for (const progress of ["plain", "none"]) {
        const { sent } = yield* runOnTerminal(["wait", String(ref), "--progress", progress])
        expect(sent.split("\r\n")).toEqual([expect.stringContaining(`${ref}\tsucceeded`), ""])
      }
    })
  )

  it.effect("an error text of several lines with control characters stays one line", () =>
    Effect.gen(function* () {
      const errors = "line 1\nline 2\r\u001b[31mred\u001b[0m \u0007 \u202etxt"
      const ref = yield* jobThatSays({ status: "Failure", errors })
      const { stdout } = yield* run(["wait", String(ref)])
      expect(linesOf(stdout)).toHaveLength(1)
      expect(stdout).toContain("line 1 line 2 red")
      expect(stdout.replaceAll(/[\t\n]/g, "")).not.toMatch(/[\p{Cc}\u202e]/u)
    })
  )
})

layer(Simulator.layer(), { excludeTestServices: true })("C6 a network outage", (it) => {
  const endure = (faults: ReadonlyArray<Fault.Fault>, ...flags: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays({ completionPercentage: 5 }, ...faults)
      return yield* run(["wait", String(ref), ...everySecond, ...flags])
    })

  const ended = ({ code, stdout }: Outcome) => {
    expect(code).toBe(0)
    expect(linesOf(stdout)).toEqual([expect.stringContaining("succeeded")])
  }

  it.effect("does not end the wait and is reported on standard error only, once for as long as it stays the same", () =>
    Effect.gen(function* () {
      const [reset, hung, refused, html] = yield* Effect.all(
        [
          endure([Fault.connectionReset, Fault.connectionReset]),
          endure([Fault.hang], "--request-timeout", "500ms"),
          endure([Fault.tooManyRequests(1)]),
          endure([Fault.htmlPage(502)])
        ],
        { concurrency: "unbounded" }
      )
      for (const outcome of [reset, hung, refused, html]) ended(outcome)
      const warnings = (outcome: Outcome) => linesOf(outcome.stderr).filter((line) => line.startsWith("warning: "))
      expect(warnings(reset)).toEqual([expect.stringMatching(/: connection reset; retrying$/)])
      expect(warnings(hung)).toEqual([expect.stringMatching(/: no response within 500 ms; retrying$/)])
      expect(warnings(refused)).toEqual([expect.stringMatching(/: 429 .*; the API asks for a pause: retrying in 1 s$/)])
      expect(warnings(html)).toEqual([expect.stringMatching(/: 502 Bad Gateway; retrying$/)])
    })
  )

  it.effect("is shown on a terminal beside the job", () =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays({ completionPercentage: 5 }, Fault.serverError(500))
      const terminal = yield* startOnTerminal(["wait", String(ref), ...everySecond])
      yield* terminal.until((lines) => lines.some((line) => /500 Internal Server Error.*; retrying$/.test(line)))
      expect((yield* terminal.ended).code).toBe(0)
    })
  )

  it.effect("does not end the wait when the status is unknown, which is reported once", () =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays(Fault.unknownStatus("Rescheduled"), Fault.unknownStatus("Rescheduled"))
      const { code, stderr } = yield* run(["wait", String(ref), ...everySecond])
      expect(code).toBe(0)
      expect(linesOf(stderr).filter((line) => line.includes("unknown status"))).toHaveLength(1)
    })
  )
})
