import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { commands } from "../src/generated/commands.ts"
import { parseFully } from "../src/input/FullParser.ts"
import { parseQuickly } from "../src/input/QuickParser.ts"

const plainWords = [
  "1",
  "standard:412651",
  "graphql-query:7ab2",
  "-",
  "-5",
  "-1e3",
  "bash",
  "zsh",
  "true",
  "no",
  "90s",
  "",
  "ä b"
]
const flagNames = [...new Set(Object.values(commands).flatMap(({ flags }) => Object.keys(flags)))]

const word = fc.oneof(
  fc.constantFrom(...plainWords),
  fc.constantFrom(...flagNames).map((name) => `--${name}`),
  fc.constantFrom("-q", "-v", "-o", "-x", "-qv", "--", "--no-json", "--no-no-color", "-h", "--help", "--version"),
  fc
    .tuple(fc.constantFrom(...flagNames), fc.constantFrom(...plainWords, "auto", "none"))
    .map(([n, text]) => `--${n}=${text}`),
  fc.string({ maxLength: 6 })
)

const commandLine = fc.oneof(
  fc
    .tuple(fc.constantFrom(...Object.keys(commands)), fc.array(word, { maxLength: 6 }))
    .map(([command, words]) => [command, ...words]),
  fc.array(word, { maxLength: 4 })
)

/** Command lines as people write them, which the quick parser must not leave to the other. */
const ordinary: ReadonlyArray<ReadonlyArray<string>> = [
  ["status", "412651"],
  ["status", "--json", "-"],
  ["status", "412651", "graphql-bulk:55", "--exit-code", "-q"],
  ["wait", "412651", "--timeout", "2h", "--interval=10s", "--allow-partial"],
  ["watch", "412651", "--progress", "plain", "--server", "sandbox"],
  ["download", "412651", "-o", "report.csv", "--force"],
  ["completions", "zsh"]
]

describe("the quick parser", () => {
  it("gives what the full parser gives, or leaves the line to it", async () => {
    let understood = 0
    await fc.assert(
      fc.asyncProperty(commandLine, async (args) => {
        const quick = parseQuickly(args)
        if (quick === undefined) return
        understood += 1
        expect(await Effect.runPromise(parseFully(args))).toEqual({ _tag: "Invocation", invocation: quick })
      }),
      { numRuns: 4000, examples: ordinary.map((args) => [[...args]]) }
    )
    // A property that is about nothing holds.
    expect(understood).toBeGreaterThan(200)
  })

  it("reads every ordinary line itself", () => {
    for (const args of ordinary) expect(parseQuickly(args)).toBeDefined()
  })

  it.effect("leaves to the full parser what that explains", () =>
    Effect.gen(function* () {
      for (const args of [
        ["status"],
        ["status", "1", "--tokn"],
        ["completions", "powershell"],
        ["wait", "1", "--progress"]
      ]) {
        expect(parseQuickly(args)).toBeUndefined()
        expect((yield* parseFully(args))._tag).toBe("Mistake")
      }
    })
  )
})
