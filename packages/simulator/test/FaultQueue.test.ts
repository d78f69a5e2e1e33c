import { describe, expect, it } from "@effect/vitest"
import { JobRef } from "@ttd-jobs/core"
import { Cause, Effect, Exit, Result } from "effect"
import { Fault, type FaultRule, type RandomFaults, ResultScript, Simulator } from "../src/index.ts"
import { linkOf, request, requestStatus } from "./Requests.ts"

const refs = ["standard:1", "standard:2", "graphql-query:1", "graphql-bulk:1"] as const
type Ref = (typeof refs)[number]

/** A simulator with jobs of each kind, and the status codes of requests for them and for their files. */
const withJobs = Effect.gen(function* () {
  const simulator = yield* Simulator
  const links = new Map<Ref, string>()
  for (const name of refs) {
    const ref = Result.getOrThrow(JobRef.parse(name))
    yield* simulator.addJob({ ...ref, duration: 0, result: ResultScript.link({ size: 4 }) })
    links.set(name, yield* linkOf(simulator, ref))
  }
  const status = (ref: Ref) =>
    Effect.map(requestStatus(simulator, Result.getOrThrow(JobRef.parse(ref))), (response) => response.status)
  const file = (ref: Ref) => Effect.map(request(links.get(ref) ?? ""), (response) => response.status)
  return { simulator, status, file }
})

const simulated = Effect.provide(Simulator.layer())

describe("a queue of faults", () => {
  it.effect("is used in order, then empty", () =>
    Effect.gen(function* () {
      const { simulator, status } = yield* withJobs
      yield* simulator.addFaults([Fault.serverError(500), Fault.none, Fault.tooManyRequests(1)])
      yield* simulator.addFaults({ fault: Fault.serverError(502), times: 2 })
      const seen = yield* Effect.forEach(Array(7), () => status("standard:1"))
      expect(seen).toEqual([500, 200, 429, 502, 502, 200, 200])
    }).pipe(simulated)
  )

  it.effect("skips requests first, or applies to all", () =>
    Effect.gen(function* () {
      const { simulator, status } = yield* withJobs
      yield* simulator.addFaults({ fault: Fault.serverError(500), skip: 2, times: "always" })
      const seen = yield* Effect.forEach(Array(5), () => status("standard:1"))
      expect(seen).toEqual([200, 200, 500, 500, 500])
    }).pipe(simulated)
  )

  it.effect.each<readonly [on: FaultRule["on"], statuses: ReadonlyArray<number>, files: ReadonlyArray<number>]>([
    [undefined, [500, 500, 500, 500], [200, 200, 200, 200]],
    ["api", [500, 500, 500, 500], [200, 200, 200, 200]],
    ["files", [200, 200, 200, 200], [500, 500, 500, 500]],
    ["getJobStatus", [500, 500, 200, 200], [200, 200, 200, 200]],
    ["getGraphQlBulkJobStatus", [200, 200, 200, 500], [200, 200, 200, 200]],
    ["standard:2", [200, 500, 200, 200], [200, 200, 200, 200]],
    ["graphql:1", [200, 200, 500, 200], [200, 200, 200, 200]],
    [{ file: "standard:2" }, [200, 200, 200, 200], [200, 500, 200, 200]]
  ])("applies to some requests only: %j", ([on, statuses, files]) =>
    Effect.gen(function* () {
      const { file, simulator, status } = yield* withJobs
      yield* simulator.addFaults({ fault: Fault.serverError(500), on, times: "always" })
      expect(yield* Effect.forEach(refs, status)).toEqual(statuses)
      expect(yield* Effect.forEach(refs, file)).toEqual(files)
    }).pipe(simulated)
  )

  it.effect("applies to files when the fault is one of files", () =>
    Effect.gen(function* () {
      const { file, simulator, status } = yield* withJobs
      yield* simulator.addFaults(Fault.expiredLink(410))
      expect([yield* status("standard:1"), yield* file("standard:1"), yield* file("standard:1")]).toEqual([
        200, 410, 200
      ])
    }).pipe(simulated)
  )

  it.effect("is emptied by a reset", () =>
    Effect.gen(function* () {
      const { simulator } = yield* withJobs
      yield* simulator.addFaults({ fault: Fault.serverError(500), times: "always" })
      yield* simulator.reset
      const ref = yield* simulator.addJob({})
      expect((yield* requestStatus(simulator, ref)).status).toBe(200)
    }).pipe(simulated)
  )

  it.effect.each<FaultRule>([
    { fault: Fault.hang, on: "nonsense" },
    { fault: Fault.hang, times: 0 },
    { fault: Fault.hang, skip: -1 }
  ])("rejects an invalid rule: %j", (rule) =>
    Effect.gen(function* () {
      const { addFaults } = yield* Simulator
      const exit = yield* Effect.exit(addFaults(rule))
      expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause)).toBe(true)
    }).pipe(simulated)
  )
})

describe("faults at random", () => {
  /** The faults that 200 requests met. */
  const met = (seed: string, randomFaults: RandomFaults) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ duration: 0, result: ResultScript.link({ size: 4 }) })
      const link = yield* Effect.retry(linkOf(simulator, ref), { times: 50 })
      for (let sent = 0; sent < 100; sent++) {
        yield* requestStatus(simulator, ref)
        yield* request(link)
      }
      const { requests } = yield* simulator.report
      return requests.slice(-200).map(({ fault, origin }) => ({ fault, origin }))
    }).pipe(Effect.provide(Simulator.layer({ seed, randomFaults })))

  const kinds = [Fault.tooManyRequests(1), Fault.serverError(503)]

  it.effect("are the same for the same seed, and differ for another", () =>
    Effect.gen(function* () {
      const first = yield* met("a", { rate: 0.3, kinds })
      expect(yield* met("a", { rate: 0.3, kinds })).toEqual(first)
      expect(yield* met("b", { rate: 0.3, kinds })).not.toEqual(first)
      const faults = first.flatMap(({ fault }) => fault ?? [])
      expect(new Set(faults)).toEqual(new Set(["tooManyRequests", "serverError"]))
      expect(faults.length).toBeGreaterThan(30)
      expect(faults.length).toBeLessThan(90)
    })
  )

  it.effect("apply to the selected server", () =>
    Effect.gen(function* () {
      const everyOne = (on: "api" | "files") =>
        Effect.map(
          met("a", { rate: 1, kinds: [Fault.extraFields, Fault.changedETag], on }),
          (seen) => new Set(seen.map(({ fault, origin }) => `${origin} ${fault === null}`))
        )
      expect(yield* everyOne("api")).toEqual(new Set(["api false", "files true"]))
      expect(yield* everyOne("files")).toEqual(new Set(["api true", "files false"]))
    })
  )

  it.effect("come after those in the queue, and have a rate from 0 to 1", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addFaults(Fault.none)
      const ref = yield* simulator.addJob({})
      expect((yield* requestStatus(simulator, ref)).status).toBe(200)
      expect((yield* requestStatus(simulator, ref)).status).toBe(429)
      const exit = yield* Effect.exit(Effect.provide(Simulator, Simulator.layer({ randomFaults: { rate: 2 } })))
      expect(Exit.isFailure(exit)).toBe(true)
    }).pipe(Effect.provide(Simulator.layer({ randomFaults: { rate: 1, kinds: [Fault.tooManyRequests()] } })))
  )

  it("are by default common ones that end by themselves", () => {
    const names = Fault.common.map(Fault.nameOf)
    for (const lasting of ["Hang", "Stall"]) expect(names).not.toContain(lasting)
  })
})
