import { describe, expect, it } from "@effect/vitest"
import { complaintAbout, inWords } from "./Must.ts"

const refused = { fail: { _tag: "ApiError", status: 503, body: "no" }, requests: 1, elapsed: 0 }

describe("what a row asks for", () => {
  it("is met by what happened when all that it names is there", () => {
    expect(complaintAbout({ fail: { _tag: "ApiError", body: /n/ } }, refused)).toBeUndefined()
    expect(
      complaintAbout({ give: { a: { b: [1] } } }, { give: { a: { b: [1], c: 2 } }, requests: 1, elapsed: 0 })
    ).toBeUndefined()
  })

  it.each([
    [{ fail: { _tag: "TransportError" } }, "came to"],
    [{ fail: { _tag: "ApiError", status: 500 } }, "came to"],
    [{ fail: { _tag: "ApiError", body: /yes/ } }, "came to"],
    [{ fail: { _tag: "ApiError", retryAfter: null } }, "came to"],
    [{ give: {} }, "came to"],
    [{ fail: { _tag: "ApiError" }, requests: 2 }, "took 1 requests"],
    [{ fail: { _tag: "ApiError" }, within: [1, 2] as const }, "took 0 ms"]
  ])("is not met by anything else: %j", (must, complaint) => {
    expect(complaintAbout(must, refused)).toContain(complaint)
  })

  it("is not met when it takes time that was not asked for", () => {
    expect(complaintAbout({ fail: { _tag: "ApiError" } }, { ...refused, elapsed: 1 })).toBe("took 1 ms")
  })

  it("is told in one line", () => {
    expect(inWords({ fail: { _tag: "ApiError", status: 503, body: /no/ }, requests: 2, within: [500, 1500] })).toBe(
      "fail with ApiError status=503 body=/no/, 2 requests, in 0.5 – 1.5 s"
    )
    expect(inWords({ give: { phase: "queued" } })).toBe('give a value phase="queued"')
  })
})
