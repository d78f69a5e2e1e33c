import { expect, layer } from "@effect/vitest"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { endedJob, jobThatSays } from "./support/Answers.ts"
import { run, start } from "./support/Program.ts"
import { ctrlC, startOnTerminal } from "./support/Pty.ts"

const linesOf = (text: string) => text.split("\n").slice(0, -1)

const failing = (fault: Fault.Fault) => jobThatSays(...Array.from({ length: 50 }, () => fault))

layer(Simulator.layer(), { excludeTestServices: true })("C6 status", (it) => {
  it.effect("reports retries on standard error, the same cause once", () =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays(Fault.serverError(500), Fault.serverError(500))
      const { code, stderr, stdout } = yield* run(["status", String(ref)])
      expect(code).toBe(0)
      expect(stdout).toContain("succeeded")
      expect(linesOf(stderr)).toEqual([expect.stringMatching(new RegExp(`^warning: ${ref}: 500 .*; retrying`))])
      const quiet = yield* jobThatSays(Fault.serverError(500))
      expect((yield* run(["status", String(quiet), "--quiet"])).stderr).toBe("")
    })
  )

  it.effect("reports at once that nobody listens", () =>
    Effect.gen(function* () {
      const running = yield* start(["status", "1", "--server", "http://127.0.0.1:59999"])
      yield* running.until(({ stderr }) => stderr().startsWith("warning: standard:1: connection refused; retrying\n"))
    }).pipe(Effect.scoped)
  )

  it.effect("prints what is known and names what is missing when the time is up", () =>
    Effect.gen(function* () {
      const [one, two] = [yield* endedJob("Success"), yield* endedJob("Failure")]
      const [broken, hung] = [yield* failing(Fault.serverError(500)), yield* failing(Fault.hang)]
      const refs = [one, broken, hung, two].map(String)
      const { code, stderr, stdout } = yield* run(["status", ...refs, "--timeout", "3s"])
      expect(code).toBe(6)
      expect(linesOf(stdout).map((line) => line.split("\t")[0])).toEqual([String(one), String(two)])
      expect(linesOf(stderr).slice(-5)).toEqual([
        "Status unknown:",
        expect.stringMatching(new RegExp(`^  ${broken}: 500`)),
        `  ${hung}: no response yet`,
        "error: timed out after 3s (--timeout)",
        "  Allow more time; the jobs themselves continue."
      ])
    })
  )

  it.effect("has a line of --json for each failed lookup, in the order asked", () =>
    Effect.gen(function* () {
      const one = String(yield* endedJob("Success"))
      const broken = String(yield* failing(Fault.serverError(503)))
      const flags = ["--json", "--max-retry-time", "0s"]
      const { code, stdout } = yield* run(["status", "404", one, broken, ...flags])
      expect(code).toBe(9)
      const [missing, known, unavailable] = linesOf(stdout).map((line) => JSON.parse(line))
      expect(missing).toEqual({
        ref: "standard:404",
        kind: "standard",
        id: "404",
        error: {
          type: "ProblemDetailsError",
          status: 404,
          message: expect.stringContaining("404"),
          advice: expect.any(String),
          transient: false
        }
      })
      expect(known).toMatchObject({ ref: one, phase: "succeeded" })
      expect(unavailable).toMatchObject({ ref: broken, error: { type: "ApiError", status: 503, transient: true } })
      const hung = String(yield* failing(Fault.hang))
      const timedOut = yield* run(["status", one, hung, "--json", "--timeout", "1s"])
      expect(timedOut.code).toBe(6)
      expect(linesOf(timedOut.stdout).map((line) => JSON.parse(line))[1]).toMatchObject({
        ref: hung,
        error: { type: "CommandTimeoutError" }
      })
    })
  )

  it.effect("has a line of --json for each job when the token is rejected, and one error", () =>
    Effect.gen(function* () {
      const refs = [yield* endedJob("Success"), yield* endedJob("Success")].map(String)
      const { code, stderr, stdout } = yield* run(["status", "--json", ...refs], {
        env: { WORKFLOWS_TTD_AUTH: "wrong-token" }
      })
      expect(code).toBe(4)
      expect(linesOf(stdout).map((line) => [JSON.parse(line).ref, JSON.parse(line).error.status])).toEqual(
        refs.map((ref) => [ref, 401])
      )
      expect(stderr.match(/^error: /gm)).toHaveLength(1)
    })
  )

  it.effect("leaves on Ctrl-C what is known, as a table", () =>
    Effect.gen(function* () {
      const one = yield* endedJob("Success")
      const broken = yield* failing(Fault.serverError(500))
      const terminal = yield* startOnTerminal(["status", String(one), String(broken)])
      yield* terminal.until((lines) => lines.some((line) => line.includes("retrying")))
      yield* terminal.type(ctrlC)
      const { code, screen } = yield* terminal.ended
      expect(code).toBe(130)
      const text = screen.lines().join("\n")
      expect(text).toContain(`${one}  succeeded`)
      expect(text).toContain(`Status unknown:\n  ${broken}: 500`)
    })
  )

  it.effect("-q prints the results and a failed job's reason, and no progress", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const errors = "Column 7 is no date"
      const failed = yield* simulator.addJob({ age: "2 minutes", duration: "1 minute", status: "Failure", errors })
      for (const command of ["status", "wait", "watch"]) {
        const { stderr, stdout } = yield* run([command, String(failed), "-q"])
        expect(stdout).toContain("Column 7 is no date")
        expect(linesOf(stdout)).toHaveLength(1)
        expect(stderr).toBe("")
      }
    })
  )
})
