/**
 * What a command reads from outside: the environment, standard input, files.
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
    /** All of standard input, as text. It can be read once. */
    readonly readStdin: Effect.Effect<string, UsageError>
    readonly readFile: (path: string) => Effect.Effect<string, UsageError>
    /** What has a name; undefined when nothing has, or when that cannot be told. */
    readonly kindOf: (path: string) => Effect.Effect<"directory" | "file" | undefined>
  }
>()("@ttd-jobs/cli/Environment") {
  /** The process's own. */
  static readonly layer: Layer.Layer<Environment> = Layer.sync(Environment, () => ({
    env: process.env,
    readStdin: Effect.tryPromise({
      try: () => text(process.stdin),
      catch: (error) => unreadable("standard input", error)
    }),
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
      )
  }))
}

const unreadable = (what: string, error: unknown) =>
  new UsageError({
    message: `${what} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    advice: "Check that it is there and that you may read it."
  })
