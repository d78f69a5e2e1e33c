import { expect, layer } from "@effect/vitest"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { commandLine } from "../src/exit/Interruption.ts"
import { endlessJob, requestsFor } from "./support/Answers.ts"
import { run, start } from "./support/Program.ts"
import { ctrlC, startOnTerminal } from "./support/Pty.ts"

layer(Simulator.layer(), { excludeTestServices: true })("C8 Ctrl-C", (it) => {
  it.effect.each(["wait", "watch"])(
    "leaves the last board and the terminal as it was, and prints the command to resume: %s",
    (command) =>
      Effect.gen(function* () {
        const ref = yield* endlessJob
        const terminal = yield* startOnTerminal([command, String(ref), "--timeout", "2h"])
        yield* terminal.until((lines) => lines.some((line) => line.includes(`${ref}  running`)))
        expect(terminal.screen.isCursorShown()).toBe(false)
        yield* terminal.type(ctrlC)
        const { code, screen, sent } = yield* terminal.ended
        expect(code).toBe(130)
        expect(screen.isCursorShown()).toBe(true)
        // The board stays, without anything that moves, and the cursor stands below all.
        expect(screen.lines().slice(-3)).toEqual([
          expect.stringMatching(new RegExp(`^▸ ${ref}  running `)),
          "Stopped. The jobs continue upstream. To resume:",
          `  ttd-jobs ${command} ${ref} --timeout 2h`
        ])
        expect(screen.cursor()).toEqual({ column: 0, row: screen.lines().length })
        // The cursor and synchronized output: neither another screen nor a mode of the keyboard or mouse was ever set.
        expect(new Set(Array.from(sent.matchAll(/\[\?(\d+)/g), ([, mode]) => mode))).toEqual(new Set(["25", "2026"]))
      })
  )

  it.effect("asks for nothing more", () =>
    Effect.gen(function* () {
      const ref = yield* endlessJob
      const running = yield* start(["wait", String(ref), "--interval", "1s"])
      while ((yield* requestsFor(ref)) === 0) yield* Effect.sleep("10 millis")
      yield* running.kill("SIGINT")
      const { code, stderr } = yield* running.ended
      const requests = yield* requestsFor(ref)
      expect(code).toBe(130)
      expect(stderr).toContain(`  ttd-jobs wait ${ref} --interval 1s\n`)
      expect(requests).toBe(1)
    })
  )

  it.effect("a second one forces, whatever the first one still waits for", () =>
    Effect.gen(function* () {
      const refs = yield* Effect.forEach(Array.from({ length: 400 }), () => endlessJob)
      const last = refs[399] ?? (yield* endlessJob)
      const running = yield* start(["wait", "-", "--verbose"], { stdin: refs.join("\n"), unread: "stderr" })
      // Standard error is full by now, so the farewell finds no room.
      while ((yield* requestsFor(last)) === 0) yield* Effect.sleep("20 millis")
      yield* running.kill("SIGINT")
      yield* Effect.sleep("200 millis")
      yield* running.kill("SIGINT")
      expect((yield* running.ended).code).toBe(130)
    })
  )

  it("gives a command line that a shell reads as it was", () => {
    expect(commandLine(["wait", "graphql-query:7 ab'2", "--json", "-"])).toBe(
      `ttd-jobs wait 'graphql-query:7 ab'\\''2' --json -`
    )
  })
})

layer(Simulator.layer(), { excludeTestServices: true })("C10 without a terminal nobody is asked", (it) => {
  // Standard input stays open and empty: whoever read it would never end.
  it.effect("for a token that is missing", () =>
    Effect.gen(function* () {
      const env = { WORKFLOWS_SERVER: "prod", WORKFLOWS_TTD_AUTH: undefined }
      const { code, stderr } = yield* run(["status", "1"], { env })
      expect(code).toBe(2)
      expect(stderr).toMatch(/^error: no token for prod\n/)
    })
  )

  it.effect("for anything that a command line leaves out", () =>
    Effect.gen(function* () {
      for (const args of [[], ["status"], ["wait"], ["watch"], ["download"], ["completions"]]) {
        expect((yield* run(args)).code).toBe(2)
      }
    })
  )
})
