import { describe, expect, it } from "@effect/vitest"
import { InvalidJobRefError, JobKind, JobRef, type JobRefInput, JobSnapshot, statusPath } from "@ttd-jobs/core"
import { Result, Schema } from "effect"
import fc from "fast-check"

const least = -(2n ** 63n)
const most = 2n ** 63n - 1n

const int64 = fc.oneof(
  fc.bigInt({ min: least, max: most }),
  fc.constantFrom(least, most, 0n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n)
)

const opaqueId = fc.string({ unit: "grapheme", minLength: 1 }).filter((id) => id !== "." && id !== "..")

const parsed = (input: JobRefInput) => Result.getOrThrow(JobRef.parse(input))

const refusalOf = (outcome: Result.Result<JobRef, InvalidJobRefError>) =>
  Result.match(outcome, { onSuccess: (ref) => expect.unreachable(`${ref} was accepted`), onFailure: (error) => error })

describe("JobRef.parse", () => {
  it("reads what it printed, for every int64", () => {
    fc.assert(
      fc.property(int64, (id) => {
        const ref = parsed(`standard:${id}`)
        expect(ref).toEqual({ kind: "standard", id: String(id) })
        expect(String(ref)).toBe(`standard:${id}`)
        expect(parsed(String(ref))).toEqual(ref)
      })
    )
  })

  it("reads what it printed, for every id of a GraphQL job", () => {
    fc.assert(
      fc.property(fc.constantFrom("graphql-query", "graphql-bulk"), opaqueId, (kind, id) => {
        const ref = parsed(`${kind}:${id}`)
        expect(ref).toEqual({ kind, id })
        expect(parsed(String(ref))).toEqual(ref)
      })
    )
  })

  it("takes a bare integer for a standard job, as text, number or bigint", () => {
    fc.assert(
      fc.property(int64, (id) => {
        expect(parsed(id)).toEqual({ kind: "standard", id: String(id) })
        expect(parsed(String(id))).toEqual(parsed(id))
      })
    )
    fc.assert(
      fc.property(fc.maxSafeInteger(), (id) => {
        expect(parsed(id).id).toBe(String(id))
      })
    )
  })

  it("knows graphql as short for graphql-query", () => {
    expect(String(parsed("graphql:a:b"))).toBe("graphql-query:a:b")
  })

  it("gives one job one spelling", () => {
    expect(String(parsed("007"))).toBe("standard:7")
    expect(String(parsed("standard:-0"))).toBe("standard:0")
    expect(String(parsed(-0))).toBe("standard:0")
    expect(String(parsed("graphql:007"))).toBe("graphql-query:007")
  })

  it("names a text that is far too long by its start", () => {
    expect(refusalOf(JobRef.parse("9".repeat(10_000))).input).toHaveLength(200)
  })

  it("reads a JobRef as itself", () => {
    const ref = parsed("graphql-bulk:x")
    expect(parsed(ref)).toBe(ref)
  })

  it("reads any object with kind and id: a plain one, a snapshot, a JobRef of another copy of the package", () => {
    expect(parsed({ kind: "standard", id: 7n })).toEqual(parsed("standard:7"))
    expect(parsed({ kind: "graphql-bulk", id: "x" })).toEqual(parsed("graphql-bulk:x"))
    const snapshot = JobSnapshot.fromJson({
      ref: "standard:412651",
      kind: "standard",
      id: "412651",
      phase: "running",
      status: "InProgress",
      completionPercentage: 42.5,
      createdAt: "2026-11-23T20:49:00.000Z",
      completedAt: null,
      expiresAt: null,
      result: null,
      errors: []
    })
    expect(parsed(snapshot)).toEqual(parsed("standard:412651"))
    expect(refusalOf(JobRef.parse({ kind: "standard", id: "x" }))).toMatchObject({
      input: "standard:x",
      reason: "id-not-an-integer"
    })
  })

  it("suggests the spelling that was probably meant", () => {
    expect(refusalOf(JobRef.parse("STANDARD:1")).advice).toBe("Did you mean standard:1?")
    expect(refusalOf(JobRef.parse(" 412651")).advice).toBe("Did you mean 412651?")
    expect(refusalOf(JobRef.parse("report")).advice).toContain("such as standard:412651")
  })

  it.each([
    "",
    ":",
    "standard",
    "standard:",
    "standard:1.5",
    "standard:1e3",
    "standard:0x10",
    "standard:+1",
    "standard:1_000",
    "standard:١",
    "standard:--1",
    "standard: 1",
    " 412651",
    "412651 ",
    "412,651",
    "Standard:1",
    "STANDARD:1",
    "job:1",
    "standardjob:1",
    "constructor:1",
    "__proto__:1",
    "graphql:",
    "graphql-query:",
    "graphql-query:.",
    "graphql-bulk:..",
    "graphql-bulk:\ud800",
    "graphql-mutation:1",
    "https://api.thetradedesk.com/workflows/standardjob/1/status",
    String(most + 1n),
    String(least - 1n),
    "9".repeat(41)
  ])("refuses %j and shows the three forms", (input) => {
    const error = refusalOf(JobRef.parse(input))
    expect(error).toBeInstanceOf(InvalidJobRefError)
    expect(error.message).toContain("standard:<int64>")
    expect(error.message).toContain("graphql-query:<id>")
    expect(error.message).toContain("graphql-bulk:<id>")
    expect(error.message.length).toBeLessThan(600)
    expect(error.transient).toBe(false)
  })

  it.each([most + 1n, least - 1n, 2 ** 53, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses the number %s",
    (input) => {
      expect(refusalOf(JobRef.parse(input))._tag).toBe("InvalidJobRefError")
    }
  )

  it("says what to do about a number that may have been rounded already", () => {
    expect(refusalOf(JobRef.parse(2 ** 53)).advice).toContain("as a string or a bigint")
  })

  it.each(["null", "true", "{}", "[1]"])("refuses what JavaScript may give instead: %s", (json) => {
    const input: JobRefInput = JSON.parse(json)
    expect(refusalOf(JobRef.parse(input)).reason).toBe("not-a-reference")
    expect(refusalOf(JobRef.of("graphql-bulk", JSON.parse(json))).reason).toBe("not-a-reference")
  })

  it("never throws, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void JobRef.parse(text)))
    fc.assert(
      fc.property(fc.constantFrom(...JobKind.literals, "graphql"), fc.string({ unit: "binary" }), (kind, id) => {
        void JobRef.parse(`${kind}:${id}`)
      })
    )
  })
})

describe("JobRef", () => {
  it.each([
    ["standard", "x", "an integer"],
    ["standard", String(most + 1n), "an int64"],
    ["standard", "007", "written 7"],
    ["graphql-query", "..", "the path"],
    ["graphql-bulk", "", "empty"]
  ] as const)("cannot be made around its rules: %s %j", (kind, id, why) => {
    expect(() => new JobRef({ kind, id })).toThrow()
    expect(() => Schema.decodeSync(JobRef)({ kind, id })).toThrow(why)
  })

  it("can be read from what was stored", () => {
    expect(String(Schema.decodeSync(JobRef)({ kind: "standard", id: "412651" }))).toBe("standard:412651")
  })
})

describe("statusPath", () => {
  it("keeps every id in its own segment of the path", () => {
    const { pathname } = new URL("https://api.thetradedesk.com/workflows")
    fc.assert(
      fc.property(opaqueId, (id) => {
        const url = new URL(`https://api.thetradedesk.com${pathname}${statusPath(parsed(`graphql-bulk:${id}`))}`)
        const [, workflows, resource, segment, ...more] = url.pathname.split("/")
        expect([workflows, resource, more, url.search, url.hash]).toEqual(["workflows", "graphqlbulkjob", [], "", ""])
        expect(decodeURIComponent(segment ?? "")).toBe(id)
      })
    )
  })

  it("writes int64 ids with all their digits", () => {
    expect(statusPath(parsed(most))).toBe("/standardjob/9223372036854775807/status")
    expect(statusPath(parsed(least))).toBe("/standardjob/-9223372036854775808/status")
    expect(statusPath(parsed("graphql:a/b?c#d%2F é"))).toBe("/graphqlqueryjob/a%2Fb%3Fc%23d%252F%20%C3%A9")
  })
})
