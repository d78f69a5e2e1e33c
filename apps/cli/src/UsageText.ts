/**
 * What is wrong with a command line, for people.
 *
 * @module
 */
import type { CliError } from "effect/cli"
import { cleanLine } from "./CleanText.ts"
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
    case "InvalidValue":
      return error.value === ""
        ? `--${error.option} needs a value: ${error.expected}`
        : `${error.kind === "flag" ? "--" : ""}${error.option}: ${JSON.stringify(error.value)} is not what is expected: ${error.expected}`
    default:
      return error.message
  }
}

/** The parser does not think of the flags that every command has. */
const meant = ({ option, suggestions }: CliError.UnrecognizedOption) =>
  suggestions.length > 0 ? suggestions : nearest(option, ["--help", "--version"])

/** All mistakes, and where the help is. */
export const usageText = (
  errors: ReadonlyArray<CliError.NonShowHelpErrors>,
  commandPath: ReadonlyArray<string>
): string => {
  const early = commandPath.length > 1 ? undefined : errors.find((error) => error._tag === "UnrecognizedOption")
  const lines =
    early === undefined
      ? errors.map((error) => `error: ${cleanLine(mistakeText(error))}`)
      : // What follows a flag before the command may be taken for a command, which would be a second, misleading mistake.
        isSetting(early.option)
        ? [`error: ${early.option} stands before the command`, "  Write the command first, then its flags."]
        : [`error: ${cleanLine(mistakeText(early))}`]
  return [...lines, `  See ${commandPath.join(" ")} --help`].map((line) => `${line}\n`).join("")
}

const isSetting = (option: string) => Object.hasOwn(settings, option.replace(/^--/, ""))
