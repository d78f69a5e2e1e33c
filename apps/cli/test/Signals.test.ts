import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { inject } from "vitest"
import { endlessJob, jobThatSays, requestsFor } from "./support/Answers.ts"
import { startWords } from "./support/Program.ts"
import { ctrlC, startWordsOnTerminal } from "./support/Pty.ts"
import { temporaryFolder } from "./support/TemporaryFolder.ts"

const program = () =>
  inject("program")
    .map((word) => `'${word}'`)
    .join(" ")

layer(Simulator.layer(), { excludeTestServices: true })("signals", (it) => {
  it.effect("Ctrl-C ends a loop of a script", () =>
    Effect.gen(function* () {
      const ref = yield* endlessJob
      const script = `for i in 1 2 3; do ${program()} wait ${ref}; echo round $i; done; echo done`
      const terminal = yield* startWordsOnTerminal(["bash", "-c", script], {})
      yield* terminal.until((lines) => lines.some((line) => line.includes("running")))
      yield* terminal.type(ctrlC)
      const { code, sent } = yield* terminal.ended
      expect(code).toBe(130)
      expect(sent).not.toContain("round")
      expect(sent).not.toContain("done")
    })
  )

  it.effect("Ctrl-C ends a loop typed into an interactive shell", () =>
    Effect.gen(function* () {
      const ref = yield* endlessJob
      const terminal = yield* startWordsOnTerminal(["bash", "--norc", "--noprofile", "-i"], { columns: 200 })
      yield* terminal.type(`for i in 1 2 3; do ${program()} wait ${ref}; echo rou""nd $i; done\r`)
      yield* terminal.until((lines) => lines.some((line) => line.includes("running")))
      yield* terminal.type(ctrlC)
      yield* terminal.until((lines) => lines.some((line) => line.includes("Stopped.")))
      yield* terminal.type('echo code=$? a""live\r')
      yield* terminal.until((lines) => lines.some((line) => line === "code=130 alive"))
      expect(terminal.screen.lines().filter((line) => line.startsWith("round"))).toEqual([])
    })
  )

  it.effect("nohup keeps a wait alive when the terminal hangs up", () =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays({}, {}, {})
      const folder = yield* temporaryFolder
      const script = `nohup ${program()} wait ${ref} --interval 1s > ${join(folder, "out")} 2>&1 & echo $!; wait $!; echo code $?`
      const running = yield* startWords(["bash", "-c", script], { stdin: "" })
      while ((yield* requestsFor(ref)) === 0) yield* Effect.sleep("10 millis")
      process.kill(Number(running.stdout().split("\n")[0]), "SIGHUP")
      expect((yield* running.ended).stdout).toMatch(/code 0\n$/)
    }).pipe(Effect.scoped)
  )
})
