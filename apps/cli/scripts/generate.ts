/**
 * Writes what is made from the tables of the command line: the version, and the marked tables of the README.
 *
 *     node --conditions=@ttd-jobs/source scripts/generate.ts [--check]
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs"
import pkg from "../package.json" with { type: "json" }
import { meanings } from "../src/exit/ExitCodeTable.ts"
import { commandNames, commands, type Flags, flagText, settings } from "../src/input/Commands.ts"
import { variables } from "../src/input/HelpText.ts"

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;")

const table = (head: readonly [string, string], rows: ReadonlyArray<readonly [left: string, right: string]>) =>
  [head, ["---", "---"], ...rows.map(([left, right]) => [left, cell(right)])]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n")

const flagTable = (flags: Flags) =>
  table(
    ["flag", "means"],
    Object.entries(flags).map(([name, { description, metavar, short }]) => [
      `${short === undefined ? "" : `\`-${short}\`, `}\`${[flagText(name), metavar].filter(Boolean).join(" ")}\``,
      description
    ])
  )

const ownFlags = (flags: Flags): Flags =>
  Object.fromEntries(Object.entries(flags).filter(([name]) => !Object.hasOwn(settings, name)))

const tables: Readonly<Record<string, string>> = {
  settings: flagTable(settings),
  variables: table(
    ["variable", "means"],
    variables.map(([names, text]) => [names.replace(/\w+/g, "`$&`"), text])
  ),
  "exit codes": table(["code", "means"], Object.entries(meanings)),
  ...Object.fromEntries(commandNames.map((name) => [`flags of ${name}`, flagTable(ownFlags(commands[name].flags))]))
}

/** Replaces what stands between `<!-- generated: NAME -->` and `<!-- end -->`. */
const withTables = (text: string) =>
  text.replace(
    /(<!-- generated: (.+?) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => {
      if (tables[name] === undefined) throw new Error(`README.md: there is no table ${name}`)
      return `${begin}\n${tables[name]}\n\n${end}`
    }
  )

const files: ReadonlyArray<readonly [path: string, text: (before: string) => string]> = [
  [
    "src/generated/version.ts",
    () =>
      `// Made from package.json by \`pnpm generate\`. Do not edit.\nexport const version = ${JSON.stringify(pkg.version)}\n`
  ],
  ["README.md", withTables]
]

for (const [path, text] of files) {
  const url = new URL(`../${path}`, import.meta.url)
  const before = readFileSync(url, "utf8")
  const after = text(before)
  if (!process.argv.includes("--check")) writeFileSync(url, after)
  else if (before !== after) {
    console.error(`${path} is stale: run pnpm generate`)
    process.exitCode = 1
  }
}
