import { createHash } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { type ResultFile, ResultScript, Simulator } from "../src/index.ts"
import { linkOf, request, statusOf } from "./Requests.ts"

/** A job's file of 1,000 bytes and the link to it. */
const withFile = Effect.fnUntraced(function* (options: Partial<ResultScript.FileOptions> = {}) {
  const simulator = yield* Simulator
  const ref = yield* simulator.addJob({ id: 7, duration: 0, result: ResultScript.link({ size: 1000, ...options }) })
  return { simulator, ref, link: yield* linkOf(simulator, ref), file: yield* simulator.resultFile(ref) }
})

const ranged = (link: string, range: string, ifRange?: string) =>
  request(link, { headers: { range, ...(ifRange === undefined ? {} : { "if-range": ifRange }) } })

const digestOf = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest("base64")

const bytesOf = (file: ResultFile, start?: number, end?: number) => Buffer.from(file.bytes(start, end))

/** The bytes of a single range of 1,000 bytes (RFC 9110 §14). */
const expected = (first: number | null, last: number | null): readonly [start: number, end: number] | null => {
  if (first === null) return last === null || last === 0 ? null : [Math.max(0, 1000 - last), 1000]
  return first >= 1000 ? null : [first, last === null ? 1000 : Math.min(1000, last + 1)]
}

describe("a result file", () => {
  it.effect("is sent whole, with the headers that a client needs to resume", () =>
    Effect.gen(function* () {
      const { file, link } = yield* withFile()
      const response = yield* request(link)
      expect(response.status).toBe(200)
      expect(Buffer.from(response.bytes)).toEqual(bytesOf(file))
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "accept-ranges": "bytes",
        "content-length": "1000",
        "content-type": "text/csv",
        "content-disposition": 'attachment; filename="standard-7.csv"',
        etag: expect.stringMatching(/^"[^"]+"$/),
        "last-modified": expect.stringMatching(/GMT$/)
      })
      const head = yield* request(link, { method: "HEAD" })
      expect([head.status, head.bytes.length, head.headers.get("content-length")]).toEqual([200, 0, "1000"])
    }).pipe(Effect.provide(Simulator.layer()))
  )

  const Bound = Schema.NullOr(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1100 })))

  it.effect.prop(
    "is sent in any range",
    [Bound, Bound],
    ([first, last]) =>
      Effect.gen(function* () {
        if ((first === null && last === null) || (first !== null && last !== null && last < first)) return
        const { file, link } = yield* withFile()
        const response = yield* ranged(link, `bytes=${first ?? ""}-${last ?? ""}`)
        const range = expected(first, last)
        if (range === null) {
          expect([response.status, response.headers.get("content-range")]).toEqual([416, "bytes */1000"])
        } else {
          const [start, end] = range
          expect([response.status, response.headers.get("content-range")]).toEqual([
            206,
            `bytes ${start}-${end - 1}/1000`
          ])
          expect(Buffer.from(response.bytes)).toEqual(bytesOf(file, start, end))
        }
      }).pipe(Effect.provide(Simulator.layer())),
    { arbitrary: { runs: 60 } }
  )

  it.effect.each(["bytes=5-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes 0-1"])(
    "is sent whole for the range %s, which a server may ignore",
    (range) =>
      Effect.gen(function* () {
        const { link } = yield* withFile()
        expect((yield* ranged(link, range)).status).toBe(200)
      }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("honors If-Range by strong ETag and by date, and nothing else", () =>
    Effect.gen(function* () {
      const { link } = yield* withFile()
      const { headers } = yield* request(link)
      const after = (validator: string | null) =>
        Effect.map(ranged(link, "bytes=10-", validator ?? ""), ({ status }) => status)
      expect(yield* after(headers.get("etag"))).toBe(206)
      expect(yield* after(headers.get("last-modified"))).toBe(206)
      expect(yield* after('"another"')).toBe(200)
      expect(yield* after("Mon, 01 Jan 2024 00:00:00 GMT")).toBe(200)
      const weak = yield* withFile({ etag: "weak" })
      const etag = (yield* request(weak.link)).headers.get("etag") ?? ""
      expect(etag).toMatch(/^W\/"/)
      expect((yield* ranged(weak.link, "bytes=10-", etag)).status).toBe(200)
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("has no validators, ranges, length or name on demand", () =>
    Effect.gen(function* () {
      const { file, link } = yield* withFile({
        etag: "none",
        lastModified: false,
        ranges: false,
        chunked: true,
        contentDisposition: null,
        contentType: "application/x-test"
      })
      const response = yield* ranged(link, "bytes=10-")
      expect(response.status).toBe(200)
      expect(Buffer.from(response.bytes)).toEqual(bytesOf(file))
      const names = ["etag", "last-modified", "accept-ranges", "content-length", "content-disposition"]
      expect(names.map((name) => response.headers.get(name))).toEqual([null, null, null, null, null])
      expect(response.headers.get("content-type")).toBe("application/x-test")
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("has digests of the bytes sent (Content-MD5) and of the whole file (the others)", () =>
    Effect.gen(function* () {
      const { file, link } = yield* withFile({ digests: ["content-md5", "digest", "repr-digest"] })
      const bytes = bytesOf(file)
      const sha256 = digestOf("sha256", bytes)
      expect(yield* file.sha256).toBe(createHash("sha256").update(bytes).digest("hex"))
      const whole = yield* request(link)
      expect(whole.headers.get("content-md5")).toBe(digestOf("md5", bytes))
      const part = yield* ranged(link, "bytes=10-")
      expect(part.headers.get("content-md5")).toBe(null)
      for (const { headers } of [whole, part]) {
        expect(headers.get("digest")).toBe(`sha-256=${sha256}`)
        expect(headers.get("repr-digest")).toBe(`sha-256=:${sha256}:`)
      }
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("has a name of any characters, or a header of any text", () =>
    Effect.gen(function* () {
      const nameOf = (options: Partial<ResultScript.FileOptions>) =>
        Effect.gen(function* () {
          const { link } = yield* withFile(options)
          return (yield* request(link)).headers.get("content-disposition")
        })
      expect(yield* nameOf({ name: "a b.csv" })).toBe('attachment; filename="a b.csv"')
      expect(yield* nameOf({ name: 'é"*.csv' })).toBe(
        "attachment; filename=\"__*.csv\"; filename*=UTF-8''%C3%A9%22%2A.csv"
      )
      expect(yield* nameOf({ contentDisposition: 'inline; filename="../../etc/passwd"' })).toContain("../../")
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("is the same for the same seed and size, and differs by job", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const textOf = (seed?: string) =>
        Effect.gen(function* () {
          const result = ResultScript.link({ size: 2_500_000, seed })
          const file = yield* simulator.resultFile(yield* simulator.addJob({ duration: 0, result }))
          return bytesOf(file)
        })
      const [one, other] = [yield* textOf(), yield* textOf()]
      expect(one.equals(other)).toBe(false)
      expect((yield* textOf("s")).equals(yield* textOf("s"))).toBe(true)
      // Lines are whole, also where the bytes begin again, and nothing repeats at the places where buffers end.
      const odd = one
        .toString()
        .split("\n")
        .filter((line) => !/^2026-\d\d-\d\d,[^,]+,[^,]+,\d{8},\d{4}\.\d{4}$/.test(line))
      expect(odd.length).toBeLessThanOrEqual(1)
      for (const shift of [2 ** 16, 2 ** 18, 2 ** 20])
        expect(one.subarray(shift, shift + 99)).not.toEqual(one.subarray(0, 99))
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("may be empty", () =>
    Effect.gen(function* () {
      const { link } = yield* withFile({ size: 0, digests: ["content-md5"] })
      const response = yield* request(link)
      expect([response.status, response.bytes.length, response.headers.get("content-length")]).toEqual([200, 0, "0"])
      expect(response.headers.get("content-md5")).toBe(digestOf("md5", new Uint8Array()))
      expect((yield* ranged(link, "bytes=0-")).status).toBe(416)
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it("rejects an invalid size", () => {
    for (const size of [-1, 1.5, Number.NaN]) expect(() => ResultScript.link({ size })).toThrow(RangeError)
    expect(() => ResultScript.inline("x".repeat(20_000_001))).toThrow(RangeError)
  })
})

describe("a link", () => {
  const statusFor = (link: string, init?: RequestInit) => Effect.map(request(link, init), ({ status }) => status)

  it.effect("works for its lifetime, and every response contains a new one", () =>
    Effect.gen(function* () {
      const { link, ref, simulator } = yield* withFile({ linkLifetime: "10 minutes" })
      yield* TestClock.adjust("5 minutes")
      const later = yield* linkOf(simulator, ref)
      expect(later).not.toBe(link)
      yield* TestClock.adjust("5 minutes")
      expect([yield* statusFor(link), yield* statusFor(later)]).toEqual([403, 200])
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("cannot be forged or used for another file, and rejects other methods", () =>
    Effect.gen(function* () {
      const { link, simulator } = yield* withFile()
      yield* simulator.addJob({ id: 8, duration: 0, result: ResultScript.link({ size: 5 }) })
      expect(yield* statusFor(link.replace("sig=", "sig=x"))).toBe(403)
      expect(yield* statusFor(link.replace("standard-7", "standard-8"))).toBe(403)
      expect(yield* statusFor(link.replace(/expires=\d+/, "expires=99999999999999"))).toBe(403)
      expect(yield* statusFor(`${link}&hops=many`)).toBe(200)
      expect(yield* statusFor(link, { method: "DELETE" })).toBe(405)
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("requires no token on the file server, and the token on the API's origin", () =>
    Effect.gen(function* () {
      const plain = yield* withFile()
      const token = { headers: { "ttd-auth": plain.simulator.token } }
      expect(yield* statusFor(plain.link)).toBe(200)
      expect((yield* plain.simulator.report).files.withToken).toBe(0)
      expect(yield* statusFor(plain.link, token)).toBe(200)
      expect((yield* plain.simulator.report).files.withToken).toBe(1)
      const { link } = yield* withFile({ origin: "api" })
      const other = { headers: { "ttd-auth": "another" } }
      const statuses = [yield* statusFor(link), yield* statusFor(link, other), yield* statusFor(link, token)]
      expect(statuses).toEqual([401, 401, 200])
      expect((yield* plain.simulator.report).files.withToken).toBe(1)
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("works for ids with reserved characters", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({
        kind: "graphql-bulk",
        id: "a/b?c#d %",
        duration: 0,
        result: ResultScript.link({ size: 10 })
      })
      expect(yield* statusFor(yield* linkOf(simulator, ref))).toBe(200)
      expect((yield* statusOf(simulator, ref)).status).toBe("Success")
    }).pipe(Effect.provide(Simulator.layer()))
  )
})
