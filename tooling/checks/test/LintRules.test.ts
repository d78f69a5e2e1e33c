import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { files, root } from "../src/results.ts"

const place = mkdtempSync(join(tmpdir(), "lint-rules-"))
afterAll(() => rmSync(place, { recursive: true }))

// The repository's linter settings, applied to small trees in which a file breaks one rule.
const settings = readFileSync(join(root, "biome.jsonc"), "utf8").replace('"enabled": true', '"enabled": false')

/** The rules that files with these texts, at these paths, break. */
const brokenRules = (sources: Readonly<Record<string, string>>): ReadonlyArray<string> => {
  const tree = mkdtempSync(join(place, "case-"))
  cpSync(join(root, "package.json"), join(tree, "package.json"))
  writeFileSync(join(tree, "biome.jsonc"), settings)
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  const { stdout } = spawnSync("biome", ["lint", "--reporter=json", "."], { cwd: tree, encoding: "utf8" })
  const report: { readonly diagnostics: ReadonlyArray<{ readonly category: string; readonly severity: string }> } =
    JSON.parse(stdout)
  return report.diagnostics.filter(({ severity }) => severity === "error").map(({ category }) => category)
}

describe("M1 the build fails on", () => {
  it("a file above 400 lines, generated ones excepted", () => {
    const long = Array.from({ length: 401 }, (_, index) => `export const line${index} = ${index}`).join("\n")
    expect(brokenRules({ "packages/core/src/Long.ts": long })).toEqual(["lint/style/noExcessiveLinesPerFile"])
    expect(brokenRules({ "packages/core/src/generated/long.ts": long })).toEqual([])
  })

  it("a circular import", () => {
    const rules = brokenRules({
      "packages/core/src/One.ts": 'import { other } from "./Other.ts"\nexport const one = () => other\n',
      "packages/core/src/Other.ts": 'import { one } from "./One.ts"\nexport const other = () => one\n'
    })
    expect(new Set(rules)).toEqual(new Set(["lint/suspicious/noImportCycles"]))
  })

  it("a circular import of types", () => {
    const rules = brokenRules({
      "apps/cli/src/One.ts": 'import type { Other } from "./Other.ts"\nexport type One = Other | 1\n',
      "apps/cli/src/Other.ts": 'import type { One } from "./One.ts"\nexport type Other = One | 2\n'
    })
    expect(new Set(rules)).toEqual(new Set(["lint/suspicious/noImportCycles"]))
  })

  it.each([
    ["model/Other.ts", 'import "effect/Schema"'],
    ["model/Other.ts", 'import type { Wire } from "../generated/job-status.ts"'],
    ["model/Other.ts", 'import "../text/index.ts"'],
    ["text/Other.ts", 'import "effect/Duration"'],
    ["text/Other.ts", 'import type { TtdJobsError } from "../errors/Errors.ts"']
  ])("an import of the model, or of the texts: %s with %s", (path, source) => {
    const text = `${source}\nexport type Imported = ${/\{ (\w+) \}/.exec(source)?.[1] ?? "unknown"}\n`
    expect(brokenRules({ [`packages/core/src/${path}`]: text })).toEqual(["lint/style/noRestrictedImports"])
  })

  it.each([
    ["core", 'import "node:fs"', "lint/correctness/noNodejsModules"],
    ["core", 'import "fs"', "lint/correctness/noNodejsModules"],
    ["core", 'import "@effect/platform-node"', "lint/style/noRestrictedImports"],
    ["core", 'import "@ttd-jobs/simulator"', "lint/style/noRestrictedImports"],
    ["core", 'import "../../simulator/src/index.ts"', "lint/style/noRestrictedImports"],
    ["core", 'import "../../../apps/cli/src/main.ts"', "lint/style/noRestrictedImports"],
    ["simulator", 'import "@ttd-jobs/cli"', "lint/style/noRestrictedImports"],
    ["simulator", 'import "@ttd-jobs/core/node"', "lint/style/noRestrictedImports"],
    ["simulator", 'import "../../../apps/cli/src/main.ts"', "lint/style/noRestrictedImports"]
  ])("an import against the design: %s with %s", (name, source, rule) => {
    expect(brokenRules({ [`packages/${name}/src/Import.ts`]: `${source}\n` })).toEqual([rule])
  })

  it("allows the imports of the design", () => {
    expect(brokenRules({ "packages/core/src/node/Files.ts": 'import "node:fs"\n' })).toEqual([])
    expect(brokenRules({ "packages/simulator/src/Files.ts": 'import "node:fs"\nimport "@ttd-jobs/core"\n' })).toEqual(
      []
    )
  })

  it("a lint suppression without a reason", () => {
    const suppressed = "// biome-ignore lint/suspicious/noExplicitAny\nexport const all: any = 1\n"
    expect(brokenRules({ "packages/core/src/Suppressed.ts": suppressed })).toContain("lint/suspicious/noExplicitAny")
  })

  it("a suppression of a compiler or Effect diagnostic without a reason", () => {
    const suppression =
      /@ts-(?:ignore|nocheck)|@ts-expect-error\s*$|@effect-diagnostics(?:-next-line)?\s+\S+\s*(?:\*\/)?$/m
    const found = files("*.ts").filter((file) => suppression.test(readFileSync(join(root, file), "utf8")))
    expect(found.filter((file) => !file.endsWith("LintRules.test.ts"))).toEqual([])
  })
})
