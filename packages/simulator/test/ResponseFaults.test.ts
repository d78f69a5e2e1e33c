import { createHash } from "node:crypto"
import * as zlib from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { statusPath } from "@ttd-jobs/core"
import { Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { Fault, ResultScript, Simulator } from "../src/index.ts"
import { linkOf, rawRequest, request, requestStatus, statusOf } from "./Requests.ts"

const simulated = Effect.provide(Simulator.layer())

/** A job that has ended, and a file of 1,000 bytes behind its link. */
const endedJob = Effect.fnUntraced(function* (options: Partial<ResultScript.FileOptions> = {}) {
  const simulator = yield* Simulator
  const ref = yield* simulator.addJob({ duration: 0, result: ResultScript.link({ size: 1000, ...options }) })
  const file = Buffer.from((yield* simulator.resultFile(ref)).bytes())
  return { simulator, ref, file, link: yield* linkOf(simulator, ref) }
})

describe("a raw response", () => {
  it.live.each([
    "HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 600 Odd\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    'HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename="Bericht-für-日本.csv"\r\n\r\nabc'
  ])("is sent as it is: %j", (text) =>
    Effect.gen(function* () {
      const { ref, simulator } = yield* endedJob()
      yield* simulator.addFaults([Fault.rawResponse(text), Fault.rawResponse(new TextEncoder().encode(text))])
      for (let sent = 0; sent < 2; sent++) {
        const { body, end, head } = yield* rawRequest(simulator.url + statusPath(ref))
        expect(`${head}\r\n\r\n${body}`).toBe(text)
        expect(end).toBe("closed")
      }
    }).pipe(simulated)
  )
})

describe("a changed response", () => {
  it.effect("has another status", () =>
    Effect.gen(function* () {
      const { ref, simulator } = yield* endedJob()
      yield* simulator.addFaults(Fault.otherStatus(203))
      const response = yield* requestStatus(simulator, ref)
      expect([response.status, JSON.parse(response.text).status]).toEqual([203, "Success"])
    }).pipe(simulated)
  )

  it.live("has more headers than most clients accept", () =>
    Effect.gen(function* () {
      const { ref, simulator } = yield* endedJob()
      yield* simulator.addFaults(Fault.extraHeaders(22))
      const { token, url } = simulator
      const { body, head } = yield* rawRequest(url + statusPath(ref), { token })
      expect(head.length).toBeGreaterThan(22_000)
      expect(JSON.parse(body.toString()).status).toBe("Success")
    }).pipe(simulated)
  )

  it.live("stalls after its headers, whatever its status", () =>
    Effect.gen(function* () {
      const { ref, simulator } = yield* endedJob()
      yield* simulator.addFaults([
        Fault.response(401, { transfer: Fault.stall() }),
        Fault.response(429, { body: "busy", headers: { "retry-after": "30" }, transfer: Fault.stall(2) })
      ])
      const read = (silenceAfter: number) => rawRequest(simulator.url + statusPath(ref), { silenceAfter })
      const first = yield* read(0)
      expect([first.end, first.body.length]).toEqual(["open", 0])
      expect(first.head).toMatch(/^HTTP\/1.1 401/)
      const second = yield* read(2)
      expect([second.end, second.body.toString()]).toEqual(["open", "bu"])
      expect(second.head).toMatch(/^HTTP\/1.1 429.*retry-after: 30/is)
      const { requests } = yield* simulator.report
      expect(requests.map(({ fault, stalled }) => [fault, stalled]).slice(-2)).toEqual([
        ["response", true],
        ["response", true]
      ])
    }).pipe(simulated)
  )

  it.effect("comes from an object storage that asks for fewer requests", () =>
    Effect.gen(function* () {
      const { link, simulator } = yield* endedJob()
      yield* simulator.addFaults({ fault: Fault.slowDown(3), on: "files", lasting: "2 minutes" })
      for (const pause of [0, 60_000, 59_999]) {
        yield* TestClock.adjust(pause)
        const response = yield* request(link)
        expect([response.status, response.headers.get("retry-after")]).toEqual([503, "3"])
        expect(response.text).toContain("<Code>SlowDown</Code>")
      }
      yield* TestClock.adjust(1)
      expect((yield* request(link)).status).toBe(200)
    }).pipe(simulated)
  )
})

describe("an encoded response", () => {
  const decoders = {
    gzip: zlib.gunzipSync,
    deflate: zlib.inflateSync,
    "deflate-raw": zlib.inflateRawSync,
    br: zlib.brotliDecompressSync,
    zstd: zlib.zstdDecompressSync
  } as const

  it.live.each(["gzip", "deflate", "deflate-raw", "br", "zstd"] as const)(
    "is complete, or cut in a complete transfer: %s",
    (coding) =>
      Effect.gen(function* () {
        const { file, link, simulator } = yield* endedJob({ digests: ["content-md5", "repr-digest"] })
        const on = "files"
        yield* simulator.addFaults([
          { fault: Fault.encoded(coding), on },
          { fault: Fault.encoded(coding, { cut: 7 }), on },
          { fault: Fault.encoded(coding, { cut: 7, chunked: true }), on }
        ])
        const whole = yield* rawRequest(link)
        expect(whole.head.toLowerCase()).toContain(`content-encoding: ${coding === "deflate-raw" ? "deflate" : coding}`)
        expect(whole.head.toLowerCase()).toContain(`content-length: ${whole.body.length}\r\n`)
        expect(whole.head).not.toMatch(/digest|md5/i)
        expect(Buffer.from(decoders[coding](whole.body))).toEqual(file)
        const cut = yield* rawRequest(link)
        expect(cut.body).toEqual(whole.body.subarray(0, -7))
        expect(cut.head.toLowerCase()).toContain(`content-length: ${cut.body.length}\r\n`)
        const chunked = yield* rawRequest(link)
        expect(chunked.body.toString("latin1")).toMatch(/0\r\n\r\n$/)
      }).pipe(simulated)
  )

  it.effect("has several codings, or a label of its own", () =>
    Effect.gen(function* () {
      const { ref, simulator } = yield* endedJob()
      yield* simulator.addFaults([Fault.encoded(["gzip", "gzip"]), Fault.encoded("identity", { label: "UTF-8" })])
      const twice = yield* requestStatus(simulator, ref)
      expect(twice.headers.get("content-encoding")).toBe("gzip, gzip")
      expect(JSON.parse(twice.text).status).toBe("Success")
      const labelled = yield* requestStatus(simulator, ref)
      expect(labelled.headers.get("content-encoding")).toBe("UTF-8")
    }).pipe(simulated)
  )
})

describe("a file", () => {
  it.effect("has a link that works once", () =>
    Effect.gen(function* () {
      const { link, ref, simulator } = yield* endedJob({ oneTimeLink: true })
      const statuses = Effect.forEach(["HEAD", "GET", "GET"], (method) =>
        Effect.map(request(link, { method }), ({ status }) => status)
      )
      expect(yield* statuses).toEqual([200, 200, 410])
      expect((yield* request(yield* linkOf(simulator, ref))).status).toBe(200)
    }).pipe(simulated)
  )

  it.effect("has the Content-MD5 of the whole, also for a part", () =>
    Effect.gen(function* () {
      const { file, link, simulator } = yield* endedJob()
      yield* simulator.addFaults({ fault: Fault.wholeMd5, times: 2 })
      const md5 = createHash("md5").update(file).digest("base64")
      const part = yield* request(link, { headers: { range: "bytes=100-" } })
      expect([part.status, part.headers.get("content-md5")]).toEqual([206, md5])
      expect((yield* request(link)).headers.get("content-md5")).toBe(md5)
    }).pipe(simulated)
  )

  it.effect("has headers in UTF-8", () =>
    Effect.gen(function* () {
      const contentDisposition = 'attachment; filename="Bericht-für-日本.csv"'
      const { link } = yield* endedJob({ contentDisposition })
      const header = (yield* request(link)).headers.get("content-disposition") ?? ""
      expect(Buffer.from(header, "latin1").toString("utf8")).toBe(contentDisposition)
    }).pipe(simulated)
  )

  it.effect("of a given text comes inline and behind a link", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ duration: 0, result: ResultScript.text("Größe\n", { name: "a.csv" }) })
      const { rawResult, url } = yield* statusOf(simulator, ref)
      expect(rawResult).toBe("Größe\n")
      const response = yield* request(url ?? "")
      expect([response.text, response.headers.get("content-disposition")]).toEqual([
        "Größe\n",
        'attachment; filename="a.csv"'
      ])
    }).pipe(simulated)
  )
})

describe("a changed JSON body", () => {
  it.effect("has .NET's minimum dates", () =>
    Effect.gen(function* () {
      const { ref, simulator } = yield* endedJob()
      yield* simulator.addFaults([Fault.minimumDate(), Fault.minimumDate("created"), Fault.minimumDate("both")])
      const dates = yield* Effect.forEach(Array(3), () =>
        Effect.map(statusOf(simulator, ref), ({ completedAtUtc, createdAtUtc }) =>
          [createdAtUtc, completedAtUtc].map((date) => date === "0001-01-01T00:00:00")
        )
      )
      expect(dates).toEqual([
        [false, true],
        [true, false],
        [true, true]
      ])
    }).pipe(simulated)
  )

  it.effect("reports a GraphQL rate limit in a 200, and leaves other operations unchanged", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const bulk = yield* simulator.addJob({ kind: "graphql-bulk" })
      const standard = yield* simulator.addJob({})
      yield* simulator.addFaults({ fault: Fault.resourceLimitExceeded, times: 2 })
      const response = yield* requestStatus(simulator, bulk)
      expect([response.status, JSON.parse(response.text)]).toEqual([
        200,
        { errors: expect.stringContaining("RESOURCE_LIMIT_EXCEEDED") }
      ])
      expect((yield* statusOf(simulator, standard)).status).toBe("InProgress")
    }).pipe(simulated)
  )

  it.effect("writes GraphQL percentages as 32-bit floats", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const progress = () => 100 / 3
      const bulk = yield* simulator.addJob({ kind: "graphql-bulk", progress })
      const standard = yield* simulator.addJob({ progress })
      expect((yield* requestStatus(simulator, bulk)).text).toContain('"completionPercentage":33.333332,')
      expect((yield* requestStatus(simulator, standard)).text).toContain('"completionPercentage":33.333333333333336,')
    }).pipe(simulated)
  )
})

describe("faults at run time", () => {
  it.effect("are removed and replaced", () =>
    Effect.gen(function* () {
      const { ref, simulator } = yield* endedJob()
      const status = Effect.map(requestStatus(simulator, ref), (response) => response.status)
      yield* simulator.addFaults({ fault: Fault.serverError(500), times: "always" })
      expect(yield* status).toBe(500)
      yield* simulator.clearFaults
      expect(yield* status).toBe(200)
      yield* simulator.setRandomFaults({ rate: 1, kinds: [Fault.serverError(502)] })
      expect(yield* status).toBe(502)
      yield* simulator.setRandomFaults(undefined)
      expect(yield* status).toBe(200)
      expect(Exit.hasDies(yield* Effect.exit(simulator.setRandomFaults({ rate: 2 })))).toBe(true)
    }).pipe(simulated)
  )
})
