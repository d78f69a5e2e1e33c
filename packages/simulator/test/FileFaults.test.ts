import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Fault, type ResultFile, ResultScript, Simulator } from "../src/index.ts"
import { type HttpResponse, linkOf, rawRequest, request } from "./Requests.ts"

/** A file of 1,000 bytes with faults, one per request. */
const withFaults = Effect.fnUntraced(function* (...faults: ReadonlyArray<Fault.Fault>) {
  const simulator = yield* Simulator
  const ref = yield* simulator.addJob({ duration: 0, result: ResultScript.link({ size: 1000 }) })
  const link = yield* linkOf(simulator, ref)
  const file = yield* simulator.resultFile(ref)
  const regular = yield* request(link)
  yield* simulator.addFaults(faults)
  return { simulator, link, file, regular }
})

const from100 = (link: string, ifRange?: string | null) =>
  request(link, { headers: { range: "bytes=100-", ...(ifRange ? { "if-range": ifRange } : {}) } })

const statusAndHeaders = ({ headers, status }: HttpResponse, ...names: ReadonlyArray<string>) => [
  status,
  ...names.map((name) => headers.get(name))
]

const bytesOf = (file: ResultFile, start?: number, end?: number) => Buffer.from(file.bytes(start, end))

const simulated = Effect.provide(Simulator.layer())

describe("a fault of a result file", () => {
  it.effect("ignores the range", () =>
    Effect.gen(function* () {
      const { file, link } = yield* withFaults(Fault.ignoreRange)
      const response = yield* from100(link)
      expect(statusAndHeaders(response, "content-range")).toEqual([200, null])
      expect(Buffer.from(response.bytes)).toEqual(bytesOf(file))
    }).pipe(simulated)
  )

  it.effect.each<readonly [what: string, fault: Fault.Fault, start: number, end: number]>([
    ["early", Fault.earlyRange(40), 60, 1000],
    ["before the beginning", Fault.earlyRange(400), 0, 1000],
    ["late", Fault.lateRange(40), 140, 1000],
    ["short", Fault.shortRange(40), 100, 960]
  ])("sends a range that is %s, with its Content-Range", ([, fault, start, end]) =>
    Effect.gen(function* () {
      const { file, link } = yield* withFaults(fault)
      const response = yield* from100(link)
      expect(statusAndHeaders(response, "content-range")).toEqual([206, `bytes ${start}-${end - 1}/1000`])
      expect(Buffer.from(response.bytes)).toEqual(bytesOf(file, start, end))
    }).pipe(simulated)
  )

  it.effect.each<readonly [what: string, fault: Fault.Fault, start: number, end: number]>([
    ["early", Fault.earlyRange(40, { contentRange: "requested" }), 60, 960],
    ["late", Fault.lateRange(40, { contentRange: "requested" }), 140, 1000],
    ["short", Fault.shortRange(40, { contentRange: "requested" }), 100, 960]
  ])("sends a range that is %s, with the requested Content-Range", ([, fault, start, end]) =>
    Effect.gen(function* () {
      const { file, link } = yield* withFaults(fault)
      const response = yield* from100(link)
      expect(statusAndHeaders(response, "content-range")).toEqual([206, "bytes 100-999/1000"])
      expect(Buffer.from(response.bytes)).toEqual(bytesOf(file, start, end))
    }).pipe(simulated)
  )

  it.effect("responds with 416 to any range", () =>
    Effect.gen(function* () {
      const { link } = yield* withFaults(Fault.rangeRefused)
      expect(statusAndHeaders(yield* from100(link), "content-range")).toEqual([416, "bytes */1000"])
    }).pipe(simulated)
  )

  it.effect("replaces the file: If-Range gets all of the new one, unless it is ignored", () =>
    Effect.gen(function* () {
      const ignoring = Fault.replacedFile({ honorsIfRange: false })
      const { file, regular, link } = yield* withFaults(Fault.replacedFile(), ignoring, Fault.replacedFile())
      const etag = regular.headers.get("etag")
      const whole = yield* from100(link, etag)
      expect(whole.status).toBe(200)
      expect(whole.bytes.length).toBe(1000)
      expect(Buffer.from(whole.bytes)).not.toEqual(bytesOf(file))
      expect(whole.headers.get("etag")).not.toBe(etag)
      expect(whole.headers.get("last-modified")).not.toBe(regular.headers.get("last-modified"))
      const part = yield* from100(link, etag)
      expect(part.status).toBe(206)
      expect(Buffer.from(part.bytes)).toEqual(Buffer.from(whole.bytes.subarray(100)))
      expect((yield* from100(link, whole.headers.get("etag"))).status).toBe(206)
    }).pipe(simulated)
  )

  it.effect("changes or omits the validators of the same bytes", () =>
    Effect.gen(function* () {
      const { file, regular, link } = yield* withFaults(
        Fault.changedETag,
        Fault.missingETag(),
        Fault.missingETag({ lastModified: true })
      )
      const changed = yield* request(link)
      expect(changed.headers.get("etag")).not.toBe(regular.headers.get("etag"))
      expect(Buffer.from(changed.bytes)).toEqual(bytesOf(file))
      expect(statusAndHeaders(yield* request(link), "etag", "last-modified")).toEqual([200, null, null])
      const modified = regular.headers.get("last-modified")
      expect(statusAndHeaders(yield* request(link), "etag", "last-modified")).toEqual([200, null, modified])
    }).pipe(simulated)
  )

  it.effect.each([401, 403, 404, 410] as const)("expires the link early with %d", (status) =>
    Effect.gen(function* () {
      const { link } = yield* withFaults(Fault.expiredLink(status))
      const response = yield* request(link)
      expect(statusAndHeaders(response, "content-type")).toEqual([status, "application/xml"])
      expect(response.text).toContain("Request has expired")
      expect((yield* request(link)).status).toBe(200)
    }).pipe(simulated)
  )

  it.live.each<readonly [by: number, bytes: number]>([
    [-10, 990],
    [10, 1000]
  ])("announces a length that differs by %d", ([by, bytes]) =>
    Effect.gen(function* () {
      const { file, link } = yield* withFaults(Fault.wrongLength(by))
      const { body, end, head } = yield* rawRequest(link)
      expect(head.toLowerCase()).toContain(`content-length: ${1000 + by}`)
      expect(body).toEqual(bytesOf(file, 0, bytes))
      expect(end).toBe("closed")
    }).pipe(simulated)
  )

  it.effect.each([0, 500, 999])("flips the byte at %d", (at) =>
    Effect.gen(function* () {
      const { file, regular, link } = yield* withFaults(Fault.corruptBytes(at))
      const { bytes, headers } = yield* request(link)
      const right = file.bytes()
      const different = [...bytes.keys()].filter((index) => bytes[index] !== right[index])
      expect([bytes.length, different]).toEqual([1000, [at]])
      expect(headers.get("etag")).toBe(regular.headers.get("etag"))
    }).pipe(simulated)
  )

  it.live("is truncated, stalls and is reset as any response", () =>
    Effect.gen(function* () {
      const { file, link, simulator } = yield* withFaults()
      const broken = [Fault.truncatedBody(300), Fault.stall(300), Fault.connectionReset]
      yield* simulator.addFaults(broken.map((fault) => ({ fault, on: "files" })))
      expect(yield* rawRequest(link)).toMatchObject({ body: bytesOf(file, 0, 300), end: "closed" })
      expect(yield* rawRequest(link, { silenceAfter: 300 })).toMatchObject({ body: bytesOf(file, 0, 300), end: "open" })
      expect(yield* rawRequest(link)).toMatchObject({ head: "", end: "reset" })
    }).pipe(simulated)
  )
})

describe("a redirect of a result file", () => {
  /** Follows redirects: the origins on the way, and the last response. */
  const follow = Effect.fnUntraced(function* (link: string, most: number) {
    const origins: Array<string> = []
    let response = yield* request(link)
    while (response.headers.has("location") && origins.length < most) {
      const location = new URL(response.headers.get("location") ?? "")
      origins.push(location.origin)
      response = yield* request(location.href)
    }
    return { origins, response }
  })

  it.effect.each([301, 302, 303, 307, 308] as const)("leads to the file with %d", (status) =>
    Effect.gen(function* () {
      const { file, link, simulator } = yield* withFaults(Fault.redirect({ status }))
      expect((yield* request(link)).status).toBe(status)
      yield* simulator.addFaults(Fault.redirect({ status, hops: 3 }))
      const { response, origins } = yield* follow(link, 9)
      expect(origins).toEqual([simulator.filesUrl, simulator.filesUrl, simulator.filesUrl])
      expect(Buffer.from(response.bytes)).toEqual(bytesOf(file))
    }).pipe(simulated)
  )

  it.effect("leads to another origin and back", () =>
    Effect.gen(function* () {
      const { link, simulator } = yield* withFaults(Fault.redirect({ hops: 3, to: "api", alternate: true }))
      const { response, origins } = yield* follow(link, 9)
      expect(origins).toEqual([simulator.url, simulator.filesUrl, simulator.url])
      expect(response.status).toBe(200)
    }).pipe(simulated)
  )

  it.effect("uses up one fault, whatever its number of hops", () =>
    Effect.gen(function* () {
      const next = { fault: Fault.serverError(500), on: "files" } as const
      const { link, simulator } = yield* withFaults(Fault.redirect({ hops: 3 }))
      yield* simulator.addFaults(next)
      const { response, origins } = yield* follow(link, 9)
      expect([origins.length, response.status]).toEqual([3, 500])
    }).pipe(simulated)
  )

  it.effect("is a loop", () =>
    Effect.gen(function* () {
      const { link } = yield* withFaults(Fault.redirect({ hops: Number.POSITIVE_INFINITY }))
      const { response, origins } = yield* follow(link, 25)
      expect([origins.length, response.status]).toEqual([25, 302])
    }).pipe(simulated)
  )
})
