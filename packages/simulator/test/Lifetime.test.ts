import { createHash } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { statusPath } from "@ttd-jobs/core"
import { Context, Effect, Exit, Fiber, Layer, Schedule, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Fault, ResultScript, Simulator } from "../src/index.ts"
import { linkOf, request, requestStatus, statusOf } from "./Requests.ts"

const mebibyte = 1024 * 1024

describe("a large file", () => {
  it.live("is produced while it is read, with limited read-ahead, and correct to the last byte", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const size = 128 * mebibyte
      const ref = yield* simulator.addJob({ duration: 0, result: ResultScript.link({ size }) })
      const link = yield* linkOf(simulator, ref)
      const response = yield* Effect.promise((signal) => fetch(link, { signal }))
      const reader = response.body?.getReader()
      const hash = createHash("sha256")
      let received = 0
      let mostAhead = 0
      // Nobody reads yet.
      yield* Effect.sleep("200 millis")
      while (true) {
        const { files } = yield* simulator.report
        mostAhead = Math.max(mostAhead, files.bytes - received)
        const chunk = yield* Effect.promise(async () => reader?.read())
        if (chunk?.value === undefined) break
        hash.update(chunk.value)
        received += chunk.value.length
      }
      expect(received).toBe(size)
      expect(mostAhead).toBeLessThan(32 * mebibyte)
      expect(hash.digest("hex")).toBe(yield* (yield* simulator.resultFile(ref)).sha256)
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("of any size needs no memory until it is read", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const size = 2 ** 50
      const ref = yield* simulator.addJob({ duration: 0, result: ResultScript.link({ size }) })
      const link = yield* linkOf(simulator, ref)
      const head = yield* request(link, { method: "HEAD" })
      expect(head.headers.get("content-length")).toBe(String(size))
      const end = yield* request(link, { headers: { range: "bytes=-5" } })
      const file = yield* simulator.resultFile(ref)
      expect(Buffer.from(end.bytes)).toEqual(Buffer.from(file.bytes(size - 5)))
    }).pipe(Effect.provide(Simulator.layer()))
  )
})

describe("closing", () => {
  it.live("ends hanging, stalled and slow responses, and frees the ports", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const simulator = Context.get(yield* Layer.buildWithScope(Simulator.layer(), scope), Simulator)
      const ref = yield* simulator.addJob({})
      const slow = Fault.slowBody({ bytes: 1, every: "1 minute" })
      const faults = [Fault.hang, Fault.stall(10), slow, Fault.latency("1 minute")]
      yield* simulator.addFaults(faults)
      const requesting = yield* Effect.forEach(faults, () =>
        Effect.forkChild(Effect.exit(requestStatus(simulator, ref)))
      )
      yield* simulator.report.pipe(
        Effect.filterOrFail(({ endpoints }) => endpoints.getJobStatus.inFlight === faults.length),
        Effect.retry(Schedule.spaced("5 millis"))
      )
      yield* Scope.close(scope, Exit.void)
      const exits = yield* Effect.forEach(requesting, Fiber.join)
      expect(exits.map((exit) => exit._tag)).toEqual(faults.map(() => "Failure"))
      const after = yield* Effect.exit(request(simulator.url + statusPath(ref)))
      expect(after._tag).toBe("Failure")
      yield* Effect.void.pipe(Effect.provide(Simulator.layer({ port: Number(new URL(simulator.url).port) })))
    })
  )

  it.effect("does not wait for a stopped clock, nor for idle connections", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const simulator = Context.get(yield* Layer.buildWithScope(Simulator.layer(), scope), Simulator)
      yield* statusOf(simulator, yield* simulator.addJob({}))
      yield* Scope.close(scope, Exit.void)
      expect(Exit.isFailure(yield* Effect.exit(request(simulator.url)))).toBe(true)
    })
  )
})

describe("opening", () => {
  it.effect("fails when the port is in use", () =>
    Effect.gen(function* () {
      const { url } = yield* Simulator
      const port = Number(new URL(url).port)
      const error = yield* Effect.flip(Layer.build(Simulator.layer({ port })))
      expect(error._tag).toBe("ServeError")
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("listens on the given host", () =>
    Effect.gen(function* () {
      const { filesUrl, url } = yield* Simulator
      expect([new URL(url).hostname, new URL(filesUrl).hostname]).toEqual(["127.0.0.2", "127.0.0.2"])
      expect((yield* request(url)).status).toBe(404)
    }).pipe(Effect.provide(Simulator.layer({ host: "127.0.0.2" })))
  )

  it.effect("uses the clock it was opened with", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ duration: "3650 days" })
      yield* TestClock.adjust("3650 days")
      expect((yield* statusOf(simulator, ref)).status).toBe("Success")
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect.each([{ speed: -1 }, { speed: Number.NaN }, { speed: Number.POSITIVE_INFINITY }, { log: -1 }])(
    "rejects invalid settings: %j",
    (options) =>
      Effect.gen(function* () {
        expect(Exit.hasDies(yield* Effect.exit(Layer.build(Simulator.layer(options))))).toBe(true)
      })
  )
})
