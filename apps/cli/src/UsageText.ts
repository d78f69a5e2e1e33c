/**
 * What is wrong with a command line, for people.
 *
 * @module
 */
import type { CliError } from "effect/cli"
import { cleanLine } from "./CleanText.ts"

/** A mistake in one sentence, and what may have been meant. */
export const mistakeText = (error: CliError.NonShowHelpErrors): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return `unknown flag ${error.option}${meant(error.suggestions)}`
    case "UnknownSubcommand":
      return `unknown command ${error.subcommand}${meant(error.suggestions)}`
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

const meant = (suggestions: ReadonlyArray<string>) =>
  suggestions.length === 0 ? "" : `; did you mean ${suggestions.join(" or ")}?`

/** All mistakes, and where the help is. */
export const usageText = (
  errors: ReadonlyArray<CliError.NonShowHelpErrors>,
  commandPath: ReadonlyArray<string>
): string =>
  [
    ...errors.map((error) => `error: ${cleanLine(mistakeText(error))}`),
    `  See ${commandPath.join(" ")} --help`,
    ""
  ].join("\n")
