import { describe, expect, it } from "vitest"
import { promisesOf, proofsOf } from "../src/promises.ts"

const result = (title: string, status = "passed") => ({ file: "packages/core/test/Some.test.ts", title, status })

describe("M4 the list of promises and their tests", () => {
  it("reads every promise of the document", () => {
    expect([...promisesOf("# Promises\n\n- **P1** One.\n  More of it.\n- **D11** Two.\n- not a promise\n")]).toEqual([
      ["P1", "One."],
      ["D11", "Two."]
    ])
  })

  it("counts passed tests whose title has the id", () => {
    const named = [result("P1 a wait"), result("waiting P1 P2: a wait"), result("P1, P2 a wait")]
    expect(proofsOf("P1", named)).toEqual(named)
  })

  it("ignores failed tests and other ids", () => {
    expect(proofsOf("P1", [result("P1 a wait", "failed"), result("P11 a wait"), result("a wait about P1")])).toEqual([])
  })
})
