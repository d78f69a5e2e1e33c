import { beforeAll, describe, expect, it } from "vitest"
import { allExamples } from "../src/Documents.ts"
import { placeOf } from "../src/Example.ts"
import { run } from "../src/Run.ts"
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

describe.concurrent("examples run to their end", () => {
  it.each(examples.filter(({ noRun }) => noRun === null).map((example) => [placeOf(example), example] as const))(
    "%s",
    (_, example) => run(example)
  )
})
