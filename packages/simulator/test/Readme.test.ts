import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { Fault, ResultScript } from "../src/index.ts"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")

/** The names in the first column of the README's tables, without parameters. */
const rows = Array.from(readme.matchAll(/^\| `(?:ResultScript\.)?"?(\w+)/gm), ([, name]) => name)

/** The fields of an interface, from its source. */
const fieldsOf = (module: string, name: string): ReadonlyArray<string> => {
  const source = readFileSync(new URL(`../src/${module}.ts`, import.meta.url), "utf8")
  const [, body = ""] = new RegExp(`interface ${name}[^{]* \\{\\n(.*?)\\n\\}`, "s").exec(source) ?? []
  return Array.from(body.matchAll(/^ {2}readonly (\w+)/gm), ([, field = ""]) => field)
}

describe("the README has a row for", () => {
  it.each([
    ["Simulator", "SimulatorOptions", 14],
    ["JobScript", "JobScript", 16],
    ["ResultScript", "ServingOptions", 11],
    ["ResultScript", "FileOptions", 2],
    ["Accounts", "AccountOptions", 2],
    ["FaultQueue", "FaultRule", 5],
    ["FaultQueue", "RandomFaults", 3],
    ["Recorder", "SimulatorReport", 8]
  ])("every field of %s.%s", (module, name, count) => {
    const fields = fieldsOf(module, name)
    expect(fields.length).toBe(count)
    expect(fields.filter((field) => !rows.includes(field))).toEqual([])
  })

  it("every fault, and every kind of result", () => {
    const helpers = ["common", "isJsonFault", "isFileFault", "isCallbackFault", "nameOf", "maxInlineBytes"]
    const names = [...Object.keys(Fault), ...Object.keys(ResultScript)].filter((name) => !helpers.includes(name))
    expect(names.length).toBeGreaterThan(50)
    expect(names.filter((name) => !rows.includes(name))).toEqual([])
  })
})
