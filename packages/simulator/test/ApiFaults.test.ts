import { describe, expect, it } from "@effect/vitest"
import { JobRef, statusPath } from "@ttd-jobs/core"
import { Effect, Result } from "effect"
import { Fault, ResultScript, Simulator } from "../src/index.ts"
import { type HttpResponse, jobIn, rawRequest, requestStatus } from "./Requests.ts"

const ref = Result.getOrThrow(JobRef.parse("standard:412651"))
const bulk = Result.getOrThrow(JobRef.parse("graphql-bulk:412651"))

/** A simulator with ended jobs whose inline result has 20 bytes. */
const withJobs = Effect.gen(function* () {
  const simulator = yield* Simulator
  for (const { id, kind } of [ref, bulk]) {
    yield* simulator.addJob({ id, kind, duration: 0, result: ResultScript.inline("x".repeat(20)) })
  }
  return simulator
})

/** The response with a fault, and the regular one after it. */
const withFault = (fault: Fault.Fault, job = ref) =>
  Effect.gen(function* () {
    const simulator = yield* withJobs
    yield* simulator.addFaults(fault)
    const broken = yield* requestStatus(simulator, job)
    const regular = yield* requestStatus(simulator, job)
    expect([regular.status, jobIn(regular.text).status]).toEqual([200, "Success"])
    const { requests } = yield* simulator.report
    expect(requests.map((request) => request.fault)).toEqual([Fault.nameOf(fault), null])
    return { broken, regular }
  }).pipe(Effect.provide(Simulator.layer()))

/** The same over a plain connection. */
const rawWithFault = (fault: Fault.Fault, silenceAfter?: number) =>
  Effect.gen(function* () {
    const simulator = yield* withJobs
    yield* simulator.addFaults(fault)
    const { token } = simulator
    const broken = yield* rawRequest(
      simulator.url + statusPath(ref),
      silenceAfter === undefined ? { token } : { token, silenceAfter }
    )
    const regular = yield* rawRequest(simulator.url + statusPath(ref), { token })
    expect(regular.end).toBe("closed")
    return { broken, regular, length: regular.body.length }
  }).pipe(Effect.provide(Simulator.layer()))

const statusAndHeaders = ({ headers, status }: HttpResponse, ...names: ReadonlyArray<string>) => [
  status,
  ...names.map((name) => headers.get(name))
]

describe("a fault of a response", () => {
  it.effect.each<readonly [fault: Fault.Fault, status: number, type: string | null, retryAfter: string | null]>([
    [Fault.tooManyRequests(), 429, "application/json", null],
    [Fault.tooManyRequests(7), 429, "application/json", "7"],
    [Fault.tooManyRequests("soon"), 429, "application/json", "soon"],
    [Fault.serverError(), 503, null, null],
    [Fault.serverError(500), 500, null, null],
    [Fault.serverError(503, 120), 503, null, "120"],
    [Fault.htmlPage(), 502, "text/html; charset=utf-8", null],
    [Fault.htmlPage(200), 200, "text/html; charset=utf-8", null],
    [Fault.emptyBody(), 200, "application/json", null],
    [Fault.emptyBody(504), 504, "application/json", null],
    [Fault.response(240), 240, null, null],
    [Fault.response(204), 204, null, null],
    [Fault.response(410, { body: "gone" }), 410, "text/plain", null],
    [Fault.problem(403, { title: "No access", detail: null }), 403, "application/json", null]
  ])("has its status and headers: %j", ([fault, status, type, retryAfter]) =>
    Effect.gen(function* () {
      const { broken } = yield* withFault(fault)
      expect(statusAndHeaders(broken, "content-type", "retry-after")).toEqual([status, type, retryAfter])
      expect(broken.headers.get("x-ttd-request-id")).not.toBe(null)
      if (Fault.nameOf(fault) === "emptyBody") expect(broken.text).toBe("")
      if (status === 403) expect(JSON.parse(broken.text)).toEqual({ title: "No access", detail: null, status: 403 })
    })
  )

  it.effect("is a redirect", () =>
    Effect.gen(function* () {
      const { broken } = yield* withFault(Fault.redirectTo("https://example.com/", 307))
      expect(statusAndHeaders(broken, "location")).toEqual([307, "https://example.com/"])
    })
  )

  it.effect("has no request id on demand", () =>
    Effect.gen(function* () {
      const { broken, regular } = yield* withFault(
        Fault.response(500, { requestId: false, headers: { "x-other": "1" } })
      )
      expect(statusAndHeaders(broken, "x-ttd-request-id", "x-other")).toEqual([500, null, "1"])
      expect(regular.headers.has("x-ttd-request-id")).toBe(true)
    })
  )

  it.live("is delayed, alone or before another", () =>
    Effect.gen(function* () {
      const begin = performance.now()
      const alone = yield* withFault(Fault.latency(60))
      expect(performance.now() - begin).toBeGreaterThan(55)
      expect(alone.broken.text).toBe(alone.regular.text)
      const { broken } = yield* withFault(Fault.latency("20 millis", Fault.tooManyRequests(2)))
      expect(statusAndHeaders(broken, "retry-after")).toEqual([429, "2"])
    })
  )

  it("is rejected when no server can send it", () => {
    expect(() => Fault.response(199)).toThrow(RangeError)
    expect(() => Fault.response(600)).toThrow(RangeError)
    expect(() => Fault.otherId("12x")).toThrow(RangeError)
    expect(() => Fault.redirect({ hops: 0 })).toThrow(RangeError)
  })
})

describe("a fault of the connection", () => {
  it.live("resets the connection before a response", () =>
    Effect.gen(function* () {
      const { broken } = yield* rawWithFault(Fault.connectionReset)
      expect(broken).toEqual({ head: "", body: Buffer.alloc(0), end: "reset" })
    })
  )

  it.live("never responds", () =>
    Effect.gen(function* () {
      const { broken } = yield* rawWithFault(Fault.hang, -1)
      expect(broken).toEqual({ head: "", body: Buffer.alloc(0), end: "open" })
    })
  )

  it.live.each([0, 1, 17, undefined])("truncates the body after %s bytes, announcing its whole length", (after) =>
    Effect.gen(function* () {
      const { broken, regular, length } = yield* rawWithFault(Fault.truncatedBody(after))
      expect(broken.head.toLowerCase()).toContain(`content-length: ${length}`)
      expect(broken.body).toEqual(regular.body.subarray(0, after ?? Math.floor(length / 2)))
      expect(broken.end).toBe("closed")
    })
  )

  it.live("truncates a chunked body before its last chunk", () =>
    Effect.gen(function* () {
      const { broken, regular } = yield* rawWithFault(Fault.truncatedChunks(10))
      expect(broken.head.toLowerCase()).toContain("transfer-encoding: chunked")
      expect(broken.body.toString()).toBe(`a\r\n${regular.body.subarray(0, 10)}\r\n`)
      expect(broken.end).toBe("closed")
    })
  )

  it.live.each([0, 5])("stalls after %d bytes", (after) =>
    Effect.gen(function* () {
      const { broken, regular } = yield* rawWithFault(Fault.stall(after), after)
      expect(broken.head).toContain(" 200 ")
      expect(broken.body).toEqual(regular.body.subarray(0, after))
      expect(broken.end).toBe("open")
    })
  )

  it.live("sends the body slowly", () =>
    Effect.gen(function* () {
      const begin = performance.now()
      const { broken, regular, length } = yield* rawWithFault(Fault.slowBody({ bytes: 50, every: 20 }))
      expect(broken.body).toEqual(regular.body)
      expect(performance.now() - begin).toBeGreaterThan(20 * Math.floor(length / 50))
    })
  )
})

describe("a fault of the JSON", () => {
  it.effect("is text that is not JSON", () =>
    Effect.gen(function* () {
      const cut = yield* withFault(Fault.malformedJson())
      expect(cut.broken.text).toBe(cut.regular.text.slice(0, -2))
      expect(cut.broken.headers.get("content-length")).toBe(String(cut.broken.bytes.length))
      expect((yield* withFault(Fault.malformedJson("{]"))).broken.text).toBe("{]")
    })
  )

  it.effect("has another content type, or none", () =>
    Effect.gen(function* () {
      for (const type of ["text/plain", null]) {
        const { broken, regular } = yield* withFault(Fault.wrongContentType(type))
        expect(broken.headers.get("content-type")).toBe(type)
        expect(broken.text).toBe(regular.text)
      }
    })
  )

  it.effect("is padding", () =>
    Effect.gen(function* () {
      const { broken, regular } = yield* withFault(Fault.oversizedBody(3))
      expect(broken.bytes.length).toBeGreaterThan(3_000_000)
      expect(JSON.parse(broken.text)).toEqual({ ...JSON.parse(regular.text), padding: "x".repeat(3_000_000) })
    })
  )

  it.effect.each([ref, bulk])("changes fields of %s", (job) =>
    Effect.gen(function* () {
      const jobAfter = (fault: Fault.Fault) =>
        Effect.map(withFault(fault, job), ({ broken, regular }) => {
          expect(broken.status).toBe(200)
          return { now: jobIn(broken.text), before: jobIn(regular.text), text: broken.text }
        })
      const unknown = yield* jobAfter(Fault.unknownStatus())
      expect(unknown.now).toEqual({ ...unknown.before, status: "Archived" })

      const nulls = yield* jobAfter(Fault.nullFields)
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

      const other = yield* jobAfter(Fault.fieldValue("completionPercentage", "half"))
      expect(other.now).toEqual({ ...other.before, completionPercentage: "half" })

      expect((yield* jobAfter(Fault.otherId())).text).toContain('"id":9223372036854775807,')
      expect((yield* jobAfter(Fault.otherId(-(2n ** 63n)))).text).toContain('"id":-9223372036854775808,')
    })
  )

  it.effect("does not change the fields of error responses", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addFaults([Fault.unknownStatus(), Fault.wrongContentType("text/html")])
      const missing = yield* requestStatus(simulator, ref)
      expect([missing.status, JSON.parse(missing.text).status]).toEqual([404, 404])
      const other = yield* requestStatus(simulator, ref)
      expect(statusAndHeaders(other, "content-type")).toEqual([404, "text/html"])
    }).pipe(Effect.provide(Simulator.layer()))
  )
})
