/**
 * Makes what starts faster from the definition of the command line: the quick parser's table and the help texts.
 *
 *     node --conditions=@ttd-jobs/source scripts/generate.ts [--check]
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs"
import { Effect } from "effect"
import { Completions } from "effect/cli"
import pkg from "../package.json" with { type: "json" }
import { ttdJobs } from "../src/input/Commands.ts"
import { parseFully } from "../src/input/FullParser.ts"
import type { CommandTable } from "../src/input/QuickParser.ts"

const head = "// Made from src/input/Commands.ts by `pnpm generate`. Do not edit.\n"

const { subcommands } = Completions.fromCommand(ttdJobs)

const takes = ({ type }: Completions.FlagDescriptor) =>
  type._tag === "Boolean" ? null : type._tag === "Choice" ? type.values : "text"

const tableOf = (command: Completions.CommandDescriptor): CommandTable => ({
  operands: [
    command.arguments.filter(({ required }) => required).length,
    command.arguments.some(({ variadic }) => variadic) ? null : command.arguments.length
  ],
  words: command.arguments.flatMap(({ type }) => (type._tag === "Choice" ? type.values : [])),
  flags: Object.fromEntries(command.flags.map((flag) => [flag.name, takes(flag)])),
  aliases: Object.fromEntries(command.flags.flatMap(({ aliases, name }) => aliases.map((alias) => [alias, name])))
})

const helpOf = (path: ReadonlyArray<string>) => {
  const understanding = Effect.runSync(parseFully([...path, "--help"]))
  if (understanding._tag !== "Answer") throw new Error(`no help for ${path.join(" ")}`)
  return understanding.text
}

const tables = Object.fromEntries(subcommands.map((command) => [command.name, tableOf(command)]))
const helps = Object.fromEntries(
  ["", ...subcommands.map(({ name }) => name)].map((name) => [name, helpOf(name === "" ? [] : [name])])
)

const files = {
  "version.ts": `${head}export const version = ${JSON.stringify(pkg.version)}\n`,
  "commands.ts": `${head}export const commands = ${JSON.stringify(tables, null, 2)} as const\n`,
  "help.ts": `${head}export const help: Readonly<Record<string, string>> = ${JSON.stringify(helps, null, 2)}\n`
}

for (const [name, text] of Object.entries(files)) {
  const url = new URL(`../src/generated/${name}`, import.meta.url)
  if (!process.argv.includes("--check")) writeFileSync(url, text)
  else if (readFileSync(url, "utf8") !== text) {
    console.error(`src/generated/${name} is stale: run pnpm generate`)
    process.exitCode = 1
  }
}
