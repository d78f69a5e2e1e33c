/**
 * What is wrong with a command line, for people.
 *
 * @module
 */
import type { CliError } from "effect/cli"
import { cleanLine } from "../text/CleanText.ts"
import { settings } from "./Commands.ts"
import { didYouMean, nearest } from "./DidYouMean.ts"

/** A mistake in one sentence, and what may have been meant. */
export const mistakeText = (error: CliError.NonShowHelpErrors): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return `unknown flag ${error.option}${didYouMean(meant(error))}`
    case "UnknownSubcommand":
      return `unknown command ${error.subcommand}${didYouMean(error.suggestions)}`
    case "MissingArgument":
      return `<${error.argument}> is missing`
    case "UnexpectedArgument":
      return `there is no use for ${error.arguments.map((argument) => JSON.stringify(argument)).join(" and ")}`
    case "InvalidValue":
      return error.value === ""
        ? `--${error.option} needs a value: ${error.expected}`
        : `${error.kind === "flag" ? "--" : ""}${error.option}: ${JSON.stringify(error.value)} is none of ${choicesIn(error.expected)}`
    default:
      return error.message
  }
}

/** The parser's `"a" | "b"` and `Expected a, b`, as `a, b`. */
const choicesIn = (expected: string) =>
  expected
    .replace(/^Expected /, "")
    .replaceAll('"', "")
    .replaceAll(" | ", ", ")

/** The parser does not think of the flags that every command has. */
const meant = ({ option, suggestions }: CliError.UnrecognizedOption) =>
  suggestions.length > 0 ? suggestions : nearest(option, ["--help", "--version"])

/** What is wrong, and where the help is. */
export const usageText = (
  errors: ReadonlyArray<CliError.NonShowHelpErrors>,
  commandPath: ReadonlyArray<string>
): string =>
  [...mistakeLines(errors, commandPath.length === 1), `  See ${commandPath.join(" ")} --help`]
    .map((line) => `${line}\n`)
    .join("")

const mistakeLines = (errors: ReadonlyArray<CliError.NonShowHelpErrors>, isBeforeCommand: boolean) => {
  const early = isBeforeCommand ? errors.find((error) => error._tag === "UnrecognizedOption") : undefined
  if (early !== undefined && isSetting(early.option)) {
    return [`error: ${early.option} stands before the command`, "  Write the command first, then its flags."]
  }
  // What follows an unknown flag may be taken for a command, and what stands in a value's place for a flag: misleading mistakes both.
  const cause = early ?? errors.find((error) => error._tag === "InvalidValue" && error.value === "")
  return (cause === undefined ? errors : [cause]).map((error) => `error: ${cleanLine(mistakeText(error))}`)
}

const isSetting = (option: string) => Object.hasOwn(settings, option.replace(/^--/, ""))
