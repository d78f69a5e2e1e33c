import { execFileSync } from "node:child_process"
import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, layer, it as pureIt } from "@effect/vitest"
import { servers } from "@ttd-jobs/core"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { displayWidth } from "effect/cli/CliOutput"
import { inject } from "vitest"
import { commandNames } from "../src/input/Commands.ts"
import { helpText, serverUrls } from "../src/input/HelpText.ts"
import { run, startWords } from "./support/Program.ts"
import { runOnTerminal } from "./support/Pty.ts"
import { temporaryFolder } from "./support/TemporaryFolder.ts"

const names = commandNames

/** The commands of a help's examples. */
const examplesOf = (text: string): ReadonlyArray<string> => {
  const [, section = ""] = /\nEXAMPLES\n(.*?)\n\n(?=[A-Z]+\n)/s.exec(text) ?? []
  return section
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("  #"))
    .map((line) => line.trim())
}

const examples = [...new Set([undefined, ...names].flatMap((name) => examplesOf(helpText(name, false))))]

layer(Simulator.layer(), { excludeTestServices: true })("C11 the help", (it) => {
  it.effect.each([undefined, ...names].map((name) => ({ name })))(
    "begins with what it is and examples: $name",
    ({ name }) =>
      Effect.gen(function* () {
        const asked = name === undefined ? ["--help"] : [name, "--help"]
        const { code, stderr, stdout } = yield* run(asked)
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
        const [description, , title, firstExample] = stdout.split("\n")
        expect(description).toMatch(/\.$/)
        expect(title).toBe("EXAMPLES")
        expect(firstExample).toMatch(/^ {2}# /)
        expect(stdout).toBe(helpText(name, false))
        for (const line of stdout.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80)
      })
  )

  it.effect("has bold headings on a terminal that has colours", () =>
    Effect.gen(function* () {
      const { sent } = yield* runOnTerminal(["--help"], { rows: 80 })
      expect(sent).toContain("\u001b[1mEXAMPLES\u001b[22m")
      expect((yield* runOnTerminal(["--help"], { env: { NO_COLOR: "1" } })).sent).not.toContain("\u001b[1m")
      expect((yield* runOnTerminal(["status", "--help", "--no-color"])).sent).not.toContain("\u001b[1m")
    })
  )

  it.effect("is the same however it is asked for", () =>
    Effect.gen(function* () {
      for (const name of names) expect((yield* run(["help", name])).stdout).toBe(helpText(name, false))
      for (const args of [
        ["status", "-h"],
        ["status", "1", "--json", "--help"]
      ]) {
        expect((yield* run(args)).stdout).toBe(helpText("status", false))
      }
      const { stdout } = yield* run(["help"])
      expect(stdout).toBe(helpText(undefined, false))
    })
  )

  it.effect.each(examples.map((example) => ({ example })))("gives an example that works: $example", ({ example }) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ended = { age: "2 minutes", duration: "1 minute" } as const
      yield* simulator.addJob({ ...ended, id: 412651 })
      yield* simulator.addJob({ ...ended, kind: "graphql-query", id: "7ab2" })
      yield* simulator.addJob({ ...ended, kind: "graphql-bulk", id: "55" })
      const folder = yield* temporaryFolder
      const program = join(folder, "ttd-jobs")
      writeFileSync(
        program,
        `#!/bin/sh\nexec ${inject("program")
          .map((word) => `'${word}'`)
          .join(" ")} "$@"\n`
      )
      chmodSync(program, 0o755)
      writeFileSync(join(folder, "jobs.txt"), "412651\ngraphql-query:7ab2\n")
      const env = { PATH: `${folder}:${process.env["PATH"]}` }
      const script = `set -o pipefail\n${example}`
      const running = yield* startWords(["bash", "-c", script], { env, cwd: folder })
      if (example.startsWith("ttd-jobs simulate")) {
        yield* running.until(({ stdout }) => stdout().includes("http://127.0.0.1:"))
        yield* running.kill("SIGTERM")
        return
      }
      const { code, stderr } = yield* running.ended
      expect({ code, errors: stderr.match(/^error.*/gm) }).toEqual({ code: 0, errors: null })
    })
  )
})

pureIt("the help names core's servers", () => {
  expect(serverUrls.map(([name, text]) => [name, text.split(" ")[0]])).toEqual(Object.entries(servers))
})

pureIt("the README's tables are fresh", () => {
  const script = fileURLToPath(new URL("../scripts/generate.ts", import.meta.url))
  execFileSync(process.execPath, ["--conditions=@ttd-jobs/source", script, "--check"], { stdio: "pipe" })
})
