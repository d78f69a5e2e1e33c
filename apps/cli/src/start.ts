/**
 * Parses the command line, and runs it or prints what was asked for. Loads what only other command lines need later.
 *
 * @module
 */
import { isAbsolute, join } from "node:path"
import { capabilitiesOf } from "./display/Capabilities.ts"
import { print } from "./exit/Print.ts"
import { version } from "./generated/version.ts"
import type { CommandName } from "./input/Commands.ts"
import { helpText } from "./input/HelpText.ts"
import { parse } from "./input/Parser.ts"
import { cleanLine } from "./text/CleanText.ts"

/** Runs the program with the arguments of the process. */
export const start = (args: ReadonlyArray<string>): void => {
  const parsed = parse(args)
  switch (parsed._tag) {
    case "Version":
      print(`ttd-jobs ${version}\n`)
      break
    case "Help":
      print(help(parsed.command, args))
      break
    case "Mistake":
      // Who types the name alone wants to know what there is.
      refuse(
        args.length === 0 ? helpText(undefined, false) : `error: ${cleanLine(parsed.message)}\n  ${parsed.advice}\n`
      )
      break
    case "Run":
      keepCompiled()
      void import("./Program.ts").then(({ execute }) => execute(parsed.invocation))
  }
}

const help = (command: CommandName | undefined, args: ReadonlyArray<string>) => {
  const isTerminal = process.stdout.isTTY === true
  const circumstances = { isTerminal, noColor: args.includes("--no-color"), env: process.env }
  return helpText(command, capabilitiesOf(circumstances).hasColor)
}

const refuse = (text: string) => {
  // Without a listener a write error would end the process with another exit code.
  process.stderr.on("error", () => {})
  process.stderr.write(text)
  process.exitCode = 2
}

/** Keeps what V8 compiled for the next start, in the user's cache directory; where that cannot be written, nothing is lost. */
const keepCompiled = () => {
  const { HOME = "", XDG_CACHE_HOME = "" } = process.env
  // A relative path means nothing here, and is to be ignored (XDG Base Directory Specification).
  const cache = [XDG_CACHE_HOME, join(HOME, ".cache")].find(isAbsolute)
  // Not imported, because help and version need none of it.
  if (cache !== undefined) process.getBuiltinModule("node:module").enableCompileCache(join(cache, "ttd-jobs"))
}
