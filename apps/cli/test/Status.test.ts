import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { endedJob, endlessJob, jobThatSays, requestsFor } from "./support/Answers.ts"
import { run } from "./support/Program.ts"
import { runOnTerminal } from "./support/Pty.ts"
import { temporaryFolder } from "./support/TemporaryFolder.ts"

const linesOf = (text: string) => text.split("\n").slice(0, -1)

layer(Simulator.layer(), { excludeTestServices: true })("status", (it) => {
  it.effect("is a table on a terminal", () =>
    Effect.gen(function* () {
      const running = yield* jobThatSays({ completionPercentage: 42.5 })
      const failed = yield* jobThatSays({ status: "Failure", errors: "Column 7 is no date" })
      const ended = yield* endedJob("Success")
      const { screen } = yield* runOnTerminal(["status", ...[running, failed, ended].map(String)])
      expect(screen.lines()).toEqual([
        expect.stringMatching(/^ {2}JOB +STATUS +DONE +TIME$/),
        expect.stringMatching(new RegExp(`^▸ ${running}  running +42% +█+[▏▎▍▌▋▊▉]?░+ +1 min$`)),
        expect.stringMatching(new RegExp(`^✗ ${failed}  failed$`)),
        "    Column 7 is no date",
        expect.stringMatching(new RegExp(`^✓ ${ended}  succeeded +100% +1 min  \\d+ B, expires in 24 h$`))
      ])
    })
  )

  it.effect.each([20, 40, 79])("fits a terminal of %i columns", (columns) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const wide = yield* simulator.addJob({ kind: "graphql-query", id: "報告書".repeat(9) })
      const { screen } = yield* runOnTerminal(["status", String(wide), String(yield* endlessJob)], { columns })
      // A line that did not fit would have been wrapped onto a fourth one.
      expect(screen.lines()).toHaveLength(3)
    })
  )

  it.effect("is one plain line per job in a pipe, in the order asked, what went wrong on standard error", () =>
    Effect.gen(function* () {
      const refs = [yield* endedJob("Success"), "graphql-bulk:404", yield* endlessJob].map(String)
      const { code, stderr, stdout } = yield* run(["status", ...refs])
      expect(code).toBe(5)
      expect(linesOf(stdout)).toEqual([
        expect.stringMatching(new RegExp(`^${refs[0]}\tsucceeded\t100%\ttook 1 min\t\\d+ B, expires in 24 h$`)),
        expect.stringMatching(new RegExp(`^${refs[2]}\trunning\t-\t\\d+ s old$`))
      ])
      expect(linesOf(stderr)).toEqual([
        expect.stringMatching(/^error: .*graphql-bulk:404: .* returned 404 \(request id [\w-]+\): /),
        expect.stringMatching(/^ {2}The job is not visible to this account, or gone/)
      ])
    })
  )

  it.effect("reads thousands of references from standard input", () =>
    Effect.gen(function* () {
      const refs = yield* Effect.forEach(Array.from({ length: 2000 }), () => endedJob("Success"))
      const [first = "", ...rest] = refs.map(String)
      yield* (yield* Simulator).addFaults({ fault: Fault.latency("10 millis"), times: 40 })
      const stdin = `# jobs of today\r\n\n  ${rest.join("\r\n")}\n${rest[0]}`
      const { code, stdout } = yield* run(["status", "--json", first, "-"], { stdin })
      expect(code).toBe(0)
      expect(linesOf(stdout).map((line) => JSON.parse(line).ref)).toEqual([first, ...rest])
      const { endpoints } = yield* (yield* Simulator).report
      expect(endpoints.getJobStatus.maxInFlight).toBe(4)
    })
  )

  it.effect("asks for nothing when one reference of many is none, and says which", () =>
    Effect.gen(function* () {
      const ref = yield* endedJob("Success")
      const { code, stderr } = yield* run(["status", "-"], { stdin: `${ref}\nstandart:5\n` })
      expect(code).toBe(2)
      expect(stderr).toContain('standard input, line 2: Invalid job reference "standart:5"')
      expect(yield* requestsFor(ref)).toBe(0)
      expect((yield* run(["status", "-"], { stdin: "\n# nothing\n" })).code).toBe(2)
      expect((yield* run(["status", "-", "-"], { stdin: `${ref}\n` })).code).toBe(2)
    })
  )

  it.effect.each([undefined, "", "/dev/null", "relative"])("starts where nothing can be kept: HOME is %s", (home) =>
    Effect.gen(function* () {
      const cwd = yield* temporaryFolder
      const env = { HOME: home, XDG_CACHE_HOME: undefined }
      const { code, stderr } = yield* run(["status", String(yield* endedJob("Success"))], { env, cwd })
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(readdirSync(cwd)).toEqual([])
    })
  )

  it.effect("stops at a token that is refused: it is refused for all", () =>
    Effect.gen(function* () {
      const refs = yield* Effect.forEach(Array.from({ length: 40 }), () => endedJob("Success"))
      const { code, stderr } = yield* run(["status", ...refs.map(String)], {
        env: { WORKFLOWS_TTD_AUTH: "wrong-token" }
      })
      expect(code).toBe(4)
      expect(stderr.match(/^error: /gm)).toHaveLength(1)
      const asked = yield* Effect.forEach(refs, requestsFor)
      expect(asked.filter((requests) => requests > 0).length).toBeLessThan(20)
    })
  )
})

layer(Simulator.layer(), { excludeTestServices: true })("settings", (it) => {
  it.effect("--request-timeout bounds one request, --max-retry-time its repetitions", () =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays(Fault.hang, Fault.hang)
      const patience = ["--request-timeout", "500ms", "--max-retry-time"]
      const { code, stderr } = yield* run(["status", String(ref), ...patience, "0s"])
      expect(code).toBe(9)
      expect(stderr).toContain("within 500 ms")
      expect((yield* run(["status", String(ref), ...patience, "30s"])).code).toBe(0)
      expect(yield* requestsFor(ref)).toBeGreaterThanOrEqual(3)
    })
  )

  it.effect("--timeout bounds the whole command and is told in the words it was given in", () =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays(Fault.hang)
      const { code, stderr } = yield* run(["status", String(ref), "--timeout", "0.25s"])
      expect(code).toBe(6)
      expect(stderr).toContain("0.25s")
    })
  )

  it.effect("--interval polls at a fixed time", () =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays({ completionPercentage: 1 }, { completionPercentage: 1 })
      expect((yield* run(["wait", String(ref), "--interval", "1s"])).code).toBe(0)
      const { requests } = yield* (yield* Simulator).report
      const [first = 0, second = 0, third = 0] = requests
        .filter((request) => request.ref === String(ref))
        .map(({ at }) => at)
      expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(950)
      expect((yield* run(["wait", String(ref), "--interval", "10ms"])).code).toBe(2)
    })
  )

  it.effect("--server wins over WORKFLOWS_SERVER, and either may end with a slash", () =>
    Effect.gen(function* () {
      const { url } = yield* Simulator
      const ref = yield* endedJob("Success")
      const elsewhere = { env: { WORKFLOWS_SERVER: "http://127.0.0.1:1" } }
      expect((yield* run(["status", String(ref), "--server", url], elsewhere)).code).toBe(0)
      expect((yield* run(["status", String(ref)], { env: { WORKFLOWS_SERVER: `${url}/` } })).code).toBe(0)
    })
  )

  it.effect("flags may stand before and after what they are for, with = or without", () =>
    Effect.gen(function* () {
      const ref = yield* endedJob("Success")
      const { url } = yield* Simulator
      for (const args of [
        ["status", "--json", String(ref), `--server=${url}`],
        ["status", "--server", url, "--json", "--", String(ref)]
      ]) {
        const { code, stdout } = yield* run(args)
        expect(code).toBe(0)
        expect(JSON.parse(stdout).ref).toBe(String(ref))
      }
    })
  )
})

layer(Simulator.layer(), { excludeTestServices: true })("advice", (it) => {
  it.effect.each([
    [["statsu", "1"], "unknown command statsu; did you mean status?"],
    [["status", "1", "--jsno"], "unknown flag --jsno; did you mean --json?"],
    [["status", "standart:1"], "standard:<int64>"]
  ] as const)("for %j", ([args, text]) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run(args)
      expect(code).toBe(2)
      expect(stderr).toContain(text)
    })
  )

  it.effect("for a 401: where tokens come from, that they end, and where this one came from", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const file = join(folder, "token")
      writeFileSync(file, "wrong-token\n")
      const { stderr } = yield* run(["status", "1", "--token-file", file])
      expect(stderr).toContain("Get a new token from the platform")
      expect(stderr).toContain("tokens expire after a week to a year")
      expect(stderr).toContain(`The token that was refused came from the file ${file}.`)
      const none = yield* run(["status", "1"], { env: { WORKFLOWS_TTD_AUTH: undefined } })
      expect(none.stderr).toContain("There was no token")
    })
  )

  it.effect("for a 410 of a graphql-query job: graphql-bulk", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addFaults({ fault: Fault.response(410), on: "graphql-query:7ab2" })
      const { code, stderr } = yield* run(["status", "graphql-query:7ab2"])
      expect(code).toBe(1)
      expect(stderr).toContain("graphql-bulk:7ab2")
    })
  )
})
