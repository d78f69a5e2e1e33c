import { beforeAll, describe, expect, it } from "vitest"
import { allExamples } from "../src/Documents.ts"
import { type Example, placeOf } from "../src/Example.ts"
import { endsAtOnce, run, runTogether } from "../src/Run.ts"
import { complaints, writePrograms } from "../src/Workbench.ts"

const examples = allExamples()
const programs = examples.filter(({ language }) => language === "typescript")

beforeAll(() => writePrograms(programs))

it("every example compiles with the house's settings", () => {
  expect(programs.length).toBeGreaterThan(30)
  expect(complaints(programs)).toEqual([])
})

it("every example that is not run says why", () => {
  expect(examples.filter(({ noRun }) => noRun === "").map(placeOf)).toEqual([])
})

const toRun = examples.filter(({ noRun }) => noRun === null)
const named = (some: ReadonlyArray<Example>) => some.map((example) => [placeOf(example), example] as const)

describe("examples that end at once", () => {
  const together = toRun.filter(endsAtOnce)
  let failures: ReadonlyMap<string, string>
  beforeAll(async () => {
    failures = await runTogether(together)
  })

  it.each(named(together))("%s", (place) => expect(failures.get(place)).toBeUndefined())
})

describe.concurrent("examples that take their time", () => {
  it.each(named(toRun.filter((example) => !endsAtOnce(example))))("%s", (_, example) => run(example))
})
