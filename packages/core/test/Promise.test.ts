import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import {
  ApiError,
  createClient,
  InvalidJobRefError,
  InvalidSettingError,
  ProblemDetailsError
} from "@ttd-jobs/core/promise"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { quiet } from "./support/FastForward.ts"
import { fixture, optionsFor, secret } from "./support/Fixture.ts"

/** A client of the simulator, closed when the test ends. */
const client = (retry: false | { readonly initialInterval: number } = false) =>
  Effect.acquireRelease(Effect.map(optionsFor({ retry }), createClient), (client) =>
    Effect.promise(() => client.close())
  )

/** How a promise is settled. */
const settled = <A>(promise: Promise<A>) =>
  Effect.promise(() =>
    promise.then(
      (value) => ({ value }),
      (error: unknown) => ({ error })
    )
  )

const controlling = () => new AbortController()

const requests = Effect.gen(function* () {
  return (yield* (yield* Simulator).report).requests
})

describe("a client of promises", () => {
  it.live("gives the three operations and the snapshot", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      yield* addJob({ id: "9223372036854775807", duration: 0 })
      yield* addJob({ kind: "graphql-query", id: "q" })
      yield* addJob({ kind: "graphql-bulk", id: "b", withoutJob: "null", errors: "none" })
      const jobs = yield* client()
      const responses = yield* Effect.promise(() =>
        Promise.all([
          jobs.getJobStatus(9223372036854775807n),
          jobs.getGraphQlQueryJobStatus("q"),
          jobs.getGraphQlBulkJobStatus("b"),
          jobs.get("standard:9223372036854775807")
        ])
      )
      expect(responses).toMatchObject([
        { id: "9223372036854775807", status: "Success" },
        { job: { status: "InProgress" } },
        { job: null, errors: "none" },
        { phase: "succeeded", ref: "standard:9223372036854775807" }
      ])
      expect(responses[3].createdAt).toBeInstanceOf(Date)
    }).pipe(Effect.provide(fixture()))
  )

  it.live("rejects with real errors, by tag and by class", () =>
    Effect.gen(function* () {
      yield* (yield* Simulator).addFaults({ fault: Fault.response(410), on: "graphql-query:q" })
      const jobs = yield* client()
      const cases = [
        [() => jobs.get("standard:1"), ProblemDetailsError, "ProblemDetailsError"],
        [() => jobs.getGraphQlQueryJobStatus("q"), ApiError, "ApiError"],
        [() => jobs.get("job:1"), InvalidJobRefError, "InvalidJobRefError"],
        [() => jobs.getJobStatus(1.5), InvalidJobRefError, "InvalidJobRefError"],
        [() => jobs.get("standard:1", { retry: { exponent: 0 } }), InvalidSettingError, "InvalidSettingError"]
      ] as const
      for (const [call, type, tag] of cases) {
        const { error } = yield* Effect.map(settled<unknown>(call()), (outcome) => ({ error: undefined, ...outcome }))
        expect(error).toBeInstanceOf(Error)
        expect(error).toBeInstanceOf(type)
        expect(error).toMatchObject({
          _tag: tag,
          name: tag,
          message: expect.stringMatching(/./),
          stack: expect.any(String)
        })
      }
      expect(yield* settled(jobs.getGraphQlQueryJobStatus("q"))).toMatchObject({
        error: { _tag: "ProblemDetailsError" }
      })
    }).pipe(Effect.provide(fixture()))
  )

  it("throws at once when an option cannot be used", () => {
    expect(() => createClient({ token: `${secret} x` })).toThrow(InvalidSettingError)
    expect(() => createClient({ server: "production" })).toThrow("prod, sandbox")
  })

  it.live("P7 a signal that is aborted already sends nothing, and its reason comes back", () =>
    Effect.gen(function* () {
      const jobs = yield* client()
      const reason = new Error("changed my mind")
      const signal = AbortSignal.abort(reason)
      for (const name of ["getJobStatus", "getGraphQlQueryJobStatus", "get", "wait"] as const) {
        expect(yield* settled<unknown>(jobs[name]("1", { signal }))).toEqual({ error: reason })
      }
      yield* quiet()
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(fixture()))
  )

  it.live.each([
    ["a request", Fault.hang, 1],
    ["a body", Fault.stall(10), 1],
    ["a pause between attempts", Fault.serverError(500), 1]
  ] as const)("P7 a signal that is aborted during %s ends the call at once", ([, fault, count]) =>
    Effect.gen(function* () {
      yield* (yield* Simulator).addFaults(fault)
      const jobs = yield* client({ initialInterval: 30_000 })
      const controller = controlling()
      const promise = settled(jobs.get("standard:1", { signal: controller.signal }))
      const reason = new Error("changed my mind")
      const aborting = Effect.andThen(
        quiet(),
        Effect.sync(() => controller.abort(reason))
      )
      const [outcome] = yield* Effect.all([promise, aborting], { concurrency: 2 })
      expect(outcome).toEqual({ error: reason })
      expect(yield* requests).toHaveLength(count)
    }).pipe(Effect.provide(fixture()))
  )

  it.live("close ends every call with an AbortError, refuses further ones, and may be called twice", () =>
    Effect.gen(function* () {
      yield* (yield* Simulator).addFaults({ fault: Fault.hang, times: "always" })
      const jobs = yield* client()
      const promises = [1, 2, 3, 4, 5, 6].map((id) => jobs.getJobStatus(id))
      const closing = Effect.andThen(
        quiet(),
        Effect.promise(() => jobs.close())
      )
      const [outcomes] = yield* Effect.all([Effect.promise(() => Promise.allSettled(promises)), closing], {
        concurrency: 2
      })
      expect(outcomes).toMatchObject(Array(6).fill({ status: "rejected", reason: { name: "AbortError" } }))
      expect(yield* settled(jobs.getJobStatus(7))).toMatchObject({ error: { name: "AbortError" } })
      yield* Effect.promise(() => jobs.close())
      yield* quiet()
      expect(yield* requests).toHaveLength(4)
    }).pipe(Effect.provide(fixture()))
  )

  it.live("is released by await using", () =>
    Effect.gen(function* () {
      const options = yield* optionsFor()
      const used = yield* Effect.promise(async () => {
        await using jobs = createClient(options)
        await jobs.get("standard:1").catch(() => {})
        return jobs
      })
      expect(yield* settled(used.get("standard:1"))).toMatchObject({ error: { name: "AbortError" } })
    }).pipe(Effect.provide(fixture()))
  )
})

describe("a process with nothing left to do ends by itself", () => {
  const program = fileURLToPath(new URL("fixtures/exit-scenarios.ts", import.meta.url))

  const runs = Effect.fnUntraced(function* (deed: string) {
    const { addJob, addFaults, token, url } = yield* Simulator
    yield* addJob({ id: 412651 })
    yield* addFaults([
      { fault: Fault.serverError(500), on: "standard:500", times: "always" },
      ...(deed === "aborts a request" ? [Fault.hang] : [])
    ])
    const flags = ["--conditions=@ttd-jobs/source", "--unhandled-rejections=strict", program]
    return yield* Effect.promise((signal) =>
      promisify(execFile)(process.execPath, [...flags, deed, url, token], { signal, timeout: 60_000 })
    )
  })

  it.live.each([
    "creates a client",
    "sends one request",
    "ignores the response",
    "aborts a request",
    "aborts a backoff",
    "aborts a wait",
    "closes the client during a backoff",
    "leaves a watch"
  ])("P7 when it %s", (deed) =>
    Effect.map(runs(deed), ({ stderr, stdout }) => {
      expect({ stderr, stdout }).toEqual({ stderr: "", stdout: "done\n" })
    }).pipe(Effect.provide(fixture()))
  )
})
