/**
 * A result into a file: until it is complete there is nothing under its name, and what has come is kept for another try.
 *
 * @module
 */
import { stat } from "node:fs/promises"
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import type { Continuation, Download, DownloadFailure, OpenDownload } from "../download/Download.ts"
import type { DownloadOptions } from "../download/DownloadOptions.ts"
import type { RemoteFile } from "../download/FileAnswer.ts"
import type { Kept } from "../download/Transfer.ts"
import { JobRef, type JobRefInput } from "../JobRef.ts"
import { Destination, fileError } from "./Destination.ts"
import { fetchFile } from "./FileFetch.ts"
import { hasherFor } from "./FileHash.ts"
import { isTaken } from "./PartRecord.ts"

/** The settings of a download to a file. */
export interface FileDownloadOptions extends DownloadOptions {
  /** Whether a file that has the name already is replaced. Default: false, which is a `DownloadError` with reason `exists`. */
  readonly overwrite?: boolean | undefined
  /** The file's permissions. Default: `0o600`, its owner's alone. */
  readonly mode?: number | undefined
}

/** Where a result goes: a path, or one that is chosen when it is known what the server tells of the file. */
export type FilePath = string | ((file: RemoteFile) => string)

/** A result that was saved. */
export interface SavedFile {
  /** The absolute path. */
  readonly path: string
  readonly bytes: number
  /** The digest of what was written, in hexadecimal. */
  readonly sha256: string
  /** How many of the bytes were there from an earlier run. */
  readonly resumedFrom: number
  /** What the server told of it. */
  readonly file: RemoteFile
}

/** Saves a result. */
export const save = Effect.fn("JobStatus.downloadToFile")(function* (
  open: Download["open"],
  input: JobRefInput,
  path: FilePath,
  { mode = 0o600, overwrite = false, ...options }: FileDownloadOptions
): Effect.fn.Return<SavedFile, DownloadFailure, Scope.Scope> {
  const ref = String(yield* Effect.fromResult(JobRef.parse(input)))
  const { destination, opened, target } = yield* begin(open, ref, path, options, overwrite)
  yield* destination.begin(opened)
  const resumedFrom = destination.bytes
  const all = Effect.forever(
    Effect.flatMap(opened.pull, (bytes) => destination.write(bytes)),
    { disableYield: true }
  )
  yield* Pull.catchDone(all, () => Effect.void)
  const finished = yield* destination.finish({ mode, overwrite })
  return { path: target, resumedFrom, ...finished }
}, Effect.scoped)

interface Begun {
  readonly target: string
  readonly destination: Destination
  readonly opened: OpenDownload
}

const begin = Effect.fnUntraced(function* (
  open: Download["open"],
  ref: string,
  path: FilePath,
  options: DownloadOptions,
  overwrite: boolean
): Effect.fn.Return<Begun, DownloadFailure, Scope.Scope> {
  let destination: Destination | undefined
  const openAt = (kept: Kept | undefined) => {
    const continuation: Continuation = {
      kept,
      startOver: (file) => destination?.startOver(file) ?? Effect.void,
      hasherFor,
      fetch: fetchFile
    }
    return open(ref, options, continuation)
  }
  const reserve = Effect.fnUntraced(function* (target: string) {
    const reserved = new Destination(ref, target)
    destination = reserved
    yield* Effect.addFinalizer((exit) => reserved.leave(exit))
    const kept = yield* reserved.find
    yield* refuseTaken(ref, target, overwrite)
    return { destination: reserved, kept, target }
  })
  if (typeof path === "string") {
    const { kept, ...reserved } = yield* reserve(resolve(path))
    return { ...reserved, opened: yield* openAt(kept) }
  }
  // What the file is to be called is known only now, and with it whether a part of it is there.
  const connection = yield* Scope.fork(yield* Scope.Scope)
  const opened = yield* Scope.provide(openAt(undefined), connection)
  const { kept, ...reserved } = yield* reserve(resolve(path(opened.file)))
  if (kept === undefined) return { ...reserved, opened }
  yield* Scope.close(connection, Exit.void)
  return { ...reserved, opened: yield* openAt(kept) }
})

const refuseTaken = Effect.fnUntraced(function* (ref: string, target: string, overwrite: boolean) {
  const attempt = <A>(promise: () => Promise<A>) =>
    Effect.tryPromise({ try: promise, catch: (cause) => fileError(ref, 0, cause) })
  if (!(yield* attempt(() => isTaken(target)))) return
  if (!overwrite) {
    return yield* fileError(ref, 0, Object.assign(new Error(`${target} is there already`), { code: "EEXIST" }))
  }
  const isDirectory = yield* attempt(() =>
    stat(target).then(
      (stats) => stats.isDirectory(),
      () => false
    )
  )
  if (isDirectory) return yield* fileError(ref, 0, new Error(`${target} is a directory`))
})
