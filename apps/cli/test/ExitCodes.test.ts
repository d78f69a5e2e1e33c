import { expect, layer } from "@effect/vitest"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { endedJob, endlessJob, jobThatSays, requestsFor } from "./support/Answers.ts"
import { run, start } from "./support/Program.ts"
import { startOnTerminal } from "./support/Pty.ts"

const never = "0s"

layer(Simulator.layer(), { excludeTestServices: true })("C1 exit code", (it) => {
  it.effect("0: every job looked up, whatever became of it", () =>
    Effect.gen(function* () {
      const refs = [yield* endedJob("Success"), yield* endedJob("Failure"), yield* endlessJob]
      expect((yield* run(["status", ...refs.map(String)])).code).toBe(0)
    })
  )

  it.effect.each(["wait", "watch"])("0: every job succeeded: %s", (command) =>
    Effect.gen(function* () {
      const refs = [yield* endedJob("Success"), yield* endedJob("Success", "graphql-bulk")]
      expect((yield* run([command, ...refs.map(String)])).code).toBe(0)
    })
  )

  it.effect.each([400, 405, 409, 410, 418])("1: the API refuses with %i", (status) =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays(Fault.problem(status))
      expect((yield* run(["status", String(ref), "--max-retry-time", never])).code).toBe(1)
    })
  )

  const mistakes: ReadonlyArray<ReadonlyArray<string>> = [
    [],
    ["frobnicate"],
    ["status"],
    ["status", "1", "--frobnicate"],
    ["status", "standard:x"],
    ["status", "unheard-of:1"],
    ["status", "9223372036854775808"],
    ["status", "1", "--timeout", "90"],
    ["status", "1", "--timeout", "0s"],
    ["status", "1", "--server", "ftp://127.0.0.1"],
    ["status", "1", "--token-file", "/no/such/file"],
    ["status", "1", "--token-stdin", "--token-file", "token"],
    ["wait", "1", "--progress", "much"],
    ["completions", "powershell"]
  ]
  it.effect.each(mistakes.map((args) => ({ args })))("2: usage: $args", ({ args }) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run(args)
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
      expect(stderr).not.toBe("")
    })
  )

  it.effect.each(["prod", "sandbox"])("2: no token for %s", (server) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run(["status", "1"], {
        env: { WORKFLOWS_SERVER: server, WORKFLOWS_TTD_AUTH: undefined }
      })
      expect(code).toBe(2)
      expect(stderr).toContain("WORKFLOWS_TTD_AUTH")
    })
  )

  it.effect.each([
    ["Failure", "standard"],
    ["Failure", "graphql-query"],
    ["Cancelled", "graphql-bulk"]
  ] as const)("3: a job ended as %s", ([status, kind]) =>
    Effect.gen(function* () {
      const ref = yield* endedJob(status, kind)
      expect((yield* run(["wait", String(ref)])).code).toBe(3)
      expect((yield* run(["status", String(ref), "--exit-code"])).code).toBe(3)
    })
  )

  it.effect("4: not authorised", () =>
    Effect.gen(function* () {
      const forbidden = yield* jobThatSays(Fault.problem(403))
      expect((yield* run(["status", String(forbidden)])).code).toBe(4)
      const env = { WORKFLOWS_TTD_AUTH: "another-token" }
      expect((yield* run(["status", String(forbidden)], { env })).code).toBe(4)
      expect((yield* run(["wait", String(forbidden)], { env })).code).toBe(4)
    })
  )

  it.effect.each(["status", "wait", "watch"])("5: no such job: %s", (command) =>
    Effect.gen(function* () {
      expect((yield* run([command, "404"])).code).toBe(5)
    })
  )

  it.effect.each(["status", "wait", "watch"])("6: --timeout passed first: %s", (command) =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays(Fault.hang)
      expect((yield* run([command, String(ref), "--timeout", "300ms"])).code).toBe(6)
    })
  )

  it.effect("7: the result expired", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ age: "30 hours", duration: "1 hour" })
      expect((yield* run(["wait", String(ref)])).code).toBe(7)
      expect((yield* run(["status", String(ref), "--exit-code"])).code).toBe(7)
    })
  )

  it.effect("8: partial success only; --allow-partial makes it 0", () =>
    Effect.gen(function* () {
      const ref = String(yield* endedJob("PartialSuccess"))
      expect((yield* run(["wait", ref])).code).toBe(8)
      expect((yield* run(["status", ref, "--exit-code"])).code).toBe(8)
      expect((yield* run(["wait", ref, "--allow-partial"])).code).toBe(0)
    })
  )

  const failures = [
    Fault.tooManyRequests(),
    Fault.serverError(500),
    Fault.htmlPage(503),
    Fault.connectionReset,
    Fault.truncatedBody(),
    Fault.emptyBody(),
    Fault.response(240),
    Fault.redirectTo("https://elsewhere.example/"),
    Fault.malformedJson()
  ]
  it.effect.each(failures.map((fault) => ({ name: Fault.nameOf(fault), fault })))(
    "9: the API keeps failing: $name",
    ({ fault }) =>
      Effect.gen(function* () {
        const ref = yield* jobThatSays(fault)
        expect((yield* run(["status", String(ref), "--max-retry-time", never])).code).toBe(9)
      })
  )

  it.effect("9: nobody listens, or the name does not exist", () =>
    Effect.gen(function* () {
      for (const server of ["http://127.0.0.1:1", "https://nowhere.invalid"]) {
        const args = ["status", "1", "--server", server, "--max-retry-time", never]
        expect((yield* run(args)).code).toBe(9)
      }
    })
  )

  it.effect("9: an answer without a job", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ kind: "graphql-query", withoutJob: "absent", errors: "no such query" })
      const { code, stderr } = yield* run(["status", String(ref)])
      expect(code).toBe(9)
      expect(stderr).toContain("no such query")
    })
  )

  it.effect("10: status --exit-code, and the job has not ended", () =>
    Effect.gen(function* () {
      const ref = yield* endlessJob
      expect((yield* run(["status", String(ref), "--exit-code"])).code).toBe(10)
    })
  )

  it.effect.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGQUIT", 131]
  ] as const)("%s while it waits, watches and looks up: dies of the signal, %i in a shell", ([signal, code]) =>
    Effect.gen(function* () {
      for (const command of ["wait", "watch", "status"]) {
        const ref = yield* jobThatSays(Fault.hang)
        const running = yield* start([command, String(ref)])
        while ((yield* requestsFor(ref)) === 0) yield* Effect.sleep("10 millis")
        yield* running.kill(signal)
        const outcome = yield* running.ended
        expect(outcome).toMatchObject({ code, signal, stdout: "" })
      }
    })
  )

  it.effect("129: the terminal hung up", () =>
    Effect.gen(function* () {
      const ref = yield* endlessJob
      const terminal = yield* startOnTerminal(["wait", String(ref)])
      yield* terminal.until((lines) => lines.some((line) => line.includes("running")))
      yield* terminal.kill("SIGHUP")
      expect((yield* terminal.ended).code).toBe(129)
    })
  )

  it.effect("of several jobs is that of the worst: 9, 4, 5, 3, 7, 8 and 6 in that order", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const fromWorst = [
        [9, yield* jobThatSays(...Array.from({ length: 6 }, () => Fault.serverError(500)))],
        [4, yield* jobThatSays(...Array.from({ length: 6 }, () => Fault.problem(403)))],
        [5, "404"],
        [3, yield* endedJob("Failure")],
        [7, yield* simulator.addJob({ age: "30 hours", duration: "1 hour" })],
        [8, yield* endedJob("PartialSuccess")],
        [10, yield* endlessJob],
        [0, yield* endedJob("Success")]
      ] as const
      for (const [index, [code]] of fromWorst.entries()) {
        const refs = fromWorst.slice(index).map(([, ref]) => String(ref))
        const { code: own } = yield* run(["status", "--exit-code", "--max-retry-time", never, ...refs.toReversed()])
        expect(own).toBe(code)
      }
      const [endless, partial, succeeded] = [String(fromWorst[6][1]), String(fromWorst[5][1]), String(fromWorst[7][1])]
      expect((yield* run(["wait", endless, partial, "--timeout", "3s"])).code).toBe(8)
      expect((yield* run(["wait", succeeded, endless, "--timeout", "1s"])).code).toBe(6)
    })
  )
})

layer(Simulator.layer(), { excludeTestServices: true })("C2 a failed job fails the command", (it) => {
  const flags = [
    [],
    ["--json"],
    ["--quiet"],
    ["--verbose"],
    ["--no-color"],
    ["--progress", "none"],
    ["--progress", "plain"]
  ]

  it.effect.each(flags.map((given) => ({ given })))("whose job had failed before, with $given", ({ given }) =>
    Effect.gen(function* () {
      const ref = String(yield* endedJob("Failure"))
      const codes = yield* Effect.forEach(["wait", "watch"], (command) => run([command, ref, ...given]), {
        concurrency: 2
      })
      expect(codes.map(({ code }) => code)).toEqual([3, 3])
    })
  )

  it.effect.each(["wait", "watch"])("whose job fails while it is waited for: %s", (command) =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays({}, { status: "Failure", errors: "Column 7 is no date" })
      const { code, stdout } = yield* run([command, String(ref), "--interval", "1s"])
      expect(code).toBe(3)
      expect(stdout).toContain("Column 7 is no date")
    })
  )
})
