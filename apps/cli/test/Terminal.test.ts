import { stripVTControlCharacters } from "node:util"
import { expect, layer } from "@effect/vitest"
import { JobSnapshot } from "@ttd-jobs/core"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect, Schema } from "effect"
import { endedJob, endlessJob } from "./support/Answers.ts"
import { run } from "./support/Program.ts"
import { runOnTerminal } from "./support/Pty.ts"

/** What the streams received: the terminal everything that went to it, the pipe the rest. */
interface Received {
  readonly stdout: string
  readonly stderr: string
}

const streams = ["terminal", "pipe"] as const
const variables = [undefined, "NO_COLOR", "FORCE_COLOR", "CI", "TERM"] as const

/** Every place where the streams may go, in all circumstances. */
const cases = streams.flatMap((stdout) =>
  streams.flatMap((stderr) => variables.map((variable) => ({ stdout, stderr, variable: variable ?? "nothing" })))
)

type Case = (typeof cases)[number]

const values = { NO_COLOR: "1", FORCE_COLOR: "1", CI: "true", TERM: "dumb" } as const

const isKnown = (variable: string): variable is keyof typeof values => Object.hasOwn(values, variable)

const received = ({ stderr, stdout, variable }: Case, args: ReadonlyArray<string>) => {
  const env = isKnown(variable) ? { [variable]: values[variable] } : {}
  if (stdout === "pipe" && stderr === "pipe") return Effect.map(run(args, { env }), (both): Received => both)
  const piped = stdout === "pipe" ? "stdout" : stderr === "pipe" ? "stderr" : undefined
  return Effect.map(runOnTerminal(args, { env, ...(piped && { piped }) }), (outcome): Received => {
    // The terminal's own driver begins each line with a carriage return.
    const sent = outcome.sent.replaceAll("\r\n", "\n")
    if (piped === undefined) return { stdout: sent, stderr: sent }
    return piped === "stdout" ? { stdout: outcome.piped, stderr: sent } : { stdout: sent, stderr: outcome.piped }
  })
}

/** Whether a stream may hold colours, by the published rule. */
const mayHoldColors = (stream: Case["stdout"], variable: string) =>
  variable === "FORCE_COLOR" || (stream === "terminal" && variable === "nothing")

/** With which variables a terminal is redrawn. */
const live: ReadonlySet<string> = new Set(["nothing", "FORCE_COLOR", "NO_COLOR"])
const isLive = (stream: Case["stdout"], variable: string) => stream === "terminal" && live.has(variable)

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const color = /\u001b\[[\d;]*m/

const isPlain = (text: string) => !text.includes("\r") && !text.includes("\u001b")

layer(Simulator.layer(), { excludeTestServices: true })("C3 streams", (it) => {
  it.effect.each(cases)("status: stdout $stdout, stderr $stderr, $variable is set", (place) =>
    Effect.gen(function* () {
      // One job is there and one is not, so that both streams are written to.
      const { stderr, stdout } = yield* received(place, ["status", String(yield* endlessJob), "404"])
      const isOneTerminal = place.stdout === "terminal" && place.stderr === "terminal"
      expect(color.test(stderr)).toBe(mayHoldColors(place.stderr, place.variable))
      if (!isLive(place.stderr, place.variable) && place.variable !== "FORCE_COLOR") expect(isPlain(stderr)).toBe(true)
      if (place.stdout === "terminal") expect(color.test(stdout)).toBe(mayHoldColors(place.stdout, place.variable))
      // A plain line has nothing to colour.
      else expect(isPlain(stdout)).toBe(true)
      expect(stripVTControlCharacters(stdout)).toContain("running")
      expect(stripVTControlCharacters(stderr)).toContain("error: ")
      if (!isOneTerminal) expect(stdout).not.toContain("error: ")
    })
  )

  it.effect.each(cases)("wait: stdout $stdout, stderr $stderr, $variable is set", (place) =>
    Effect.gen(function* () {
      const { stderr, stdout } = yield* received(place, ["wait", String(yield* endedJob("Success"))])
      expect(isPlain(stderr)).toBe(!isLive(place.stderr, place.variable))
      if (!isLive(place.stdout, place.variable)) expect(isPlain(stdout)).toBe(true)
      // The board stays where only the colours are unwanted.
      if (place.variable === "NO_COLOR") for (const text of [stdout, stderr]) expect(text).not.toMatch(color)
      expect(stripVTControlCharacters(stdout)).toContain("succeeded")
    })
  )

  it.effect.each(cases)("--json: stdout $stdout, stderr $stderr, $variable is set", (place) =>
    Effect.gen(function* () {
      const refs = [String(yield* endedJob("Success")), String(yield* endedJob("Failure", "graphql-bulk"))]
      // What sets no colours and draws no board is the same for both.
      const commands = place.variable === "nothing" || place.variable === "FORCE_COLOR" ? ["status", "wait"] : ["wait"]
      for (const command of commands) {
        const { stdout } = yield* received(place, [command, "--json", ...refs])
        expect(isPlain(stdout)).toBe(true)
        const snapshots = stdout
          .trimEnd()
          .split("\n")
          .map((line) => decodeLine(line))
        expect(new Set(snapshots.map(({ ref }) => ref))).toEqual(new Set(refs))
      }
    })
  )
})

const decodeLine = Schema.decodeUnknownSync(Schema.fromJsonString(JobSnapshot))
