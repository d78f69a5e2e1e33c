/**
 * The help: first examples, then the rest.
 *
 * @module
 */
import { Option } from "effect"
import type { HelpDoc } from "effect/cli"
import { displayWidth } from "effect/cli/CliOutput"
import { meanings } from "../exit/ExitCode.ts"
import { pad } from "../text/Text.ts"
import { settings } from "./Commands.ts"

/** The help of a command, at most 80 columns wide. */
export const helpText = (doc: HelpDoc.HelpDoc): string =>
  [
    doc.description,
    section(
      "EXAMPLES",
      (doc.examples ?? []).map(({ command, description }) => `  # ${description ?? ""}\n  ${command}`).join("\n\n")
    ),
    section("USAGE", `  ${doc.usage.replace("<subcommand>", "<command>")}`),
    section(
      "COMMANDS",
      rows((doc.subcommands ?? []).flatMap(({ commands }) => commands.map((sub) => [sub.name, sub.description])))
    ),
    section(
      "ARGUMENTS",
      rows((doc.args ?? []).map((arg) => [arg.name + (arg.variadic ? "..." : ""), textOf(arg.description)]))
    ),
    doc.subcommands === undefined ? "" : "Each command tells its flags and settings with --help.",
    section("FLAGS", flagRows(doc.flags.filter((flag) => !isSetting(flag)))),
    section("SETTINGS", flagRows(doc.flags.filter(isSetting))),
    section("HELP", flagRows(doc.globalFlags ?? [])),
    doc.subcommands === undefined ? "" : section("EXIT CODES", rows(Object.entries(meanings)))
  ]
    .filter((text) => text !== "")
    .join("\n\n")

const isSetting = ({ name }: HelpDoc.FlagDoc) => Object.hasOwn(settings, name)

const section = (title: string, body: string) => (body === "" ? "" : `${title}\n${body}`)

const flagRows = (flags: ReadonlyArray<HelpDoc.FlagDoc>) =>
  rows(
    flags.map(({ aliases, description, name, type }) => [
      `${aliases.length === 0 ? "    " : `${aliases.join(", ")}, `}--${name}${type === "boolean" ? "" : ` ${type}`}`,
      // The words of a choice are in the description already.
      textOf(description)
    ])
  )

const textOf = (text: Option.Option<string>) => Option.getOrElse(text, () => "")

const rows = (entries: ReadonlyArray<readonly [left: string, right: string]>): string => {
  const width = Math.max(0, ...entries.map(([left]) => displayWidth(left)))
  return entries
    .map(([left, right]) =>
      `  ${pad(left, width)}   ${wrap(right, 75 - width).join(`\n${" ".repeat(width + 5)}`)}`.trimEnd()
    )
    .join("\n")
}

const wrap = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = [""]
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? ""
    if (line !== "" && displayWidth(`${line} ${word}`) > width) lines.push(word)
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`
  }
  return lines
}
