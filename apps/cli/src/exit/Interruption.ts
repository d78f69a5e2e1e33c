/**
 * Interruption of a command: everything is released, then the command to resume is printed.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
import { Streams } from "../display/Streams.ts"

/** Prints how to resume when the effect is interrupted, once everything is released; `hint` says what is kept. */
export const withResumeHint =
  (hint: () => string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, Exclude<R, Scope.Scope> | Streams> =>
    Effect.onInterrupt(Effect.scoped(effect), () =>
      Streams.use(({ stderr }) =>
        Effect.ignore(stderr.write(`Stopped. ${hint()}\n  ${commandLine(process.argv.slice(2))}\n`))
      )
    )

/** What stopping a wait leaves. */
export const resumeWaitHint =
  ({ operands }: { readonly operands: ReadonlyArray<string> }) =>
  (): string =>
    `The jobs continue upstream. To resume${operands.includes("-") ? ", with the same references on standard input" : ""}:`

/** A command line that can be copied into a shell. */
export const commandLine = (args: ReadonlyArray<string>): string => ["ttd-jobs", ...args].map(quoted).join(" ")

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
