import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { inject } from "vitest"

/** Pretends to be another version of Node before the program starts. */
const pretending = (version: string) => [
  "--import",
  `data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`
]

const runOn = (version: string) => {
  const [node = "", ...words] = inject("program")
  return spawnSync(node, [...pretending(version), ...words, "--version"], { encoding: "utf8" })
}

describe("the version of Node", () => {
  it.each(["14.21.3", "18.20.8", "20.20.2", "22.18.0"])("%s is refused with a sentence", (version) => {
    const { status, stderr, stdout } = runOn(version)
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" })
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(`^error: ttd-jobs needs Node.js 22.19 or later, and this is ${version} (.+)$`),
      "  Install a current Node.js from https://nodejs.org, or put it first on PATH.",
      ""
    ])
  })

  it.each(["22.19.0", "23.0.0", "24.0.0", "26.1.0"])("%s is accepted", (version) => {
    expect(runOn(version).stdout).toMatch(/^ttd-jobs \d/)
  })

  it("is checked by a file that Node 14 can parse and link", () => {
    const text = readFileSync(join(inject("packageFolder"), "dist/main.js"), "utf8")
    // Logical assignment, class fields that are private, static blocks, top-level await.
    expect(text).not.toMatch(/(?:\?\?|\|\||&&)=[^=]|[{;}]#\w|static\s*\{|(?:^|[;}])await[\s(]/)
    // A name that a module lacks fails before anything runs, and other files are not written with that care.
    const imports = [...text.matchAll(/(?:^|[;}\n])import([^;(]*?)from"([^"]+)"/g)].map(([, names, from]) => [
      names,
      from
    ])
    for (const [names = "", from] of imports) {
      expect(from).toMatch(/^node:(?:fs|path|util)$/)
      expect(names).not.toMatch(/parseArgs|styleText|stripVTControlCharacters/)
    }
    expect(imports.length).toBeGreaterThan(0)
  })
})
