/**
 * `ttd-jobs completions`: a script that completes the command line in a shell.
 *
 * @module
 */
import { Effect } from "effect"
import { bashCompletion } from "../completions/BashCompletion.ts"
import { fishCompletion } from "../completions/FishCompletion.ts"
import { zshCompletion } from "../completions/ZshCompletion.ts"
import { Streams } from "../display/Streams.ts"
import type { Invocation } from "../input/Commands.ts"

/** Prints the script of a shell. */
export const run = Effect.fnUntraced(function* ({ operands: [shell] }: Invocation<"completions">) {
  const { stdout } = yield* Streams
  yield* stdout.write(shell === "zsh" ? zshCompletion() : shell === "fish" ? fishCompletion() : bashCompletion())
  return 0 as const
})
