import { createServer, type IncomingHttpHeaders } from "node:http"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Queue, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { type CallbackScript, Fault, type JobScript, Simulator } from "../src/index.ts"

interface Callback {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A server that receives callbacks, and its URL. */
const receiver = Effect.gen(function* () {
  const callbacks = yield* Queue.unbounded<Callback>()
  const server = createServer((request, response) => {
    const parts: Array<Buffer> = []
    request.on("data", (part: Buffer) => parts.push(part))
    request.on("end", () => {
      Queue.offerUnsafe(callbacks, { headers: request.headers, body: Buffer.concat(parts).toString() })
      response.writeHead(202).end()
    })
  })
  const url = yield* Effect.callback<string>((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(`http://127.0.0.1:${typeof address === "object" ? address?.port : address}/done?key=1`))
    })
  })
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      server.closeAllConnections()
      server.close()
    })
  )
  return { url, next: Queue.take(callbacks), received: Queue.size(callbacks) }
})

/** The report once it has that many callbacks. */
const reportOf = Effect.fnUntraced(function* (callbacks: number) {
  const { report } = yield* Simulator
  return yield* report.pipe(
    Effect.filterOrFail((found) => found.callbacks.length === callbacks),
    Effect.retry(Schedule.spaced("5 millis")),
    TestClock.withLive
  )
})

const secret = [{ key: "x-secret", value: "s3cret" }]

const bulk = (callback: CallbackScript): JobScript => ({
  kind: "graphql-bulk",
  id: "9223372036854775807",
  duration: "1 minute",
  callback
})

describe("a completion callback", () => {
  it.effect("is sent when the job ends, with the payload of the contract and the submitter's headers", () =>
    Effect.gen(function* () {
      const { next, received, url } = yield* receiver
      const simulator = yield* Simulator
      yield* TestClock.setTime(Date.UTC(2026, 10, 23, 20, 49))
      yield* simulator.addJob(bulk({ url, headers: secret }))
      yield* simulator.addJob({
        id: 5,
        status: "Failure",
        duration: "2 minutes",
        callback: { url, headers: { "x-secret": "other" } }
      })
      yield* TestClock.adjust("59 seconds")
      expect(yield* received).toBe(0)
      yield* TestClock.adjust("1 second")
      const first = yield* next
      expect(first.headers).toMatchObject({ "content-type": "application/json", "x-secret": "s3cret" })
      expect(first.body).toMatch(
        /^\{"jobId":9223372036854775807,"status":"Success","completedAtUtc":"2026-11-23T20:50:00\.000\d{4}"\}$/
      )
      yield* TestClock.adjust("1 minute")
      const second = yield* next
      expect(second.headers["x-secret"]).toBe("other")
      expect(JSON.parse(second.body)).toMatchObject({ jobId: 5, status: "Failure" })
      const { callbacks } = yield* reportOf(2)
      expect(callbacks).toMatchObject([
        { ref: "graphql-bulk:9223372036854775807", url: url.split("?")[0], fault: null, status: 202, error: null },
        { ref: "standard:5", status: 202 }
      ])
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("comes by simulated time", () =>
    Effect.gen(function* () {
      const { next, url } = yield* receiver
      const simulator = yield* Simulator
      yield* simulator.addJob(bulk({ url }))
      yield* TestClock.adjust("1 second")
      expect((yield* next).body).toContain("Success")
    }).pipe(Effect.provide(Simulator.layer({ speed: 60 })))
  )

  it.effect("is lost, late, repeated, for an unknown job, or with a wrong secret", () =>
    Effect.gen(function* () {
      const { next, received, url } = yield* receiver
      const simulator = yield* Simulator
      const end = Effect.gen(function* () {
        yield* simulator.addJob(bulk({ url, headers: secret }))
        yield* TestClock.adjust("1 minute")
      })
      yield* simulator.addFaults([
        Fault.lostCallback,
        Fault.unknownJobCallback("404"),
        Fault.wrongSecretCallback,
        Fault.repeatedCallback(2),
        { fault: Fault.lateCallback("10 minutes"), on: { callback: "graphql-bulk:9223372036854775807" } }
      ])
      yield* end
      expect((yield* reportOf(1)).callbacks).toMatchObject([{ fault: "LostCallback", status: null, error: null }])
      expect(yield* received).toBe(0)
      yield* end
      expect((yield* next).body).toContain('"jobId":404,')
      yield* end
      expect((yield* next).headers["x-secret"]).toBe("wrong-s3cret")
      yield* end
      expect(yield* next).toEqual(yield* next)
      yield* end
      expect(yield* received).toBe(0)
      yield* TestClock.adjust("10 minutes")
      expect((yield* next).headers["x-secret"]).toBe("s3cret")
      expect((yield* reportOf(6)).callbacks.map(({ fault }) => fault)).toEqual([
        "LostCallback",
        "UnknownJobCallback",
        "WrongSecretCallback",
        "RepeatedCallback",
        "RepeatedCallback",
        "LateCallback"
      ])
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("that cannot be delivered is reported with its reason, and not repeated", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addJob(bulk({ url: "http://127.0.0.1:1/" }))
      yield* TestClock.adjust("1 minute")
      const { callbacks } = yield* reportOf(1)
      expect(callbacks).toMatchObject([{ status: null, error: expect.stringMatching(/.+/) }])
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("is not sent for a job that was replaced or removed", () =>
    Effect.gen(function* () {
      const { next, received, url } = yield* receiver
      const simulator = yield* Simulator
      yield* simulator.addJob(bulk({ url }))
      yield* simulator.reset
      yield* simulator.addJob(bulk({ url }))
      yield* simulator.addJob({ ...bulk({ url }), status: "Cancelled" })
      yield* TestClock.adjust("1 minute")
      expect((yield* next).body).toContain("Cancelled")
      expect(yield* received).toBe(0)
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect.each<JobScript>([
    { callback: { url: "nonsense" } },
    { callback: { url: "file:///etc/passwd" } },
    { callback: { url: "http://localhost/", headers: [] } },
    { kind: "graphql-bulk", callback: { url: "http://localhost/", headers: { "x-secret": "1" } } }
  ])("is rejected when it is invalid: %j", (script) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      expect(Exit.hasDies(yield* Effect.exit(simulator.addJob(script)))).toBe(true)
    }).pipe(Effect.provide(Simulator.layer()))
  )
})
