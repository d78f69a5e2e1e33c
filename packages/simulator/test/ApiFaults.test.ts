import { describe, expect, it } from "@effect/vitest"
import { JobRef, statusPath } from "@ttd-jobs/core"
import { Effect, Result } from "effect"
import { Fault, ResultScript, Simulator } from "../src/index.ts"
import { askFor, jobIn, type Received, wire } from "./Asking.ts"

const ref = Result.getOrThrow(JobRef.parse("standard:412651"))
const bulk = Result.getOrThrow(JobRef.parse("graphql-bulk:412651"))

/** A simulator with one job of 20 bytes' result that has ended. */
const withJobs = Effect.gen(function* () {
  const simulator = yield* Simulator
  for (const { id, kind } of [ref, bulk]) {
    yield* simulator.addJob({ id, kind, duration: 0, result: ResultScript.inline("x".repeat(20)) })
  }
  return simulator
})

/** The answer that meets a fault, and the honest one after it. */
const suffer = (fault: Fault.Fault, job = ref) =>
  Effect.gen(function* () {
    const simulator = yield* withJobs
    yield* simulator.script(fault)
    const broken = yield* askFor(simulator, job)
    const honest = yield* askFor(simulator, job)
    expect([honest.status, jobIn(honest.text).status]).toEqual([200, "Success"])
    const { requests } = yield* simulator.report
    expect(requests.map((request) => request.fault)).toEqual([Fault.nameOf(fault), null])
    return { broken, honest }
  }).pipe(Effect.provide(Simulator.layer()))

/** The same over a bare connection. */
const sufferWire = (fault: Fault.Fault, silenceAfter?: number) =>
  Effect.gen(function* () {
    const simulator = yield* withJobs
    yield* simulator.script(fault)
    const { token } = simulator
    const broken = yield* wire(
      simulator.url + statusPath(ref),
      silenceAfter === undefined ? { token } : { token, silenceAfter }
    )
    const honest = yield* wire(simulator.url + statusPath(ref), { token })
    expect(honest.end).toBe("closed")
    return { broken, honest, length: honest.body.length }
  }).pipe(Effect.provide(Simulator.layer()))

const told = ({ headers, status }: Received, ...names: ReadonlyArray<string>) => [
  status,
  ...names.map((name) => headers.get(name))
]

describe("a fault of the whole answer", () => {
  it.effect.each<readonly [fault: Fault.Fault, status: number, type: string | null, retryAfter: string | null]>([
    [Fault.tooManyRequests(), 429, "application/json", null],
    [Fault.tooManyRequests(7), 429, "application/json", "7"],
    [Fault.tooManyRequests("soon"), 429, "application/json", "soon"],
    [Fault.serverError(), 503, "application/json", null],
    [Fault.serverError(500), 500, "application/json", null],
    [Fault.serverError(503, 120), 503, "application/json", "120"],
    [Fault.htmlPage(), 502, "text/html; charset=utf-8", null],
    [Fault.htmlPage(200), 200, "text/html; charset=utf-8", null],
    [Fault.emptyBody(), 200, "application/json", null],
    [Fault.emptyBody(504), 504, "application/json", null],
    [Fault.answer(240), 240, null, null],
    [Fault.answer(204), 204, null, null],
    [Fault.answer(410, { body: "gone" }), 410, "text/plain", null],
    [Fault.problem(403, { title: "No access", detail: null }), 403, "application/json", null]
  ])("is answered as told: %j", ([fault, status, type, retryAfter]) =>
    Effect.gen(function* () {
      const { broken } = yield* suffer(fault)
      expect(told(broken, "content-type", "retry-after")).toEqual([status, type, retryAfter])
      expect(broken.headers.get("x-ttd-request-id")).not.toBe(null)
      if (Fault.nameOf(fault) === "emptyBody") expect(broken.text).toBe("")
      if (status === 403) expect(JSON.parse(broken.text)).toEqual({ title: "No access", detail: null, status: 403 })
    })
  )

  it.effect("leads elsewhere", () =>
    Effect.gen(function* () {
      const { broken } = yield* suffer(Fault.redirectTo("https://example.com/", 307))
      expect(told(broken, "location")).toEqual([307, "https://example.com/"])
    })
  )

  it.effect("comes without a request id when so asked", () =>
    Effect.gen(function* () {
      const { broken, honest } = yield* suffer(Fault.answer(500, { requestId: false, headers: { "x-other": "1" } }))
      expect(told(broken, "x-ttd-request-id", "x-other")).toEqual([500, null, "1"])
      expect(honest.headers.has("x-ttd-request-id")).toBe(true)
    })
  )

  it.live("comes late, alone or before another", () =>
    Effect.gen(function* () {
      const begin = performance.now()
      const alone = yield* suffer(Fault.latency(60))
      expect(performance.now() - begin).toBeGreaterThan(55)
      expect(alone.broken.text).toBe(alone.honest.text)
      const { broken } = yield* suffer(Fault.latency("20 millis", Fault.tooManyRequests(2)))
      expect(told(broken, "retry-after")).toEqual([429, "2"])
    })
  )

  it("is refused when no server could send it", () => {
    expect(() => Fault.answer(199)).toThrow(RangeError)
    expect(() => Fault.answer(600)).toThrow(RangeError)
    expect(() => Fault.hugeId("12x")).toThrow(RangeError)
    expect(() => Fault.redirect({ hops: 0 })).toThrow(RangeError)
  })
})

describe("a fault of the connection", () => {
  it.live("resets it before anything is sent", () =>
    Effect.gen(function* () {
      const { broken } = yield* sufferWire(Fault.connectionReset)
      expect(broken).toEqual({ head: "", body: Buffer.alloc(0), end: "reset" })
    })
  )

  it.live("never answers", () =>
    Effect.gen(function* () {
      const { broken } = yield* sufferWire(Fault.hang, -1)
      expect(broken).toEqual({ head: "", body: Buffer.alloc(0), end: "open" })
    })
  )

  it.live.each([0, 1, 17, undefined])("cuts the body after %s bytes, its length promised", (after) =>
    Effect.gen(function* () {
      const { broken, honest, length } = yield* sufferWire(Fault.truncatedBody(after))
      expect(broken.head.toLowerCase()).toContain(`content-length: ${length}`)
      expect(broken.body).toEqual(honest.body.subarray(0, after ?? Math.floor(length / 2)))
      expect(broken.end).toBe("closed")
    })
  )

  it.live("cuts a chunked body before its last chunk", () =>
    Effect.gen(function* () {
      const { broken, honest } = yield* sufferWire(Fault.chunkCut(10))
      expect(broken.head.toLowerCase()).toContain("transfer-encoding: chunked")
      expect(broken.body.toString()).toBe(`a\r\n${honest.body.subarray(0, 10)}\r\n`)
      expect(broken.end).toBe("closed")
    })
  )

  it.live.each([0, 5])("stalls after %d bytes", (after) =>
    Effect.gen(function* () {
      const { broken, honest } = yield* sufferWire(Fault.stall(after), after)
      expect(broken.head).toContain(" 200 ")
      expect(broken.body).toEqual(honest.body.subarray(0, after))
      expect(broken.end).toBe("open")
    })
  )

  it.live("drips the body", () =>
    Effect.gen(function* () {
      const begin = performance.now()
      const { broken, honest, length } = yield* sufferWire(Fault.slowBody({ bytes: 50, every: 20 }))
      expect(broken.body).toEqual(honest.body)
      expect(performance.now() - begin).toBeGreaterThan(20 * Math.floor(length / 50))
    })
  )
})

describe("a fault of the JSON", () => {
  it.effect("makes it none", () =>
    Effect.gen(function* () {
      const cut = yield* suffer(Fault.malformedJson())
      expect(cut.broken.text).toBe(cut.honest.text.slice(0, -2))
      expect(cut.broken.headers.get("content-length")).toBe(String(cut.broken.bytes.length))
      expect((yield* suffer(Fault.malformedJson("{]"))).broken.text).toBe("{]")
    })
  )

  it.effect("comes under another content type, or none", () =>
    Effect.gen(function* () {
      for (const type of ["text/plain", null]) {
        const { broken, honest } = yield* suffer(Fault.wrongContentType(type))
        expect(broken.headers.get("content-type")).toBe(type)
        expect(broken.text).toBe(honest.text)
      }
    })
  )

  it.effect("makes it too long", () =>
    Effect.gen(function* () {
      const { broken, honest } = yield* suffer(Fault.overlongBody(3))
      expect(broken.bytes.length).toBeGreaterThan(3_000_000)
      expect(JSON.parse(broken.text)).toEqual({ ...JSON.parse(honest.text), padding: "x".repeat(3_000_000) })
    })
  )

  it.effect.each([ref, bulk])("changes the fields of %s", (job) =>
    Effect.gen(function* () {
      const jobAfter = (fault: Fault.Fault) =>
        Effect.map(suffer(fault, job), ({ broken, honest }) => {
          expect(broken.status).toBe(200)
          return { now: jobIn(broken.text), before: jobIn(honest.text), text: broken.text }
        })
      const unknown = yield* jobAfter(Fault.unknownStatus())
      expect(unknown.now).toEqual({ ...unknown.before, status: "Archived" })

      const nulls = yield* jobAfter(Fault.nulls)
      const kept = Object.entries(nulls.now).filter(([, value]) => value !== null)
      expect(kept.map(([field]) => field)).toEqual(["id", job === ref ? "createdAtUtc" : "createdAt", "status"])

      const required = job === ref ? ["id", "createdAtUtc", "status"] : ["id", "createdAt", "status", "runtimeErrors"]
      expect(Object.keys((yield* jobAfter(Fault.missingOptionalFields)).now)).toEqual(required)

      const extra = yield* jobAfter(Fault.extraFields)
      expect(extra.now).toMatchObject({ ...extra.before, partnerId: "4f3a" })

      const without = yield* jobAfter(Fault.missingRequiredField("status"))
      expect({ ...without.now, status: "Success" }).toEqual(without.before)
      const none = yield* jobAfter(Fault.missingRequiredField())
      expect(Object.keys(none.now).filter((field) => required.includes(field))).toEqual([])

      const other = yield* jobAfter(Fault.otherValue("completionPercentage", "half"))
      expect(other.now).toEqual({ ...other.before, completionPercentage: "half" })

      expect((yield* jobAfter(Fault.hugeId())).text).toContain('"id":9223372036854775807,')
      expect((yield* jobAfter(Fault.hugeId(-(2n ** 63n)))).text).toContain('"id":-9223372036854775808,')
    })
  )

  it.effect("leaves refusals as they are, but for their form", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.script([Fault.unknownStatus(), Fault.wrongContentType("text/html")])
      const missing = yield* askFor(simulator, ref)
      expect([missing.status, JSON.parse(missing.text).status]).toEqual([404, 404])
      const other = yield* askFor(simulator, ref)
      expect(told(other, "content-type")).toEqual([404, "text/html"])
    }).pipe(Effect.provide(Simulator.layer()))
  )
})
