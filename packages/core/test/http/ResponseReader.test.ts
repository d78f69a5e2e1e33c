import { describe, expect, it } from "@effect/vitest"
import { GraphQlJobRetrievalResponse, StandardJobStatusResponse } from "@ttd-jobs/core"
import { DateTime, Option, Result, Schema } from "effect"
import fc from "fast-check"
import { readGraphQl, readStandard } from "../../src/http/ResponseReader.ts"

const nullish = <A>(value: fc.Arbitrary<A>) => fc.option(fc.option(value), { nil: undefined })
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const id = fc.oneof(fc.maxSafeInteger(), int64.map(String))
const date = fc
  .date({ min: new Date("1900-01-01T00:00:00Z"), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true })
  .chain((date) =>
    fc.constantFrom(
      date.toISOString(),
      date.toISOString().replace("Z", "4567Z"),
      date.toISOString().replace("Z", ""),
      date.toISOString().replace(/\.\d+Z/, "+02:00")
    )
  )

const job = {
  id,
  status: fc.string(),
  completionPercentage: nullish(fc.double({ noNaN: true, noDefaultInfinity: true })),
  url: nullish(fc.string()),
  rawResult: nullish(fc.string())
}

const standard = fc.record({
  ...job,
  createdAtUtc: date,
  completedAtUtc: nullish(date),
  errors: nullish(fc.string())
})

const graphQl = fc.record({
  job: nullish(
    fc.record({
      ...job,
      createdAt: date,
      completedAt: nullish(date),
      runtimeErrors: nullish(fc.array(fc.string())),
      queryGqlErrors: nullish(fc.array(fc.string()))
    })
  ),
  errors: nullish(fc.string())
})

/** Both readers' values in one form: absent is null, dates are ISO texts, ids canonical. */
const normal = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, inner) => (name === "id" ? String(BigInt(inner)) : (inner ?? null))),
    (_, inner) =>
      inner !== null && typeof inner === "object" && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).filter(([, field]) => field !== null))
        : inner
  )

describe("the readers of responses", () => {
  it("agree with the schemas on everything that the contract allows", () => {
    const decodeStandard = Schema.decodeUnknownOption(StandardJobStatusResponse)
    const decodeGraphQl = Schema.decodeUnknownOption(GraphQlJobRetrievalResponse)
    fc.assert(
      fc.property(standard, (body) => {
        expect(normal(Result.getOrThrow(readStandard(body, 0)))).toEqual(
          normal(Option.getOrThrow(decodeStandard(body)))
        )
      })
    )
    fc.assert(
      fc.property(graphQl, (body) => {
        expect(normal(Result.getOrThrow(readGraphQl(body, 0)))).toEqual(normal(Option.getOrThrow(decodeGraphQl(body))))
      })
    )
  })

  it("P19 never throw, and never lose a status to an optional field", () => {
    const anything = fc.anything()
    fc.assert(
      fc.property(
        fc.record({
          completedAtUtc: anything,
          completionPercentage: anything,
          url: anything,
          rawResult: anything,
          errors: anything
        }),
        (optional) => {
          const body = { ...optional, id: 7, createdAtUtc: "2026-11-23T20:49:00Z", status: "Success" }
          expect(Result.getOrThrow(readStandard(body, 0))).toMatchObject({ id: "7", status: "Success" })
        }
      )
    )
    fc.assert(fc.property(anything, (body) => void [readStandard(body, 0), readGraphQl(body, 0)]))
  })

  it.each([
    ["2026-11-23T20:49:00.1234567Z", "2026-11-23T20:49:00.123Z"],
    ["2026-11-23 20:49:00", "2026-11-23T20:49:00.000Z"],
    ["2026-11-23t20:49:00z", "2026-11-23T20:49:00.000Z"],
    ["2026-11-23T20:49Z", "2026-11-23T20:49:00.000Z"],
    ["2026-11-23T22:49:00+0200", "2026-11-23T20:49:00.000Z"],
    ["2026-11-23T22:49:00+02", "2026-11-23T20:49:00.000Z"],
    ["2026-11-23T22:49:00.5 +02:00", "2026-11-23T20:49:00.500Z"]
  ])("read %s as %s", (text, iso) => {
    const { createdAtUtc } = Result.getOrThrow(readStandard({ id: 1, createdAtUtc: text, status: "" }, 0))
    expect(DateTime.formatIso(createdAtUtc)).toBe(iso)
  })

  it.each([
    [{ id: "x" }, 'id: expected an int64, got "x"'],
    [{ id: "9223372036854775808" }, 'id: expected an int64, got "9223372036854775808"'],
    [{ id: 1, createdAtUtc: "soon" }, 'createdAtUtc: expected a date and time, got "soon"'],
    [
      { id: 1, createdAtUtc: "2026-02-31T25:00:00Z" },
      'createdAtUtc: expected a date and time, got "2026-02-31T25:00:00Z"'
    ],
    [{ id: 1, createdAtUtc: "2026-11-23T20:49:00Z" }, "status: expected a text, got nothing"]
  ])("name the field, and what it holds: %j", (body, issue) => {
    expect(readStandard(body, 0)).toMatchObject(Result.fail(issue))
  })
})
