import { describe, expect, it } from "@effect/vitest"
import { graphQlJobStatuses, JobKind, JobPhase, standardJobStatuses } from "@ttd-jobs/core"
import {
  formatJobRef,
  isFailed,
  isJobKind,
  isTerminal,
  type JobKindTraits,
  type JobRefInput,
  jobKindNames,
  jobKinds,
  jobPhaseNames,
  parseJobRef,
  phaseOf,
  phases,
  statusPath
} from "@ttd-jobs/core/model"
import fc from "fast-check"

const traits: ReadonlyArray<JobKindTraits> = Object.values(jobKinds)

describe("jobKinds", () => {
  it("has one operation and one path for each kind, and names and aliases that are all different", () => {
    const names = [...jobKindNames, ...traits.flatMap(({ aliases }) => aliases)]
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(traits.map(({ operationId }) => operationId)).size).toBe(traits.length)
    expect(new Set(traits.map(({ path }) => path)).size).toBe(traits.length)
  })

  it("knows every successor as a kind", () => {
    expect(traits.flatMap(({ successor }) => successor ?? []).filter((name) => !isJobKind(name))).toEqual([])
  })

  it("has the statuses of the OpenAPI document, each of which has a phase", () => {
    expect(new Set<string>(jobKinds.standard.statuses)).toEqual(new Set(standardJobStatuses))
    expect(new Set<string>(jobKinds["graphql-query"].statuses)).toEqual(new Set(graphQlJobStatuses))
    expect(jobKinds["graphql-bulk"].statuses).toEqual(jobKinds["graphql-query"].statuses)
    expect(traits.flatMap(({ statuses }) => statuses).filter((status) => phaseOf(status) === "unknown")).toEqual([])
  })

  it("P20 keeps results of standard jobs for 24 hours, of GraphQL jobs for one", () => {
    expect(jobKindNames.map((kind) => jobKinds[kind].resultLifetime / 3_600_000)).toEqual([24, 1, 1])
  })

  it("is what the Effect schema of a kind accepts", () => {
    expect(JobKind.literals).toEqual(jobKindNames)
  })
})

describe("phases", () => {
  it("has one phase for each status, and every phase but `unknown` has a status", () => {
    const statuses = Object.values(phases).flatMap((phase): ReadonlyArray<string> => phase.statuses)
    expect(new Set(statuses).size).toBe(statuses.length)
    expect(jobPhaseNames.filter((phase) => phases[phase].statuses.length === 0)).toEqual(["unknown"])
  })

  it("P2 takes every other status for `unknown`, which is not terminal", () => {
    fc.assert(
      fc.property(fc.string(), (status) => {
        fc.pre(!traits.some(({ statuses }) => statuses.includes(status)))
        expect(phaseOf(status)).toBe("unknown")
      })
    )
    expect(isTerminal(phaseOf("constructor"))).toBe(false)
  })

  it("puts active phases before terminal ones, and failed ones among the terminal", () => {
    const ordered = jobPhaseNames.toSorted((one, other) => phases[one].order - phases[other].order)
    expect(ordered.map(isTerminal)).toEqual(ordered.map(isTerminal).toSorted())
    expect(new Set(Object.values(phases).map(({ order }) => order)).size).toBe(jobPhaseNames.length)
    expect(jobPhaseNames.filter(isFailed)).toEqual(["failed", "cancelled"])
    expect(jobPhaseNames.filter(isFailed).every(isTerminal)).toBe(true)
  })

  it("is what the Effect schema of a phase accepts", () => {
    expect(JobPhase.literals).toEqual(jobPhaseNames)
  })
})

describe("parseJobRef", () => {
  const any = fc.oneof(fc.string({ unit: "binary" }), fc.maxSafeInteger(), fc.double(), fc.bigInt(), fc.anything())

  it("never throws, and what it read it reads again, whatever it is given", () => {
    fc.assert(
      fc.property(any, (value) => {
        const input: JobRefInput = JSON.parse(JSON.stringify({ value: String(value) })).value
        const parsed = parseJobRef(input)
        if (parsed.ok) expect(parseJobRef(formatJobRef(parsed))).toEqual(parsed)
        else expect(parsed.input).toBe(String(input).slice(0, 200))
      })
    )
  })

  it("never throws for what plain JavaScript may pass", () => {
    const passed: ReadonlyArray<unknown> = [
      undefined,
      null,
      Symbol("id"),
      Object.create(null),
      { kind: Object.create(null), id: Object.create(null) },
      { kind: "standard", id: undefined },
      () => 1
    ]
    for (const value of passed) expect(Reflect.apply(parseJobRef, undefined, [value])).toMatchObject({ ok: false })
  })

  it("reads kind and id, aliases included", () => {
    fc.assert(
      fc.property(fc.constantFrom(...jobKindNames), fc.integer(), (kind, id) => {
        expect(parseJobRef({ kind, id })).toEqual({ ok: true, kind, id: String(id) })
        expect(parseJobRef(`${kind}:${id}`)).toEqual({ ok: true, kind, id: String(id) })
      })
    )
    expect(parseJobRef("graphql:x")).toEqual({ ok: true, kind: "graphql-query", id: "x" })
  })

  it.each([
    ["report 7", "no-kind"],
    ["job:1", "unknown-kind"],
    ["standard:1.5", "id-not-an-integer"],
    ["standard:9223372036854775808", "id-not-an-int64"],
    [2 ** 53, "unsafe-integer"],
    ["graphql:", "empty-id"],
    ["graphql:..", "id-changes-the-path"],
    ["graphql:\ud800", "malformed-id"]
  ])("says why %j is not a reference: %s", (input, reason) => {
    expect(parseJobRef(input)).toMatchObject({ ok: false, reason })
  })
})

describe("statusPath", () => {
  it("escapes the id", () => {
    expect(statusPath({ kind: "standard", id: "7" })).toBe("/standardjob/7/status")
    expect(statusPath({ kind: "graphql-bulk", id: "a/b?$&" })).toBe("/graphqlbulkjob/a%2Fb%3F%24%26")
  })
})
