import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { withAssertions } from "../src/CommentAssertions.ts"
import { type Example, examplesIn } from "../src/Example.ts"
import { compilerErrors, packageFolder, writePrograms } from "../src/Programs.ts"
import { isSynchronous, run, runInOneProcess, scriptOf } from "../src/Run.ts"

const fence = "```"
const programsFolder = join(packageFolder, "runner-test")
const shared = join(packageFolder, "runner-test-shared")

const exampleOf = (code: string, language: Example["language"] = "shell"): Example => ({
  file: "README.md",
  line: 3,
  language,
  code,
  noRun: null
})

describe("finding examples", () => {
  it("reads line, language and the reason not to run in Markdown", () => {
    const page = [
      `${fence}ts`,
      "one",
      "",
      fence,
      `${fence}json`,
      "{}",
      fence,
      `${fence}sh no-run: sends requests`,
      "two",
      fence
    ]
    expect(examplesIn("README.md", page.join("\n"))).toEqual([
      { file: "README.md", line: 2, language: "typescript", code: "one\n", noRun: null },
      { file: "README.md", line: 9, language: "shell", code: "two", noRun: "sends requests" }
    ])
  })

  it("strips the stars of docstrings", () => {
    const source = ["/**", " * Text.", ` * ${fence}ts`, " * one", " *", " *   two", ` * ${fence}`, " */"]
    expect(examplesIn("One.ts", source.join("\n"))).toMatchObject([{ line: 4, code: "one\n\n  two" }])
  })

  it("fails on a block that is not closed", () => {
    expect(() => examplesIn("README.md", `${fence}ts\none`)).toThrow("README.md:1: the code block is not closed.")
  })
})

describe("comment assertions", () => {
  it.each([
    ['ref.kind // "standard"', 'assertEqual(ref.kind, "standard")'],
    ["  console.log(sum(1, 2)) // 3", "  assertEqual(sum(1, 2), 3)"],
    ["run(job) // { requests: 4 }", "assertEqual(run(job), { requests: 4 })"]
  ])("%s", (line, program) => expect(withAssertions(line)).toBe(program))

  it.each(["const one = 1 // 1", "call() // a word", "  .pipe(one) // 1", "call( // 1", "// one // 1"])(
    "not: %s",
    (line) => expect(withAssertions(line)).toBe(line)
  )
})

describe("blocks of commands", () => {
  it("skip the output of a console block", () => {
    expect(scriptOf(exampleOf("$ one\noutput\n$ two \\\n    three"))).toMatch(/^one\n.*\ntwo \\\n {4}three\n.*$/s)
  })

  it("must end with the exit code in their comment", async () => {
    await run(exampleOf("true\n(exit 3) # exit code 3"))
    await expect(run(exampleOf("true\n(exit 3)"))).rejects.toThrow("line 4: exit code 3 instead of 0")
    await expect(run(exampleOf("true # exit code 3"))).rejects.toThrow("line 3: exit code 0 instead of 3")
  })

  it("run the command from its sources against the simulator", async () => {
    await run(exampleOf("ttd-jobs status 412652 --json | grep -q succeeded"))
  })
})

describe("programs in one process", () => {
  it("fail separately", async () => {
    const right = { ...exampleOf("1 + 1 // 2", "typescript"), line: 2 }
    const wrong = { ...exampleOf("1 + 1 // 3", "typescript"), line: 3 }
    writePrograms([right, wrong], shared)
    const failures = await runInOneProcess([wrong, right], shared)
    expect([...failures.keys()]).toEqual(["README.md:3"])
    expect(failures.get("README.md:3")).toContain("2 !== 3")
  })

  it("are those without await that are not tests", () => {
    expect(isSynchronous(exampleOf("one()", "typescript"))).toBe(true)
    for (const code of ["await one()", 'import { it } from "vitest"']) {
      expect(isSynchronous(exampleOf(code, "typescript"))).toBe(false)
    }
    expect(isSynchronous(exampleOf("true"))).toBe(false)
  })
})

describe("compiler errors", () => {
  it("name file and line of the document", () => {
    const wrong = exampleOf("const one: string = 1", "typescript")
    writePrograms([wrong], programsFolder)
    expect(compilerErrors([wrong], programsFolder)).toEqual([
      "README.md:3: error TS2322: Type 'number' is not assignable to type 'string'."
    ])
  })
})
