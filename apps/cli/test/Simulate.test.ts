import { createServer } from "node:http"
import { expect, layer } from "@effect/vitest"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { run, start } from "./support/Program.ts"

/** Starts a simulated API and waits for its first words. */
const simulate = (...args: ReadonlyArray<string>) =>
  Effect.tap(start(["simulate", ...args]), ({ until }) => until(({ stdout }) => stdout().endsWith("\n")))

layer(Simulator.layer(), { excludeTestServices: true })("simulate", (it) => {
  it.effect("prints what to type, and what it prints works", () =>
    Effect.gen(function* () {
      const running = yield* simulate("--every", "0s")
      const exported = Array.from(running.stdout().matchAll(/^ {2}export (\w+)=(\S+)$/gm), ([, name, value]) => [
        name,
        value
      ])
      const env: Record<string, string> = Object.fromEntries(exported)
      expect(Object.keys(env)).toEqual(["WORKFLOWS_SERVER", "WORKFLOWS_TTD_AUTH"])
      const [, refs = ""] = /^ {2}ttd-jobs watch (.*)$/m.exec(running.stdout()) ?? []
      const { code, stdout } = yield* run(["status", "--json", ...refs.split(" ")], { env })
      expect(code).toBe(0)
      const kinds = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).kind)
      expect(new Set(kinds)).toEqual(new Set(["standard", "graphql-query", "graphql-bulk"]))
      yield* running.kill("SIGINT")
      expect(yield* running.ended).toMatchObject({ code: 130, stderr: "" })
    })
  )

  it.effect("--json tells the address and every job as objects, --speed makes time pass faster", () =>
    Effect.gen(function* () {
      const running = yield* simulate("--json", "--speed", "1000", "--every", "100ms")
      yield* running.until(({ stdout }) => stdout().split("\n").length > 3)
      const [first = "", ...others] = running.stdout().split("\n").slice(0, 3)
      const { jobs, token, url } = JSON.parse(first)
      expect(jobs.length).toBeGreaterThan(5)
      for (const other of others) expect(JSON.parse(other)).toMatchObject({ ref: expect.stringMatching(/^[\w-]+:/) })
      const env = { WORKFLOWS_SERVER: url, WORKFLOWS_TTD_AUTH: token }
      // Its first job takes minutes of simulated time, its result is kept for a day of it.
      expect((yield* run(["wait", jobs[0].ref], { env })).code).toBe(0)
    })
  )

  it.effect("--faults makes requests fail, which waits ride out", () =>
    Effect.gen(function* () {
      const running = yield* simulate("--json", "--faults", "100", "--speed", "1000")
      const { jobs, token, url } = JSON.parse(running.stdout())
      const env = { WORKFLOWS_SERVER: url, WORKFLOWS_TTD_AUTH: token }
      const { stderr } = yield* run(["wait", jobs[0].ref, "--timeout", "3s", "--interval", "1s"], { env })
      expect(stderr).not.toBe("")
    })
  )

  it.effect("C1 exit code 2: a port that is taken, and numbers that are none", () =>
    Effect.gen(function* () {
      const taken = createServer()
      const port = yield* Effect.callback<number>((resume) => {
        taken.listen(0, "127.0.0.1", () => {
          const address = taken.address()
          resume(Effect.succeed(address !== null && typeof address === "object" ? address.port : 0))
        })
      })
      const outcome = yield* run(["simulate", "--port", String(port)])
      taken.close()
      expect(outcome).toMatchObject({ code: 2, stdout: "" })
      expect(outcome.stderr).toContain(String(port))
      for (const [flag, value] of [
        ["--port", "70000"],
        ["--port", "-1"],
        ["--port", "1e3"],
        ["--speed", "0"],
        ["--speed", "fast"],
        ["--faults", "101"],
        ["--every", "5"]
      ] as const) {
        const { code, stderr } = yield* run(["simulate", `${flag}=${value}`])
        expect({ flag, value, code }).toEqual({ flag, value, code: 2 })
        expect(stderr).toContain(flag)
      }
    })
  )
})
