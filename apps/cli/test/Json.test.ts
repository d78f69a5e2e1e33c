import { expect, layer } from "@effect/vitest"
import { ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { answerOf, endedJob } from "./support/Answers.ts"
import { run } from "./support/Program.ts"

const linesOf = (text: string) => text.split("\n").slice(0, -1)

layer(Simulator.layer(), { excludeTestServices: true })("C5 the object of --json", (it) => {
  it.effect("has these fields in this order, with these values", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ id: "9223372036854775807" })
      yield* simulator.addFaults({
        on: ref,
        fault: answerOf(ref, { createdAtUtc: "2026-11-23T20:49:00.1234567", completionPercentage: 42.5 })
      })
      const { stdout } = yield* run(["status", "--json", String(ref)])
      expect(stdout).toBe(
        '{"ref":"standard:9223372036854775807","kind":"standard","id":"9223372036854775807","phase":"running",' +
          '"status":"InProgress","completionPercentage":42.5,"createdAt":"2026-11-23T20:49:00.123Z","completedAt":null,' +
          '"expiresAt":null,"result":null,"errors":[]}\n'
      )
    })
  )

  it.effect("tells the result's size or its link, when it may be gone, and all error texts", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const script = { age: "2 minutes", duration: "1 minute" } as const
      const inline = yield* simulator.addJob({ ...script, result: ResultScript.inline("größe\n") })
      const file = yield* simulator.addJob({ ...script, result: ResultScript.link({ size: 100 }) })
      const failed = yield* simulator.addJob({
        ...script,
        kind: "graphql-query",
        id: "7ab2",
        status: "Failure",
        errors: "one",
        runtimeErrors: ["two"],
        queryGqlErrors: ["three"]
      })
      const { stdout } = yield* run(["wait", "--json", ...[inline, file, failed].map(String)])
      const byRef = new Map(linesOf(stdout).map((line) => [JSON.parse(line).ref, JSON.parse(line)]))
      expect(byRef.get(String(inline))).toMatchObject({
        phase: "succeeded",
        completedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        expiresAt: expect.stringMatching(/Z$/),
        result: { inline: true, bytes: 8 }
      })
      expect(byRef.get(String(file))).toMatchObject({
        result: { inline: false, url: expect.stringContaining(simulator.filesUrl) }
      })
      expect(byRef.get(String(failed))).toMatchObject({
        ref: "graphql-query:7ab2",
        kind: "graphql-query",
        id: "7ab2",
        phase: "failed",
        errors: ["one", "two", "three"]
      })
    })
  )

  it.effect("is one line whatever the server says, and the same for status, wait and watch", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const errors = 'a\nb\u2028c\u0085d"e\u007f\u001b[31m'
      const ref = yield* simulator.addJob({ age: "2 minutes", duration: "1 minute", status: "Failure", errors })
      const outputs = yield* Effect.forEach(["status", "wait", "watch"], (command) =>
        Effect.map(run([command, "--json", String(ref)]), ({ stdout }) => stdout)
      )
      expect(new Set(outputs).size).toBe(1)
      const [line = "", ...rest] = linesOf(outputs[0] ?? "")
      expect(rest).toEqual([])
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
      expect(JSON.parse(line).errors).toEqual([errors])
    })
  )

  it.effect("comes in the order asked from status, each job once", () =>
    Effect.gen(function* () {
      const jobs = yield* Effect.forEach(Array.from({ length: 9 }), () => endedJob("Success"))
      const refs = jobs.map(String).toReversed()
      const { stdout } = yield* run(["status", "--json", ...refs, ...refs.slice(0, 3)])
      expect(linesOf(stdout).map((line) => JSON.parse(line).ref)).toEqual(refs)
    })
  )
})
