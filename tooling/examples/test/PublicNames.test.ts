import { expect, it } from "vitest"
import { publicNames } from "../src/PublicNames.ts"

const names = publicNames()
const nameOf = ({ entryPoint, name }: (typeof names)[number]) => `${entryPoint} ${name}`

it("M2 every exported name has a docstring", () => {
  expect(names.length).toBeGreaterThan(50)
  expect(names.filter(({ docstring }) => docstring === "").map(nameOf)).toEqual([])
})

it("M2 every exported value and class has an example that is run", () => {
  const values = names.filter(({ isType }) => !isType)
  expect(values.length).toBeGreaterThan(30)
  expect(values.filter(({ examples }) => examples.length === 0).map(nameOf)).toEqual([])
})
