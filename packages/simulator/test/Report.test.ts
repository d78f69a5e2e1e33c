import { describe, expect, it } from "@effect/vitest"
import { JobRef } from "@ttd-jobs/core"
import { Effect, Fiber, Result, Schedule } from "effect"
import { Fault, ResultScript, Simulator, type SimulatorReport } from "../src/index.ts"
import { linkOf, request, requestStatus } from "./Requests.ts"

const standard = Result.getOrThrow(JobRef.parse("standard:1"))
const bulk = Result.getOrThrow(JobRef.parse("graphql-bulk:1"))

/** The report once it satisfies a condition. */
const reportWhen = (condition: (report: SimulatorReport) => boolean) =>
  Effect.flatMap(Simulator, ({ report }) => report).pipe(
    Effect.filterOrFail(condition),
    Effect.retry(Schedule.spaced("5 millis"))
  )

describe("the report", () => {
  it.effect("counts requests and responses by operation and by job", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addJob({ id: 1 })
      yield* simulator.addFaults({ fault: Fault.tooManyRequests(1), on: "standard:1" })
      for (const ref of [standard, standard, standard, bulk]) yield* requestStatus(simulator, ref)
      yield* request(`${simulator.url}/standardjob/x/status`)
      yield* request(`${simulator.url}/unknownPaths`)
      const { unknownPaths, endpoints, files, refs } = yield* simulator.report
      expect(endpoints).toEqual({
        getJobStatus: { requests: 4, responses: { 200: 2, 429: 1, 401: 1 }, inFlight: 0, maxInFlight: 1 },
        getGraphQlQueryJobStatus: { requests: 0, responses: {}, inFlight: 0, maxInFlight: 0 },
        getGraphQlBulkJobStatus: { requests: 1, responses: { 404: 1 }, inFlight: 0, maxInFlight: 1 }
      })
      expect(refs).toEqual({
        "standard:1": { requests: 3, responses: { 200: 2, 429: 1 }, inFlight: 0, maxInFlight: 1 },
        "graphql-bulk:1": { requests: 1, responses: { 404: 1 }, inFlight: 0, maxInFlight: 1 }
      })
      expect(unknownPaths).toEqual({ requests: 1, responses: { 404: 1 }, inFlight: 0, maxInFlight: 1 })
      expect(files.requests).toBe(0)
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.live("counts requests in flight, and their maximum, per operation", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addFaults({ fault: Fault.hang, times: 7 })
      const many = [...Array<JobRef>(5).fill(standard), ...Array<JobRef>(2).fill(bulk)]
      const pending = yield* Effect.forkChild(
        Effect.forEach(many, (ref) => requestStatus(simulator, ref), { concurrency: "unbounded" })
      )
      const open = yield* reportWhen(
        ({ endpoints }) => endpoints.getJobStatus.inFlight === 5 && endpoints.getGraphQlBulkJobStatus.inFlight === 2
      )
      expect(open.requests.map(({ outcome, status }) => [outcome, status])).toEqual(Array(7).fill(["pending", null]))
      yield* Fiber.interrupt(pending)
      yield* reportWhen(
        ({ endpoints }) => endpoints.getJobStatus.inFlight + endpoints.getGraphQlBulkJobStatus.inFlight === 0
      )
      yield* requestStatus(simulator, standard)
      const { endpoints } = yield* simulator.report
      const responses = { none: 5, 404: 1 }
      expect(endpoints.getJobStatus).toEqual({ requests: 6, responses, inFlight: 0, maxInFlight: 5 })
      expect(endpoints.getGraphQlBulkJobStatus.maxInFlight).toBe(2)
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("counts files and their bytes", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ duration: 0, result: ResultScript.link({ size: 1000 }) })
      const link = yield* linkOf(simulator, ref)
      yield* request(link)
      yield* request(link, { headers: { range: "bytes=900-" } })
      const { files } = yield* simulator.report
      expect(files).toMatchObject({ requests: 2, bytes: 1100, responses: { 200: 1, 206: 1 }, withToken: 0 })
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("contains the last requests, and the number of dropped ones", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addFaults({ fault: Fault.serverError(500), skip: 3 })
      for (let sent = 0; sent < 5; sent++) yield* requestStatus(simulator, standard)
      const { dropped, requests } = yield* simulator.report
      expect(dropped).toBe(3)
      const common = { origin: "api", method: "GET", path: "/standardjob/1/status", operation: "getJobStatus" }
      expect(requests).toMatchObject([
        { ...common, ref: "standard:1", token: "valid", fault: "serverError", status: 500, outcome: "complete" },
        { ...common, ref: "standard:1", token: "valid", fault: null, status: 404, outcome: "complete" }
      ])
    }).pipe(Effect.provide(Simulator.layer({ log: 2 })))
  )

  it.live("distinguishes broken responses from complete ones", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addFaults([Fault.truncatedBody(), Fault.connectionReset])
      for (let sent = 0; sent < 3; sent++) yield* Effect.exit(requestStatus(simulator, standard))
      const { endpoints, requests } = yield* reportWhen(({ endpoints }) => endpoints.getJobStatus.inFlight === 0)
      expect(requests.map(({ outcome, status }) => [outcome, status])).toEqual([
        ["broken", 404],
        ["broken", null],
        ["complete", 404]
      ])
      expect(endpoints.getJobStatus.responses).toEqual({ 404: 2, none: 1 })
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("never contains the token, wherever it was sent", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const { token, url } = simulator
      yield* requestStatus(simulator, standard, { headers: { authorization: `Bearer ${token}`, "x-copy": token } })
      yield* request(`${url}/graphqlbulkjob/${token}?token=${token}`)
      yield* request(`${url}/${token}`)
      const report = yield* simulator.report
      expect(report.requests.length).toBe(3)
      expect(report.requests[0]?.headers).toMatchObject({ authorization: "Bearer <redacted>" })
      expect(report.requests[0]?.headers).not.toHaveProperty("ttd-auth")
      expect(JSON.stringify(report)).not.toContain(token)
    }).pipe(Effect.provide(Simulator.layer({ token: "s3cret-token" })))
  )

  it.live("starts from zero after a reset, also for requests in flight", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addFaults(Fault.hang)
      const pending = yield* Effect.forkChild(requestStatus(simulator, standard))
      yield* reportWhen(({ endpoints }) => endpoints.getJobStatus.inFlight === 1)
      yield* simulator.reset
      yield* Fiber.interrupt(pending)
      yield* requestStatus(simulator, standard)
      const { endpoints, requests } = yield* simulator.report
      expect(requests.length).toBe(1)
      expect(endpoints.getJobStatus).toEqual({ requests: 1, responses: { 404: 1 }, inFlight: 0, maxInFlight: 1 })
    }).pipe(Effect.provide(Simulator.layer()))
  )
})
