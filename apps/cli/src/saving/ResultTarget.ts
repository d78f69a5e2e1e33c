/**
 * Where a result goes.
 *
 * @module
 */
import { dirname, join } from "node:path"
import type { JobRef } from "@ttd-jobs/core"
import { Effect } from "effect"
import { UsageError } from "../exit/Failure.ts"
import type { Options } from "../input/Commands.ts"
import { Environment } from "../input/Environment.ts"
import { resultName } from "./ResultName.ts"

/** Standard output, or a file whose name may come from the server. */
export type ResultTarget =
  | { readonly _tag: "StandardOutput" }
  | {
      readonly _tag: "File"
      readonly path: (file: NameSource) => string
      readonly overwrite: boolean
    }

/** The header that may hold a file's name. */
export interface NameSource {
  readonly contentDisposition: string | null
}

/** Reads the target. What can be checked is checked before the first request. */
export const readTarget = Effect.fnUntraced(function* (
  { force: overwrite, json, output }: Options<"download">,
  ref: JobRef
): Effect.fn.Return<ResultTarget, UsageError, Environment> {
  const { kindOf } = yield* Environment
  if (output === "-") {
    return json
      ? yield* new UsageError({
          message: "--json and -o - exclude each other",
          advice: "Both write to standard output: save into a file, or leave --json out."
        })
      : { _tag: "StandardOutput" }
  }
  const isDirectory = output === undefined || /[/\\]$/.test(output) || (yield* kindOf(output)) === "directory"
  const directory = isDirectory ? (output ?? "") : dirname(output)
  if (directory !== "" && (yield* kindOf(directory)) !== "directory") {
    return yield* new UsageError({
      message: `${directory} is no directory`,
      advice: "Make it first, or give another path."
    })
  }
  if (isDirectory) {
    const path = (file: NameSource) => join(directory, resultName(ref, file.contentDisposition))
    return { _tag: "File", path, overwrite }
  }
  if (!overwrite && (yield* kindOf(output)) !== undefined) return yield* alreadyThere(`${output} is there already`)
  return { _tag: "File", path: () => output, overwrite }
})

/** A file would be overwritten. */
export const alreadyThere = (message: string): UsageError =>
  new UsageError({ message, advice: "Give another path with -o, or --force to overwrite it." })
