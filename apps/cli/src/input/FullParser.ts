/**
 * Reads any command line with `effect/cli`: help, mistakes with "did you mean", and all that the quick parser leaves.
 *
 * @module
 */
import { Effect, FileSystem, Layer, Path, Stdio, Terminal } from "effect"
import { CliConfig, CliOutput, Command, Flag, GlobalFlag } from "effect/cli"
import { ChildProcessSpawner } from "effect/process"
import { version } from "../generated/version.ts"
import { Parsed, ttdJobs } from "./Commands.ts"
import { helpText } from "./HelpText.ts"
import type { Invocation } from "./Invocation.ts"
import { usageText } from "./UsageText.ts"

/** What a command line comes to: something to do, something to print, or a mistake to explain. */
export type Understanding =
  | { readonly _tag: "Invocation"; readonly invocation: Invocation }
  | { readonly _tag: "Answer"; readonly text: string }
  | { readonly _tag: "Mistake"; readonly text: string }

/** Reads a command line. */
export const parseFully = (args: ReadonlyArray<string>): Effect.Effect<Understanding> =>
  refusesToken(args)
    ? Effect.succeed({ _tag: "Mistake", text: tokenRefusal })
    : Effect.suspend(() => {
        let understanding: Understanding = { _tag: "Mistake", text: "" }
        const understand = (next: Understanding) =>
          Effect.sync(() => {
            understanding = next
          })
        return Command.runWith(ttdJobs, { version })(args).pipe(
          Effect.provideService(Parsed, {
            take: (invocation) => understand({ _tag: "Invocation", invocation })
          }),
          Effect.provide(
            Layer.merge(CliOutput.layerPresenter({ present: (event) => understand(understandingOf(event)) }), platform)
          ),
          // What a failed run has to say it has presented.
          Effect.ignore,
          Effect.map(() => understanding)
        )
      })

const understandingOf = (event: CliOutput.Presenter.Event): Understanding => {
  switch (event._tag) {
    case "Version":
      return { _tag: "Answer", text: `${event.name} ${event.version}\n` }
    case "InvalidInvocation":
      return { _tag: "Mistake", text: usageText(event.errors, event.commandPath) }
    case "Help":
      return { _tag: event.reason === "Requested" ? "Answer" : "Mistake", text: `${helpText(event.helpDoc)}\n` }
  }
}

const unused = Effect.die("no flag or argument reads a file or asks a person")

/** What `effect/cli` could ask of the platform, and does not for this command line: loading the real thing takes time. */
const platform = Layer.mergeAll(
  FileSystem.layerNoop({}),
  Path.layer,
  Stdio.layerTest({}),
  Layer.succeed(
    Terminal.Terminal,
    Terminal.make({
      columns: Effect.succeed(80),
      rows: Effect.succeed(24),
      size: unused,
      readInput: unused,
      readLine: unused,
      display: () => unused
    })
  ),
  Layer.succeed(
    ChildProcessSpawner.ChildProcessSpawner,
    ChildProcessSpawner.make(() => unused)
  ),
  CliConfig.layer({
    builtIns: [
      GlobalFlag.Help,
      // The built-in one takes -v, which people expect to be --verbose.
      GlobalFlag.Action({
        flag: Flag.Boolean("version").pipe(
          Flag.withoutNegation,
          Flag.withDescription("print the version"),
          Flag.withDefault(false)
        ),
        run: GlobalFlag.Version.run
      })
    ]
  })
)

/** A token given as an argument is refused before any parser sees it, so that no message can repeat it. */
const refusesToken = (args: ReadonlyArray<string>) => {
  const end = args.indexOf("--")
  return args.slice(0, end === -1 ? undefined : end).some((arg) => arg === "--token" || arg.startsWith("--token="))
}

const tokenRefusal = `error: a token cannot be given as an argument
  Every user of this machine can read the arguments of a process, and shells keep them. Set WORKFLOWS_TTD_AUTH, or give
  --token-file PATH or --token-stdin. If this token was typed or stored anywhere, revoke it.
`
