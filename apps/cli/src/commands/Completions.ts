/**
 * `ttd-jobs completions`: what a shell needs to complete the command line.
 *
 * @module
 */
import { Effect } from "effect"
import { Completions } from "effect/cli"
import { Streams } from "../display/Streams.ts"
import { ttdJobs } from "../input/Commands.ts"
import type { Invocation } from "../input/Invocation.ts"

/** Prints the script of the shell that was asked for. */
export const run = Effect.fnUntraced(function* ({ operands }: Invocation) {
  const { stdout } = yield* Streams
  const shell = shells.find((name) => name === operands[0]) ?? "bash"
  const command = withPaths(Completions.fromCommand(ttdJobs))
  yield* stdout.write(mended(Completions.generate(ttdJobs.name, shell, command)))
  return 0 as const
})

const shells = ["bash", "zsh", "fish"] as const

/** The flags that name a file. To the parser they are text: it would look for the file itself. */
const pathFlags: ReadonlySet<string> = new Set(["output", "token-file"])

const withPaths = (command: Completions.CommandDescriptor): Completions.CommandDescriptor => ({
  ...command,
  flags: command.flags.map((flag) =>
    pathFlags.has(flag.name) ? { ...flag, type: { _tag: "Path", pathType: "either" } } : flag
  ),
  subcommands: command.subcommands.map(withPaths)
})

const mended = (script: string) =>
  script
    // Its head tells how to install it, with a flag that other programs have.
    .replaceAll("--completions", "completions")
    // zsh offers no flags beside an argument that has nothing to offer, but it does beside an empty list.
    .replaceAll(/^( +'\*?:.*:)'$/gm, "$1()'")
    // From its second call on, zsh runs what it has loaded as any other function.
    .replace('== "loadautofunc" ]]', "== (loadautofunc|shfunc) ]]")
