/**
 * Being broken off: the terminal as it was, and how to come back.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
import { Streams } from "../display/Streams.ts"

/** Releases everything first, then tells how to come back, when the effect is interrupted; `comfort` says what is not lost. */
export const withResumeHint =
  (comfort: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, Exclude<R, Scope.Scope> | Streams> =>
    Effect.onInterrupt(Effect.scoped(effect), () =>
      Streams.use(({ stderr }) =>
        Effect.ignore(stderr.write(`Stopped. ${comfort}\n  ${commandLine(process.argv.slice(2))}\n`))
      )
    )

/** What is not lost when a wait is stopped. */
export const resumeWaitHint = ({ operands }: { readonly operands: ReadonlyArray<string> }): string =>
  `The jobs go on; to come back to them${operands.includes("-") ? ", with the same references on standard input" : ""}:`

/** A command line that can be copied into a shell. */
export const commandLine = (args: ReadonlyArray<string>): string => ["ttd-jobs", ...args].map(quoted).join(" ")

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
