/**
 * What a command reads: environment variables, standard input, files.
 *
 * @module
 */
import { readFile, stat } from "node:fs/promises"
import { text } from "node:stream/consumers"
import { Context, Effect, Layer } from "effect"
import { UsageError } from "../exit/Failure.ts"

/** The environment, standard input and files. */
export class Environment extends Context.Service<
  Environment,
  {
    readonly env: Readonly<Record<string, string | undefined>>
    /** All of standard input, as text. It can be read once. On a terminal a line says what is expected. */
    readonly readStdin: (expected: "references") => Effect.Effect<string, UsageError>
    /** One line of standard input; on a terminal after a prompt and without echo. */
    readonly readSecret: (prompt: string) => Effect.Effect<string, UsageError>
    readonly readFile: (path: string) => Effect.Effect<string, UsageError>
    /** The type of what has a name; undefined when nothing has, or when that is not known. */
    readonly kindOf: (path: string) => Effect.Effect<"directory" | "file" | undefined>
    /** The working directory; fails when it was deleted. */
    readonly workingDirectory: Effect.Effect<string, UsageError>
  }
>()("@ttd-jobs/cli/Environment") {
  /** The process's own. */
  static readonly layer: Layer.Layer<Environment> = Layer.sync(Environment, () => ({
    env: process.env,
    readStdin: (expected) =>
      Effect.suspend(() => {
        if (process.stdin.isTTY) process.stderr.write(`Reading ${expected}, one per line; Ctrl-D ends.\n`)
        return readAll
      }),
    readSecret: (prompt) =>
      Effect.suspend(() => (process.stdin.isTTY ? Effect.flatMap(loadPrompt, ({ ask }) => ask(prompt)) : readAll)),
    readFile: (path) =>
      Effect.tryPromise({
        try: (signal) => readFile(path, { encoding: "utf8", signal }),
        catch: (error) => unreadable(path, error)
      }),
    kindOf: (path) =>
      Effect.promise(() =>
        stat(path).then(
          (found) => (found.isDirectory() ? "directory" : "file"),
          () => undefined
        )
      ),
    workingDirectory: Effect.try({
      try: () => process.cwd(),
      catch: () =>
        new UsageError({
          message: "the working directory does not exist any more",
          advice: "Change to a directory that exists, or give an absolute path with --output."
        })
    })
  }))
}

const readAll = Effect.tryPromise({
  try: () => text(process.stdin),
  catch: (error) => unreadable("standard input", error)
})

const loadPrompt = Effect.promise(() => import("./SecretPrompt.ts"))

const unreadable = (what: string, error: unknown) =>
  new UsageError({
    message: `cannot read ${what}: ${error instanceof Error ? error.message : String(error)}`,
    advice: "Check that it exists and that you may read it."
  })
