import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { Fault, ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { endedJob, jobThatSays } from "./support/Answers.ts"
import { type Outcome, run } from "./support/Program.ts"
import { ctrlC, startOnTerminal } from "./support/Pty.ts"
import { temporaryFolder } from "./support/TemporaryFolder.ts"

const token = "t0k+n/of=the-platform"

const everything = ({ stderr, stdout }: Outcome) => stdout + stderr

/** The token as servers, URLs and JSON may write it. */
const spellings = [token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1)]

const expectSilence = (outcome: Outcome) => {
  for (const spelling of spellings) expect(everything(outcome)).not.toContain(spelling)
}

layer(Simulator.layer({ token }), { excludeTestServices: true })("C7 the token", (it) => {
  it.effect.each(["status 1 --token", "status 1 --token=", "--token", "--token="])(
    "is refused as an argument: %s",
    (words) =>
      Effect.gen(function* () {
        const outcome = yield* run(words.endsWith("=") ? `${words}${token}`.split(" ") : [...words.split(" "), token])
        expect(outcome.code).toBe(2)
        expect(outcome.stderr).toContain("a token cannot be given as an argument")
        expectSilence(outcome)
      })
  )

  it.effect("comes from the environment, a file or standard input, the nearest first", () =>
    Effect.gen(function* () {
      const ref = String(yield* endedJob("Success"))
      const file = join(yield* temporaryFolder, "token")
      writeFileSync(file, `${token}\n`)
      const wrong = { WORKFLOWS_TTD_AUTH: "a-wrong-token" }
      const outcomes = [
        yield* run(["status", ref]),
        yield* run(["status", ref, "--token-file", file], { env: wrong }),
        yield* run(["status", ref, "--token-stdin"], { env: wrong, stdin: `${token}\r\n` })
      ]
      expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0])
      expect((yield* run(["status", ref], { env: wrong })).code).toBe(4)
    })
  )

  it.effect("is asked for on a terminal without echo by --token-stdin", () =>
    Effect.gen(function* () {
      const ref = String(yield* endedJob("Success"))
      const env = { WORKFLOWS_TTD_AUTH: undefined }
      const terminal = yield* startOnTerminal(["status", ref, "--token-stdin"], { env })
      yield* terminal.until((lines) => lines.some((line) => line.startsWith("Token (not shown):")))
      yield* terminal.type(`${token}\r`)
      const { code, screen, sent } = yield* terminal.ended
      expect(code).toBe(0)
      expect(screen.lines().join("\n")).toContain("succeeded")
      expect(sent).not.toContain(token)
    })
  )

  it.effect("prompt ends with Ctrl-C", () =>
    Effect.gen(function* () {
      const terminal = yield* startOnTerminal(["status", "1", "--token-stdin"])
      yield* terminal.until((lines) => lines.some((line) => line.startsWith("Token (not shown):")))
      yield* terminal.type(ctrlC)
      expect((yield* terminal.ended).code).toBe(130)
    })
  )

  it.effect("is not shown when it cannot be sent", () =>
    Effect.gen(function* () {
      const outcome = yield* run(["status", "1"], { env: { WORKFLOWS_TTD_AUTH: `${token}\u00e9` } })
      expect(outcome.code).toBe(2)
      expectSilence(outcome)
    })
  )

  it.effect("and references cannot both come from standard input", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run(["status", "-", "--token-stdin"], { stdin: token })
      expect(code).toBe(2)
      expect(stderr).toContain("exclude each other")
    })
  )

  it.effect("is masked wherever a server repeats it, with --verbose too", () =>
    Effect.gen(function* () {
      const echo = `{"title":"Bad","detail":"${token}","instance":"/?auth=${encodeURIComponent(token)}","sent":["${token}","/by/${encodeURIComponent(token)}"]}`
      const refusal = Fault.response(400, {
        contentType: "application/json",
        body: echo,
        headers: { "x-echo": token, location: `https://elsewhere.example/?token=${encodeURIComponent(token)}` }
      })
      for (const flags of [[], ["--verbose"], ["--json", "--verbose"]]) {
        for (const command of ["status", "wait"]) {
          const ref = yield* jobThatSays(refusal)
          const outcome = yield* run([command, String(ref), ...flags])
          expect(outcome.code).toBe(1)
          expect(outcome.stderr).toContain("<redacted>")
          expectSilence(outcome)
        }
      }
    })
  )

  it.effect("is masked in the errors that a job tells", () =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays({ status: "Failure", errors: `TTD-Auth ${token} has no access` })
      const outcome = yield* run(["wait", String(ref), "--verbose"])
      expect(outcome.stdout).toContain("TTD-Auth <redacted> has no access")
      expectSilence(outcome)
    })
  )
})

layer(Simulator.layer({ token }), { excludeTestServices: true })("--verbose", (it) => {
  it.effect.each(["status", "wait"])("shows requests and answers on standard error: %s", (command) =>
    Effect.gen(function* () {
      const ref = yield* endedJob("Success")
      const { code, stderr, stdout } = yield* run([command, String(ref), "--verbose"])
      expect(code).toBe(0)
      expect(stdout.split("\n")).toHaveLength(2)
      const { url } = yield* Simulator
      expect(stderr).toContain(`> GET ${url}/standardjob/${ref.id}/status\n`)
      expect(stderr).toContain("> ttd-auth: <redacted>\n")
      expect(stderr).toMatch(/^> user-agent: ttd-jobs-cli\/\S+ ttd-jobs\/\S+$/m)
      expect(stderr).toMatch(/^< 200 OK after \d+ ms$/m)
      expect(stderr).toMatch(/^< x-ttd-request-id: \S+$/m)
      expect(stderr).toContain('"status":"Success"')
    })
  )

  it.effect("is asked for by WORKFLOWS_DEBUG as well", () =>
    Effect.gen(function* () {
      const ref = yield* endedJob("Success")
      for (const [value, isVerbose] of [
        ["1", true],
        ["0", false],
        ["", false]
      ] as const) {
        const { stderr } = yield* run(["status", String(ref)], { env: { WORKFLOWS_DEBUG: value } })
        expect(stderr.includes("> GET")).toBe(isVerbose)
      }
    })
  )

  it.effect("masks what signs a link, in the body that holds it", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const result = ResultScript.link({ size: 10 })
      const ref = yield* simulator.addJob({ age: "2 minutes", duration: "1 minute", result })
      const { stderr, stdout } = yield* run(["status", String(ref), "--verbose", "--json"])
      const { url } = JSON.parse(stdout).result
      const signature = new URL(url).searchParams.get("signature") ?? new URL(url).searchParams.get("sig")
      expect(signature).toMatch(/\S{8}/)
      expect(stderr).toContain(simulator.filesUrl)
      expect(stderr).not.toContain(signature)
    })
  )

  it.effect("tells what went wrong when there is no answer", () =>
    Effect.gen(function* () {
      const ref = yield* jobThatSays(Fault.connectionReset)
      const { stderr } = yield* run(["status", String(ref), "--verbose", "--max-retry-time", "0s"])
      expect(stderr).toMatch(/^< no response after \d+ ms: \S+/m)
    })
  )
})
