#!/usr/bin/env node
/**
 * The program `ttd-jobs`. What can be answered at once is, without loading what only other commands need.
 *
 * @module
 */
import nodeModule from "node:module"
import { isAbsolute, join } from "node:path"
import { print } from "./exit/Print.ts"
import { version } from "./generated/version.ts"
import type { Invocation } from "./input/Invocation.ts"
import { isCommandName, parseQuickly } from "./input/QuickParser.ts"

const args = process.argv.slice(2)

/** The command whose help is plainly asked for; "" for the whole program's. */
const helpAsked = (): string | undefined => {
  const [first, second] = args[0] === "help" ? [args[1] ?? "--help", "--help"] : args
  if (args.length <= 2 && first !== undefined) {
    if (first === "--help" || first === "-h") return args.length === 1 ? "" : undefined
    if (isCommandName(first) && (second === "--help" || second === "-h")) return first
  }
  return undefined
}

/** Keeps what V8 compiled for the next start, in a directory of the user's own; where that cannot be written, nothing is lost. */
const keepCompiled = () => {
  const { HOME = "", XDG_CACHE_HOME = "" } = process.env
  // A relative path means nothing here, and is to be ignored (XDG Base Directory Specification).
  const cache = [XDG_CACHE_HOME, join(HOME, ".cache")].find(isAbsolute)
  if (cache !== undefined) nodeModule.enableCompileCache(join(cache, "ttd-jobs"))
}

/** What shows answers reads them twice, which the small `fetch` cannot. */
const isVerbose = ({ flags }: Invocation) => flags.has("verbose") || Boolean(process.env["WORKFLOWS_DEBUG"])

const help = helpAsked()
if (args.length === 1 && args[0] === "--version") print(`ttd-jobs ${version}\n`)
else if (help !== undefined) print((await import("./generated/help.ts")).help[help] ?? "")
else {
  keepCompiled()
  const invocation = parseQuickly(args)
  if (invocation?.command === "status" && !isVerbose(invocation))
    (await import("./client/QuickFetch.ts")).installQuickFetch()
  const { execute, understand } = await import("./Program.ts")
  if (invocation === undefined) await understand(args)
  else execute(invocation)
}
