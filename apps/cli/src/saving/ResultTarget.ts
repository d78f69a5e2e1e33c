/**
 * Where a result goes.
 *
 * @module
 */
import { dirname, isAbsolute, join } from "node:path"
import type { DownloadError, InvalidJobRefError, JobRef, RemoteFile } from "@ttd-jobs/core"
import { checkTargetEffect, fileName } from "@ttd-jobs/core/node"
import { Effect } from "effect"
import { UsageError } from "../exit/Failure.ts"
import type { Options } from "../input/Commands.ts"
import { Environment } from "../input/Environment.ts"

/** Standard output, or a file whose name may come from the server. */
export type ResultTarget =
  | { readonly _tag: "StandardOutput" }
  | {
      readonly _tag: "File"
      readonly path: (file: RemoteFile) => string
      readonly overwrite: boolean
    }

/** Reads the target. What can be checked is checked before the first request. */
export const readTarget = Effect.fnUntraced(function* (
  { force: overwrite, json, output }: Options<"download">,
  ref: JobRef
): Effect.fn.Return<ResultTarget, UsageError | DownloadError | InvalidJobRefError, Environment> {
  const { kindOf, workingDirectory } = yield* Environment
  if (output === "-") {
    return json
      ? yield* new UsageError({
          message: "--json and -o - exclude each other",
          advice: "Both write to standard output: save into a file, or leave --json out."
        })
      : { _tag: "StandardOutput" }
  }
  if (output === undefined || !isAbsolute(output)) yield* workingDirectory
  const isDirectory = output === undefined || /[/\\]$/.test(output) || (yield* kindOf(output)) === "directory"
  const directory = isDirectory ? (output ?? "") : dirname(output)
  if (directory !== "" && (yield* kindOf(directory)) !== "directory") {
    return yield* new UsageError({
      message: `${directory} is no directory`,
      advice: "Make it first, or give another path."
    })
  }
  if (isDirectory) {
    yield* checkTargetEffect(ref, join(directory, fileName(ref, unnamed)), { overwrite: true })
    return { _tag: "File", path: (file) => join(directory, fileName(ref, file)), overwrite }
  }
  yield* Effect.catchTag(checkTargetEffect(ref, output, { overwrite }), "DownloadError", failedTarget)
  return { _tag: "File", path: () => output, overwrite }
})

/** An existing file is a usage error: the command needs another path or `--force`. */
export const failedTarget = (error: DownloadError): Effect.Effect<never, UsageError | DownloadError> =>
  Effect.fail(
    error.reason === "exists"
      ? new UsageError({ message: error.issue, advice: "Give another path with -o, or --force to overwrite it." })
      : error
  )

/** A file that the server has not named yet. */
const unnamed = { contentDisposition: null, contentType: null, linkName: null }
