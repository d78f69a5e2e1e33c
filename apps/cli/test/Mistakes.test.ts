import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { inject } from "vitest"
import { run, startWords } from "./support/Program.ts"
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
      "status 1 --server PROD",
      'error: invalid value "PROD" for --server (expected prod, sandbox or an https URL); did you mean prod?',
      "  http is for this machine, and for servers that no token is sent to."
    ],
    [
      "status 1 --server localhost:4010",
      'error: invalid value "localhost:4010" for --server (expected prod, sandbox or an https URL); did you mean http://localhost:4010?',
      "  http is for this machine, and for servers that no token is sent to."
    ],
    [
      "status 1 --server api.example.com/workflows",
      'error: invalid value "api.example.com/workflows" for --server (expected prod, sandbox or an https URL); did you mean https://api.example.com/workflows?',
      "  http is for this machine, and for servers that no token is sent to."
    ],
    [
      "status 1 --server http://api.example.com",
      'error: invalid value "http://api.example.com" for --server (expected prod, sandbox or an https URL); did you mean https://api.example.com?',
      "  http is for this machine, and for servers that no token is sent to."
    ],
    [
      "status 1 --server foo",
      'error: invalid value "foo" for --server (expected prod, sandbox or an https URL)',
      "  http is for this machine, and for servers that no token is sent to."
    ]
  ]
  it.effect.each(mistakes)("%s", ([words, ...lines]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run(words.split(" "))
      expect({ code, stdout, stderr: linesOf(stderr) }).toEqual({ code: 2, stdout: "", stderr: lines })
    })
  )

  it.effect("the variable that names an invalid server", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run(["status", "1"], { env: { WORKFLOWS_SERVER: "Sandbox" } })
      expect(code).toBe(2)
      expect(linesOf(stderr)[0]).toBe(
        'error: invalid value "Sandbox" for WORKFLOWS_SERVER (expected prod, sandbox or an https URL); did you mean sandbox?'
      )
    })
  )

  it.effect("all invalid references at once, of arguments and of standard input", () =>
    Effect.gen(function* () {
      const stdin = "# jobs\n412651 # the first\nstandart:5\n\ngraphql:7ab2 # note\ngraphql:7ab2 note\n12x\n"
      const { code, stderr, stdout } = yield* run(["status", "STANDARD:1", "-"], { stdin })
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
      const [first, ...lines] = linesOf(stderr)
      expect(first).toBe("error: 4 invalid job references")
      expect(lines).toEqual([
        expect.stringMatching(/^ {2}Invalid job reference "STANDARD:1": .*; did you mean standard:1\?$/),
        expect.stringMatching(
          /^ {2}standard input, line 3: Invalid job reference "standart:5": .*did you mean standard:5\?$/
        ),
        '  standard input, line 6: Invalid job reference "graphql:7ab2 note": it holds white space',
        expect.stringMatching(/^ {2}standard input, line 7: Invalid job reference "12x"/),
        expect.stringMatching(/^ {2}\S/)
      ])
    })
  )

  it.effect("a working directory that was deleted", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const words = inject("program").map((word) => `'${word}'`)
      const script = `mkdir ${folder}/x; cd ${folder}/x; rmdir ${folder}/x; ${words.join(" ")} download 1`
      const { code, stderr } = yield* Effect.scoped(
        Effect.flatMap(startWords(["bash", "-c", script], {}), ({ ended }) => ended)
      )
      expect(code).toBe(2)
      expect(linesOf(stderr)).toEqual([
        "error: the working directory does not exist any more",
        "  Change to a directory that exists, or give an absolute path with --output."
      ])
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
