import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { commandNames, commands, flagText } from "../src/input/Commands.ts"
import { invocationOf, parse } from "../src/input/Parser.ts"

const words = (line: string) => line.split(" ").filter((word) => word !== "")

const message = (line: string) => {
  const parsed = parse(words(line))
  return parsed._tag === "Mistake" ? parsed.message : `parsed as ${parsed._tag}`
}

const invocation = (line: string) => {
  const parsed = parse(words(line))
  return parsed._tag === "Run" ? parsed.invocation : parsed
}

describe("the parser", () => {
  it("reads flags before and after the command, in each form", () => {
    const expected = invocationOf("wait", ["1", "2"], {
      json: true,
      quiet: true,
      progress: "plain",
      timeout: { text: "2h", millis: 7_200_000 }
    })
    for (const line of [
      "wait 1 2 --json -q --progress plain --timeout 2h",
      "--json -q --progress=plain wait 1 --timeout=2h 2",
      "-q --timeout 2h --json=true wait --progress plain 1 2",
      "--json --quiet --timeout 2h --progress plain wait -- 1 2",
      "wait --timeout 5m 1 2 --timeout 2h --json --quiet --progress plain"
    ]) {
      expect(invocation(line)).toEqual(expected)
    }
  })

  it("reads short flags with their value attached, and several in one word", () => {
    for (const line of [
      "download 1 -oNAME -qv",
      "-oNAME download -vq 1",
      "download -qvo NAME 1",
      "download 1 -v -q --output=NAME"
    ]) {
      expect(invocation(line)).toEqual(invocationOf("download", ["1"], { output: "NAME", quiet: true, verbose: true }))
    }
    expect(invocation("download 1 -o -")).toEqual(invocationOf("download", ["1"], { output: "-" }))
  })

  it.each(["--help", "-h", "help", "--help --version", "--json --help"])(
    "asks for the help of the program: %s",
    (line) => {
      expect(parse(words(line))).toEqual({ _tag: "Help", command: undefined })
    }
  )

  it.each([
    "help wait",
    "wait --help",
    "wait -h",
    "-h wait",
    "wait 1 --frobnicate --help",
    "--json wait --help 1",
    "help wait --json"
  ])("asks for the help of a command: %s", (line) => {
    expect(parse(words(line))).toEqual({ _tag: "Help", command: "wait" })
  })

  it.each(["--version", "version", "--json --version", "status --version"])("asks for the version: %s", (line) => {
    expect(parse(words(line))).toEqual({ _tag: "Version" })
  })

  it.each([
    ["stauts 1", "unknown command stauts; did you mean status?"],
    ["help foo", "unknown command foo"],
    ["foo --json 1", "unknown command foo"],
    ["--json", "no command given"],
    ["", "no command given"],
    ["-V", "unknown flag -V; did you mean --version?"],
    ["status 1 -V", "unknown flag -V; did you mean --version?"],
    ["--verison", "unknown flag --verison; did you mean --version?"],
    ["--jsn status 1", "unknown flag --jsn; did you mean --json?"],
    ["status 1 -x", "unknown flag -x"],
    ["wait 1 --exit-code", "unknown flag --exit-code for wait; it is a flag of status"],
    ["status 1 --progress plain", "unknown flag --progress for status; it is a flag of wait, watch and download"],
    ["status", "missing argument <ref>: a job: standard:<int64> or a bare integer"],
    ["simulate now", 'unexpected argument "now"'],
    ["completions bash zsh", 'unexpected argument "zsh"'],
    ["help wait 2", 'unexpected argument "2"'],
    ["completions fishs", 'invalid shell "fishs" (expected bash, zsh or fish); did you mean fish?'],
    ["wait 1 --progress maybe", 'invalid value "maybe" for --progress (expected auto, plain or none)'],
    [
      "wait 1 --progress plan",
      'invalid value "plan" for --progress (expected auto, plain or none); did you mean plain?'
    ],
    ["wait 1 --progress", "--progress needs a value (expected auto, plain or none)"],
    ["wait 1 --timeout --json", "--timeout needs a value: TIME"],
    ["wait 1 --timeout=", "--timeout needs a value: TIME"],
    ["wait 1 --timeout -5s", "--timeout needs a value: TIME"],
    ["wait 1 --timeout 5", 'invalid duration "5" for --timeout: add a unit, e.g. 5m'],
    ["wait 1 --timeout 0s", 'invalid duration "0s" for --timeout (expected more than 0s)'],
    ["wait 1 --interval 10ms", 'invalid duration "10ms" for --interval (expected at least 1s)'],
    ["wait 1 --request-timeout soon", 'invalid duration "soon" for --request-timeout (expected a number with a unit'],
    ["status 1 --json=maybe", 'invalid value "maybe" for --json (expected true or false)'],
    ["simulate --port 65536", 'invalid value "65536" for --port (expected a whole number from 0 to 65535)'],
    ["simulate --speed 0", 'invalid value "0" for --speed (expected a number above 0)'],
    ["status 1 --token abc", "a token cannot be given as an argument"]
  ])("explains %s", (line, expected) => {
    expect(message(line).slice(0, expected.length)).toBe(expected)
  })

  it("says where the help is", () => {
    expect(parse(["status", "--jsn"])).toMatchObject({ advice: "See ttd-jobs status --help" })
    expect(parse(["stauts"])).toMatchObject({ advice: "See ttd-jobs --help" })
  })

  it("reads every flag of every command as its table says", () => {
    for (const command of commandNames) {
      const { flags, operand } = commands[command]
      const operands = operand === undefined ? [] : [operand.words[0] ?? "1"]
      for (const [name, { completes, metavar }] of Object.entries(flags)) {
        const value = Array.isArray(completes) ? completes[0] : metavar === "TIME" ? "90s" : "7"
        const args = [flagText(name), ...(metavar === undefined ? [] : [value])]
        expect(parse([...args, command, ...operands])).toMatchObject({ _tag: "Run", invocation: { command, operands } })
      }
    }
  })

  it("never fails, and never takes an unknown word for a flag's value", () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...commandNames,
        "help",
        "version",
        "1",
        "-",
        "--",
        "-5",
        "-q",
        "-oX",
        "--json",
        "--timeout",
        "5m",
        "--no-json",
        "=",
        "-="
      ),
      fc.string({ maxLength: 8 })
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 7 }), (args) => {
        const parsed = parse(args)
        if (parsed._tag !== "Run") return
        for (const operand of parsed.invocation.operands) expect(args).toContain(operand)
      }),
      { numRuns: 3000 }
    )
  })
})
