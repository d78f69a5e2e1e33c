import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Fault, Simulator, type SimulatorOptions } from "../src/index.ts"
import { violations } from "./OpenApiDocument.ts"
import { linkOf, requestStatus, statusOf } from "./Requests.ts"

const accounts = { agency: { token: "agency-token" } }
const agency = { headers: { "ttd-auth": "agency-token" } }

const simulated = (options: SimulatorOptions = {}) => Effect.provide(Simulator.layer({ accounts, ...options }))

describe("accounts", () => {
  it.effect("read each other's jobs by default, and are counted one by one", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ account: "agency" })
      for (const init of [agency, agency, {}]) expect((yield* requestStatus(simulator, ref, init)).status).toBe(200)
      yield* requestStatus(simulator, ref, { headers: { "ttd-auth": "unknown" } })
      const { accounts, requests } = yield* simulator.report
      expect(accounts["agency"]?.getJobStatus).toMatchObject({ requests: 2, responses: { 200: 2 } })
      expect(accounts["default"]?.getJobStatus.requests).toBe(1)
      expect(requests.map(({ account, token }) => [account, token])).toEqual([
        ["agency", "valid"],
        ["agency", "valid"],
        ["default", "valid"],
        [null, "invalid"]
      ])
    }).pipe(simulated())
  )

  it.effect.each([403, 404] as const)("do not read each other's jobs with submitterOnly: %d", (submitterOnly) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ kind: "graphql-bulk", account: "agency" })
      expect((yield* requestStatus(simulator, ref, agency)).status).toBe(200)
      const response = yield* requestStatus(simulator, ref)
      expect(response.status).toBe(submitterOnly)
      expect(violations("getGraphQlBulkJobStatus", response)).toEqual([])
    }).pipe(simulated({ submitterOnly }))
  )

  it.effect("may change their tokens, and be removed", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({})
      const statuses = Effect.forEach(["agency-token", "new-token"], (token) =>
        Effect.map(requestStatus(simulator, ref, { headers: { "ttd-auth": token } }), ({ status }) => status)
      )
      expect(yield* statuses).toEqual([200, 401])
      yield* simulator.setAccount("agency", { token: ["agency-token", "new-token"] })
      expect(yield* statuses).toEqual([200, 200])
      yield* simulator.setAccount("agency", { token: "new-token" })
      expect(yield* statuses).toEqual([401, 200])
      yield* simulator.removeAccount("agency")
      expect(yield* statuses).toEqual([401, 401])
      expect(JSON.stringify(yield* simulator.report)).not.toMatch(/simulator-token/)
    }).pipe(simulated())
  )

  it.effect("have a rate limit for each operation, by the real clock", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ duration: "1 hour" })
      const bulk = yield* simulator.addJob({ kind: "graphql-bulk", duration: "1 hour" })
      const first = yield* Effect.forEach(Array(3), () => requestStatus(simulator, ref))
      expect(first.map(({ status }) => status)).toEqual([200, 200, 429])
      expect(first[2]?.headers.get("retry-after")).toBe("10")
      expect((yield* requestStatus(simulator, bulk)).status).toBe(200)
      expect((yield* requestStatus(simulator, ref, agency)).status).toBe(200)
      yield* TestClock.adjust("9 seconds")
      expect((yield* requestStatus(simulator, ref)).headers.get("retry-after")).toBe("1")
      yield* TestClock.adjust("1 second")
      expect((yield* requestStatus(simulator, ref)).status).toBe(200)
    }).pipe(
      simulated({
        speed: 60,
        rateLimit: { requests: 2, window: "10 seconds" },
        accounts: { agency: { token: "agency-token", rateLimit: { requests: 100 } } }
      })
    )
  )

  it.effect("meet faults of their own", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({})
      yield* simulator.addFaults({ fault: Fault.response(401), on: { account: "agency" }, times: "always" })
      expect((yield* requestStatus(simulator, ref, agency)).status).toBe(401)
      expect((yield* requestStatus(simulator, ref)).status).toBe(200)
    }).pipe(simulated())
  )

  it.effect.each<SimulatorOptions>([
    { accounts: { agency: { token: "" } } },
    { accounts: { agency: { token: "simulator-token" } } },
    { rateLimit: { requests: 0 } },
    { resultLifetime: { "graphql-bulk": -1 } },
    { bulkJobLimits: { active: 0 } },
    { maxJobs: 0 }
  ])("reject %j", (options) =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Effect.provide(Simulator, Simulator.layer(options)))
      expect(Exit.hasDies(exit)).toBe(true)
    })
  )
})

describe("bulk job limits", () => {
  it.effect("let jobs wait in the order of submission until one of them ends", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const add = (seconds: number) =>
        simulator.addJob({ kind: "graphql-bulk", duration: `${seconds} seconds`, account: "agency" })
      const refs = [yield* add(10), yield* add(20), yield* add(5), yield* add(30)]
      const statuses = Effect.forEach(refs, (ref) => Effect.map(statusOf(simulator, ref), ({ status }) => status))
      expect(yield* statuses).toEqual(["InProgress", "InProgress", "Queued", "Queued"])
      expect(Exit.hasDies(yield* Effect.exit(add(1)))).toBe(true)
      const other = yield* simulator.addJob({ kind: "graphql-bulk" })
      expect((yield* statusOf(simulator, other)).status).toBe("InProgress")
      yield* TestClock.adjust("10 seconds")
      expect(yield* statuses).toEqual(["Success", "InProgress", "InProgress", "Queued"])
      yield* TestClock.adjust("5 seconds")
      expect(yield* statuses).toEqual(["Success", "InProgress", "Success", "InProgress"])
    }).pipe(simulated({ bulkJobLimits: { active: 2, queued: 2 } }))
  )

  it.effect("are 10 running and 20 queued jobs as upstream", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const add = simulator.addJob({ kind: "graphql-bulk", duration: "1 hour" })
      const refs = yield* Effect.forEach(Array(30), () => add)
      const statuses = yield* Effect.forEach(refs, (ref) => statusOf(simulator, ref))
      expect(statuses.filter(({ status }) => status === "Queued")).toHaveLength(20)
      expect(Exit.hasDies(yield* Effect.exit(add))).toBe(true)
    }).pipe(simulated({ bulkJobLimits: true }))
  )
})

describe("memory", () => {
  it.effect("holds a limited number of jobs and requests", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const refs = yield* Effect.forEach(Array(5), () => simulator.addJob({ duration: 0 }))
      const statuses = yield* Effect.forEach(refs, (ref) =>
        Effect.map(requestStatus(simulator, ref), ({ status }) => status)
      )
      expect(statuses).toEqual([404, 404, 200, 200, 200])
      const { dropped, endpoints, requests } = yield* simulator.report
      expect([dropped, endpoints.getJobStatus.requests]).toEqual([3, 5])
      expect(requests.map(({ ref }) => ref)).toEqual(refs.slice(3).map(String))
    }).pipe(simulated({ maxJobs: 3, log: 2 }))
  )
})

describe("an outage", () => {
  it.live("of one server leaves the other one and all state as they are", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ duration: 0 })
      const link = yield* linkOf(simulator, ref)
      const reachable = (url: string) =>
        Effect.map(Effect.exit(Effect.tryPromise(() => fetch(url))), (exit) => exit._tag === "Success")
      yield* simulator.stop("files")
      yield* simulator.stop("files")
      expect([yield* reachable(link), yield* reachable(simulator.url)]).toEqual([false, true])
      yield* simulator.start("files")
      expect(yield* reachable(link)).toBe(true)
      yield* simulator.stop()
      expect([yield* reachable(link), yield* reachable(simulator.url)]).toEqual([false, false])
      yield* simulator.start()
      yield* simulator.start()
      expect((yield* statusOf(simulator, ref)).status).toBe("Success")
      expect((yield* simulator.report).refs[String(ref)]?.requests).toBe(2)
    }).pipe(simulated())
  )

  it.live("closes connections that are in use", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addFaults(Fault.hang)
      const ref = yield* simulator.addJob({})
      const fiber = yield* Effect.forkChild(Effect.exit(requestStatus(simulator, ref)))
      while ((yield* simulator.report).endpoints.getJobStatus.inFlight === 0) yield* Effect.sleep("5 millis")
      expect((yield* simulator.report).requests[0]).toMatchObject({ stalled: true, outcome: "pending" })
      yield* simulator.stop("api")
      expect(Exit.isFailure(yield* Fiber.join(fiber))).toBe(true)
      yield* simulator.start("api")
      expect((yield* statusOf(simulator, ref)).status).toBe("InProgress")
    }).pipe(simulated())
  )
})
