import { describe, expect, it } from "@effect/vitest"
import { mismatchOf, textOf } from "./Expectation.ts"

const unavailable = { error: { _tag: "ApiError", status: 503, body: "no" }, requests: 1, elapsed: 0 }

describe("an expectation", () => {
  it("is met by an outcome that has all fields that it names", () => {
    expect(mismatchOf({ error: { _tag: "ApiError", body: /n/ } }, unavailable)).toBeUndefined()
    expect(
      mismatchOf({ value: { a: { b: [1] } } }, { value: { a: { b: [1], c: 2 } }, requests: 1, elapsed: 0 })
    ).toBeUndefined()
  })

  it.each([
    [{ error: { _tag: "TransportError" } }, "the result was"],
    [{ error: { _tag: "ApiError", status: 500 } }, "the result was"],
    [{ error: { _tag: "ApiError", body: /yes/ } }, "the result was"],
    [{ error: { _tag: "ApiError", retryAfter: null } }, "the result was"],
    [{ value: {} }, "the result was"],
    [{ error: { _tag: "ApiError" }, requests: 2 }, "sent 1 requests"],
    [{ error: { _tag: "ApiError" }, duration: [1, 2] as const }, "took 0 ms"]
  ])("is not met by any other outcome: %j", (expected, mismatch) => {
    expect(mismatchOf(expected, unavailable)).toContain(mismatch)
  })

  it("is not met by a call that takes time, unless it allows for that", () => {
    expect(mismatchOf({ error: { _tag: "ApiError" } }, { ...unavailable, elapsed: 1 })).toBe("it took 1 ms")
  })

  it("is printed in one line", () => {
    expect(textOf({ error: { _tag: "ApiError", status: 503, body: /no/ }, requests: 2, duration: [500, 1500] })).toBe(
      "fails with ApiError status=503 body=/no/, 2 requests, in 0.5 – 1.5 s"
    )
    expect(textOf({ value: { phase: "queued" } })).toBe('succeeds with phase="queued"')
  })
})
