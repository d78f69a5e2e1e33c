import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { withClaims } from "../src/Claims.ts"
import { type Example, examplesIn } from "../src/Example.ts"
import { endsAtOnce, run, runTogether, scriptOf } from "../src/Run.ts"
import { complaints, workshop, writePrograms } from "../src/Workbench.ts"

const fence = "```"
const workbench = join(workshop, "engine")
const together = join(workshop, "together")

const exampleOf = (code: string, language: Example["language"] = "shell"): Example => ({
  file: "README.md",
  line: 3,
  language,
  code,
  noRun: null
})

describe("examples are found", () => {
  it("in pages, with their lines, languages and reasons not to run", () => {
    const page = [
      `${fence}ts`,
      "one",
      "",
      fence,
      `${fence}json`,
      "{}",
      fence,
      `${fence}sh no-run: it asks`,
      "two",
      fence
    ]
    expect(examplesIn("README.md", page.join("\n"))).toEqual([
      { file: "README.md", line: 2, language: "typescript", code: "one\n", noRun: null },
      { file: "README.md", line: 9, language: "shell", code: "two", noRun: "it asks" }
    ])
  })

  it("in docstrings, without their stars", () => {
    const source = ["/**", " * Text.", ` * ${fence}ts`, " * one", " *", " *   two", ` * ${fence}`, " */"]
    expect(examplesIn("One.ts", source.join("\n"))).toMatchObject([{ line: 4, code: "one\n\n  two" }])
  })

  it("only where their blocks end", () => {
    expect(() => examplesIn("README.md", `${fence}ts\none`)).toThrow("README.md:1: the block has no end.")
  })
})

describe("claims are held to", () => {
  it.each([
    ['ref.kind // "standard"', 'claim(ref.kind, "standard")'],
    ["  console.log(sum(1, 2)) // 3", "  claim(sum(1, 2), 3)"],
    ["run(job) // { requests: 4 }", "claim(run(job), { requests: 4 })"]
  ])("%s", (line, program) => expect(withClaims(line)).toBe(program))

  it.each(["const one = 1 // 1", "call() // a word", "  .pipe(one) // 1", "call( // 1", "// one // 1"])(
    "%s is none",
    (line) => expect(withClaims(line)).toBe(line)
  )
})

describe("blocks of commands", () => {
  it("are run without what a console answered", () => {
    expect(scriptOf(exampleOf("$ one\nanswer\n$ two \\\n    three"))).toMatch(/^one\n.*\ntwo \\\n {4}three\n.*$/s)
  })

  it("end as they say they do", async () => {
    await run(exampleOf("true\n(exit 3) # exit code 3"))
    await expect(run(exampleOf("true\n(exit 3)"))).rejects.toThrow("line 4: exit code 3 instead of 0")
    await expect(run(exampleOf("true # exit code 3"))).rejects.toThrow("line 3: exit code 0 instead of 3")
  })

  it("ask the simulator with the command from its sources", async () => {
    await run(exampleOf("ttd-jobs status 412652 --json | grep -q succeeded"))
  })
})

describe("programs that share a process", () => {
  it("fail each for itself", async () => {
    const right = { ...exampleOf("1 + 1 // 2", "typescript"), line: 2 }
    const wrong = { ...exampleOf("1 + 1 // 3", "typescript"), line: 3 }
    writePrograms([right, wrong], together)
    const failures = await runTogether([wrong, right], together)
    expect([...failures.keys()]).toEqual(["README.md:3"])
    expect(failures.get("README.md:3")).toContain("2 !== 3")
  })

  it("await nothing, and are no tests", () => {
    expect(endsAtOnce(exampleOf("one()", "typescript"))).toBe(true)
    for (const code of ["await one()", 'import { it } from "vitest"']) {
      expect(endsAtOnce(exampleOf(code, "typescript"))).toBe(false)
    }
    expect(endsAtOnce(exampleOf("true"))).toBe(false)
  })
})

describe("what is wrong with a program", () => {
  it("is told with the line of the page", () => {
    const wrong = exampleOf("const one: string = 1", "typescript")
    writePrograms([wrong], workbench)
    expect(complaints([wrong], workbench)).toEqual([
      "README.md:3: error TS2322: Type 'number' is not assignable to type 'string'."
    ])
  })
})
