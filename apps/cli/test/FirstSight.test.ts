import { expect, layer } from "@effect/vitest"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { jobThatSays } from "./support/Answers.ts"
import { startOnTerminal } from "./support/Pty.ts"

layer(Simulator.layer(), { excludeTestServices: true })("C12 there is something to see", (it) => {
  it.effect.each(["status", "wait", "watch"])("before the first response of a server that hangs: %s", (command) =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays(Fault.hang)
      const terminal = yield* startOnTerminal([command, String(ref)])
      yield* terminal.until((lines) => lines.some((line) => /requesting|loading/.test(line)))
      expect(terminal.screen.lines().join("\n")).toContain(String(ref))
    })
  )
})
