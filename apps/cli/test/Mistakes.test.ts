import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { run } from "./support/Program.ts"
import { temporaryFolder } from "./support/TemporaryFolder.ts"

const linesOf = (text: string) => text.split("\n").slice(0, -1)

layer(Simulator.layer(), { excludeTestServices: true })("a mistake is told in the command line's own words", (it) => {
  const mistakes: ReadonlyArray<readonly [words: string, ...lines: ReadonlyArray<string>]> = [
    ["stauts 1", "error: unknown command stauts; did you mean status?", "  See ttd-jobs --help"],
    ["status --jsn 1", "error: unknown flag --jsn; did you mean --json?", "  See ttd-jobs status --help"],
    ["download 1 2", 'error: unexpected argument "2"', "  See ttd-jobs download --help"],
    ["wait 1 --timeout -5s", "error: --timeout needs a value: TIME", "  See ttd-jobs wait --help"],
    [
      "wait 1 --progress fancy",
      'error: invalid value "fancy" for --progress (expected auto, plain or none)',
      "  See ttd-jobs wait --help"
    ],
    [
      "status 1 --json=maybe",
      'error: invalid value "maybe" for --json (expected true or false)',
      "  See ttd-jobs status --help"
    ],
    [
      "completions tcsh",
      'error: invalid shell "tcsh" (expected bash, zsh or fish)',
      "  See ttd-jobs completions --help"
    ],
    [
      "wait 1 --interval 10ms",
      'error: invalid duration "10ms" for --interval (expected at least 1s)',
      "  See ttd-jobs wait --help"
    ],
    [
      "status 1 --server foo",
      'error: Invalid URL "foo" for --server (or WORKFLOWS_SERVER): expected prod, sandbox or an https URL (http for this machine alone)',
      "  Correct --server (or WORKFLOWS_SERVER)."
    ]
  ]
  it.effect.each(mistakes)("%s", ([words, ...lines]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run(words.split(" "))
      expect({ code, stdout, stderr: linesOf(stderr) }).toEqual({ code: 2, stdout: "", stderr: lines })
    })
  )

  it.effect("a token that cannot be one, by where it came from", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "empty")
      writeFileSync(file, "")
      const { code, stderr } = yield* run(["status", "1", "--token-file", file])
      expect(code).toBe(2)
      expect(linesOf(stderr)[0]).toMatch(/^error: Invalid token for the file .*empty: expected one line/)
    })
  )

  it.effect.each(["status", "wait", "download"])("a token that is refused, by where it came from: %s", (command) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run([command, "1"], { env: { WORKFLOWS_TTD_AUTH: "another-token" } })
      expect(code).toBe(4)
      expect(linesOf(stderr).at(-1)).toBe("  The token that was refused came from WORKFLOWS_TTD_AUTH.")
    })
  )
})
