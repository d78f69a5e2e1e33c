import { describe, expect, it } from "@effect/vitest"
import {
  isTerminal,
  JobPhase,
  JobSnapshot,
  JobStatus,
  type JobStatusOptions,
  type ResultLifetimeOption
} from "@ttd-jobs/core"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"

const json = {
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
} as const

/** The snapshot that a client makes of a standard job's fields. */
const snapshotOf = (fields: Record<string, unknown>, options: JobStatusOptions = {}) => {
  const body = { id: 1, createdAtUtc: "2026-11-23T20:49:00", status: "Success", ...fields }
  const fetch = () => Promise.resolve(Response.json(body))
  return JobStatus.use((jobs) => jobs.get(1)).pipe(
    Effect.provide(JobStatus.layer({ server: "http://localhost", fetch, ...options }))
  )
}

const utf8 = new TextEncoder()

describe("JobSnapshot", () => {
  it("is the public object in JSON, field by field", () => {
    const snapshot = JobSnapshot.fromJson(json)
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(json)
    expect(Object.keys(JobSnapshot.toJson(snapshot))).toEqual(Object.keys(json))
  })

  it("comes back from JSON as it was, whatever it holds", () => {
    const dates = fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString())
    const any = fc.record({
      ref: fc.string(),
      kind: fc.constantFrom("standard", "graphql-query", "graphql-bulk"),
      id: fc.string(),
      phase: fc.constantFrom(...JobPhase.literals),
      status: fc.string(),
      completionPercentage: fc.option(fc.integer({ min: 0, max: 100 })),
      createdAt: dates,
      completedAt: fc.option(dates),
      expiresAt: fc.option(dates),
      result: fc.option(
        fc.oneof(
          fc.record({ inline: fc.constant(true), bytes: fc.nat() }),
          fc.record({ inline: fc.constant(false), url: fc.string() })
        )
      ),
      errors: fc.array(fc.string())
    })
    fc.assert(
      fc.property(any, (value) => {
        expect(JSON.parse(JSON.stringify(JobSnapshot.fromJson(value)))).toEqual(value)
      })
    )
  })

  it.each([{}, null, { ...json, phase: "done" }, { ...json, createdAt: "soon" }, { ...json, errors: null }])(
    "is not read from %j",
    (value) => {
      expect(() => JobSnapshot.fromJson(value)).toThrow()
    }
  )

  it("has ended in five phases, and in no other", () => {
    expect(JobPhase.literals.filter(isTerminal)).toEqual([
      "succeeded",
      "partially-succeeded",
      "failed",
      "cancelled",
      "expired"
    ])
    expect(JobSnapshot.fromJson(json).isTerminal).toBe(false)
    expect(JobSnapshot.fromJson({ ...json, phase: "failed" }).isTerminal).toBe(true)
  })

  it("knows the size of an inline result in bytes, lone surrogates included", () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary" }),
        fc.constantFrom("", "\ud800", "\udc00", "\ud83d\ude00"),
        async (text, end) => {
          const rawResult = text + end
          const { result } = await Effect.runPromise(snapshotOf({ rawResult }))
          expect(result).toEqual({ inline: true, bytes: utf8.encode(rawResult).byteLength })
        }
      )
    ))

  it.effect("prefers the inline result to the link, and a link to an empty text", () =>
    Effect.gen(function* () {
      const url = "https://files.example/1?sig=x"
      expect((yield* snapshotOf({ rawResult: "a", url })).result).toEqual({ inline: true, bytes: 1 })
      expect((yield* snapshotOf({ rawResult: "", url })).result).toEqual({ inline: false, url })
      expect((yield* snapshotOf({ rawResult: "", url: "" })).result).toEqual({ inline: true, bytes: 0 })
    })
  )

  it.effect("counts the day that results are kept from the job's end, or from its beginning when no end is told", () =>
    Effect.gen(function* () {
      const expiresAt = (fields: Record<string, unknown>) =>
        Effect.map(snapshotOf(fields), (snapshot) => JobSnapshot.toJson(snapshot).expiresAt)
      expect(yield* expiresAt({ completedAtUtc: "2026-11-23T22:00:00" })).toBe("2026-11-24T22:00:00.000Z")
      expect(yield* expiresAt({})).toBe("2026-11-24T20:49:00.000Z")
      expect(yield* expiresAt({ status: "InProgress" })).toBeNull()
    })
  )

  it.effect("takes .NET's 0001-01-01 for no date", () =>
    Effect.gen(function* () {
      const none = "0001-01-01T00:00:00"
      const toJson = (fields: Record<string, unknown>) => Effect.map(snapshotOf(fields), JobSnapshot.toJson)
      expect(yield* toJson({ completedAtUtc: none })).toMatchObject({
        completedAt: null,
        expiresAt: "2026-11-24T20:49:00.000Z"
      })
      const completedAt = "2026-11-23T22:00:00.000Z"
      expect(yield* toJson({ createdAtUtc: none, completedAtUtc: completedAt })).toMatchObject({
        createdAt: completedAt,
        completedAt
      })
      yield* TestClock.setTime(Date.parse(completedAt))
      expect(yield* toJson({ createdAtUtc: `${none}Z`, status: "InProgress" })).toMatchObject({
        phase: "running",
        createdAt: completedAt
      })
    })
  )

  it.effect("P20 counts the lifetime of results by the kind of job, which is a setting", () =>
    Effect.gen(function* () {
      const completedAtUtc = "2026-11-23T22:00:00"
      const expiresAt = (resultLifetime: ResultLifetimeOption) =>
        Effect.map(snapshotOf({ completedAtUtc }, { resultLifetime }), (job) => JobSnapshot.toJson(job).expiresAt)
      expect(yield* expiresAt("2 hours")).toBe("2026-11-24T00:00:00.000Z")
      expect(yield* expiresAt({ standard: "30 minutes" })).toBe("2026-11-23T22:30:00.000Z")
      expect(yield* expiresAt({ "graphql-bulk": "30 minutes" })).toBe("2026-11-24T22:00:00.000Z")
      expect(yield* expiresAt({})).toBe("2026-11-24T22:00:00.000Z")
      expect(yield* Effect.flip(expiresAt({ standard: 0 }))).toMatchObject({
        _tag: "InvalidSettingError",
        setting: "resultLifetime.standard"
      })
    })
  )

  it("is told apart by its schema", () => {
    expect(Schema.is(JobSnapshot)(JobSnapshot.fromJson(json))).toBe(true)
    expect(Schema.is(JobSnapshot)(json)).toBe(false)
  })
})
