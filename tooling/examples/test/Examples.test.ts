import { beforeAll, describe, expect, it } from "vitest"
import { allExamples } from "../src/Documents.ts"
import { type Example, placeOf } from "../src/Example.ts"
import { compilerErrors, writePrograms } from "../src/Programs.ts"
import { isSynchronous, run, runInOneProcess } from "../src/Run.ts"

const examples = allExamples()
const programs = examples.filter(({ language }) => language === "typescript")

beforeAll(() => writePrograms(programs))

it("every example compiles", () => {
  expect(programs.length).toBeGreaterThan(30)
  expect(compilerErrors(programs)).toEqual([])
})

it("every example that is not run says why", () => {
  expect(examples.filter(({ noRun }) => noRun === "").map(placeOf)).toEqual([])
})

const toRun = examples.filter(({ noRun }) => noRun === null)
const named = (some: ReadonlyArray<Example>) => some.map((example) => [placeOf(example), example] as const)

describe("synchronous examples", () => {
  const together = toRun.filter(isSynchronous)
  let failures: ReadonlyMap<string, string>
  beforeAll(async () => {
    failures = await runInOneProcess(together)
  })

  it.each(named(together))("%s", (place) => expect(failures.get(place)).toBeUndefined())
})

describe.concurrent("asynchronous examples", () => {
  it.each(named(toRun.filter((example) => !isSynchronous(example))))("%s", (_, example) => run(example))
})
