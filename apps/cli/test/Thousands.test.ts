import { expect, layer } from "@effect/vitest"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { endedJob, jobThatSays } from "./support/Answers.ts"
import { run, start } from "./support/Program.ts"

const linesOf = (text: string) => text.split("\n").slice(0, -1)

const endedJobs = (count: number) =>
  Effect.forEach(Array.from({ length: count }), () => Effect.map(endedJob("Success"), String))

const countOfRequests = Simulator.use(({ report }) => Effect.map(report, ({ requests }) => requests.length))

layer(Simulator.layer(), { excludeTestServices: true })("thousands of jobs", (it) => {
  it.effect("status prints answers in the order asked, as they come, and asks for no more than it can hold", () =>
    Effect.gen(function* () {
      const before = yield* countOfRequests
      const [first = "", ...rest] = yield* endedJobs(900)
      const stuck = String(yield* jobThatSays(Fault.hang))
      const running = yield* start(["status", "-"], { stdin: [first, stuck, ...rest].join("\n") })
      yield* running.until(({ stdout }) => stdout().includes(first))
      while ((yield* countOfRequests) - before < 501) yield* Effect.sleep("10 millis")
      // One more would come at once.
      yield* Effect.sleep("200 millis")
      expect((yield* countOfRequests) - before).toBe(501)
      expect(linesOf(running.stdout())).toHaveLength(1)
    }).pipe(Effect.scoped)
  )

  it.effect("wait tells what came of each, one that is refused included, with its advice once", () =>
    Effect.gen(function* () {
      const refs = yield* endedJobs(1000)
      const stdin = ["standard:404", ...refs, "standard:405"].join("\n")
      const { code, stderr, stdout } = yield* run(["wait", "-"], { stdin })
      expect(code).toBe(5)
      expect(new Set(linesOf(stdout).map((line) => line.split("\t")[0]))).toEqual(new Set(refs))
      expect(linesOf(stdout)).toHaveLength(refs.length)
      expect(linesOf(stderr)).toEqual([
        expect.stringMatching(/^error: .*standard:404: .* returned 404/),
        expect.stringMatching(/^ {2}The job is not visible to this account, or gone/),
        expect.stringMatching(/^error: .*standard:405: .* returned 404/)
      ])
    })
  )

  it.effect.each(["wait", "watch"])("%s stops at a token that is refused, and says so once", (command) =>
    Effect.gen(function* () {
      const before = yield* countOfRequests
      const stdin = (yield* endedJobs(1000)).join("\n")
      const { code, stderr } = yield* run([command, "-"], { stdin, env: { WORKFLOWS_TTD_AUTH: "another-token" } })
      expect(code).toBe(4)
      expect(linesOf(stderr).filter((line) => line.startsWith("error: "))).toHaveLength(1)
      expect((yield* countOfRequests) - before).toBeLessThanOrEqual(8)
    })
  )
})
