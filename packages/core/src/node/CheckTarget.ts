/**
 * Early checks of a download's target.
 *
 * @module
 */
import { dirname, resolve } from "node:path"
import * as Effect from "effect/Effect"
import type { DownloadError, InvalidJobRefError } from "../errors/Errors.ts"
import { JobRef, type JobRefInput } from "../JobRef.ts"
import { busyError, existsError, fileError } from "./FileError.ts"
import { checkSpace, checkWritable, resolveTarget, type SaveTarget } from "./SaveTarget.ts"
import { holderOfTarget } from "./TargetLock.ts"

/** What is checked about a target. */
export interface CheckOptions {
  /** Whether a file may have the name already. Default: false. */
  readonly overwrite?: boolean | undefined
  /** How many bytes there must be room for. Default: none. */
  readonly bytes?: number | undefined
}

/** Checks a path as far as that is possible before the first byte. */
export const checkTarget = Effect.fnUntraced(function* (
  input: JobRefInput,
  path: string,
  { bytes = 0, overwrite = false }: CheckOptions
): Effect.fn.Return<void, InvalidJobRefError | DownloadError> {
  const ref = String(yield* Effect.fromResult(JobRef.parse(input)))
  const target = yield* writableTarget(ref, path)
  if (target._tag !== "File") return
  if (target.isTaken && !overwrite) return yield* existsError(ref, path)
  const attempt = attempting(ref, path)
  yield* attempt(() => checkSpace(dirname(target.path), bytes))
  const owner = yield* attempt(() => holderOfTarget(target.path))
  if (owner !== undefined) return yield* busyError(ref, path, owner)
})

/** What a path means, if it can be written. */
export const writableTarget = Effect.fnUntraced(function* (
  ref: string,
  path: string
): Effect.fn.Return<SaveTarget, DownloadError> {
  const attempt = attempting(ref, path)
  const target = yield* attempt(() => resolveTarget(resolve(path)))
  yield* attempt(() => checkWritable(target))
  return target
})

const attempting =
  (ref: string, path: string) =>
  <A>(promise: () => Promise<A>) =>
    Effect.tryPromise({ try: promise, catch: (cause) => fileError(ref, path, 0, cause) })
