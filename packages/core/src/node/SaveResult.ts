/**
 * Saves a result in a file: until it is complete there is nothing under its name, and what has come is kept to be resumed. What is no
 * regular file is written through.
 *
 * @module
 */
import { resolve } from "node:path"
import type { Writable } from "node:stream"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import type { BytePull, Download, DownloadFailure } from "../download/Download.ts"
import type { DownloadOptions } from "../download/DownloadOptions.ts"
import { type DownloadInput, sourceOf } from "../download/DownloadSource.ts"
import type { RemoteFile } from "../download/FileContent.ts"
import type { DownloadError } from "../errors/Errors.ts"
import { writableTarget } from "./CheckTarget.ts"
import * as FileTarget from "./FileTarget.ts"
import type { OpenTarget, Written } from "./OpenTarget.ts"
import * as StreamTarget from "./StreamTarget.ts"
import type { Placement } from "./TemporaryFile.ts"

/** The options of a download to a file. */
export interface FileDownloadOptions extends DownloadOptions {
  /**
   * Whether a regular file that has the name already is replaced. Default: false, which is a `DownloadError` with reason `exists`. Devices,
   * pipes and descriptors are written through in any case.
   */
  readonly overwrite?: boolean | undefined
  /** The permissions of a new file. Default: `0o600`, its owner's alone. */
  readonly mode?: number | undefined
}

/** Where a result goes: a path, or one that is chosen when it is known what the server says about the file. */
export type FilePath = string | ((file: RemoteFile) => string)

/** A result that was saved. */
export interface SavedFile {
  /** The absolute path. */
  readonly path: string
  readonly bytes: number
  /** The digest of what was written, in hexadecimal. */
  readonly sha256: string
  /** How many of the bytes an earlier download had brought. */
  readonly resumedFrom: number
  /** What the server says about it. */
  readonly file: RemoteFile
}

/** A result that was written to a stream. */
export interface StreamedResult extends Omit<SavedFile, "path" | "resumedFrom"> {}

/** Saves a result. */
export const save = Effect.fn("JobStatus.downloadToFile")(function* (
  open: Download["open"],
  input: DownloadInput,
  path: FilePath,
  { mode = 0o600, overwrite = false, ...options }: FileDownloadOptions
): Effect.fn.Return<SavedFile, DownloadFailure, Scope.Scope> {
  const ref = String((yield* Effect.fromResult(sourceOf(input))).ref)
  let target: OpenTarget | undefined
  const openAt = (partial: OpenTarget["partial"], located?: BytePull["located"]) => {
    const startOver = (file: RemoteFile) => target?.startOver(file) ?? Effect.void
    return open(input, options, {
      partial,
      startOver: target?.isRestartable === false ? undefined : startOver,
      located
    })
  }
  if (typeof path === "string") {
    target = yield* openTarget(ref, resolve(path), { mode, overwrite })
    return { path: resolve(path), ...(yield* transfer(yield* openAt(target.partial), target)) }
  }
  // What the file is to be called is known only now, and with it whether there is a partial download.
  const connection = yield* Scope.fork(yield* Scope.Scope)
  const first = yield* Scope.provide(openAt(undefined), connection)
  const chosen = resolve(path(first.file))
  const named = yield* openTarget(ref, chosen, { mode, overwrite })
  target = named
  if (named.partial === undefined) return { path: chosen, ...(yield* transfer(first, named)) }
  yield* Scope.close(connection, Exit.void)
  return { path: chosen, ...(yield* transfer(yield* openAt(named.partial, first.located), named)) }
}, Effect.scoped)

/** Writes a result to a Node stream, which is left open. */
export const pour = Effect.fn("JobStatus.downloadToStream")(function* (
  open: Download["open"],
  input: DownloadInput,
  stream: Writable,
  options: DownloadOptions
): Effect.fn.Return<StreamedResult, DownloadFailure, Scope.Scope> {
  const ref = String((yield* Effect.fromResult(sourceOf(input))).ref)
  const target = yield* StreamTarget.ofStream(ref, stream)
  const { resumedFrom: _, ...streamed } = yield* transfer(yield* open(input, options, undefined), target)
  return streamed
}, Effect.scoped)

const openTarget = Effect.fnUntraced(function* (
  ref: string,
  path: string,
  placement: Placement
): Effect.fn.Return<OpenTarget, DownloadError, Scope.Scope> {
  const target = yield* writableTarget(ref, path)
  switch (target._tag) {
    case "File":
      return yield* FileTarget.open(ref, path, target, placement)
    case "Descriptor":
      return StreamTarget.ofDescriptor(ref, path, target.fd)
    case "Special":
      return yield* StreamTarget.open(ref, path, target)
  }
})

const transfer = Effect.fnUntraced(function* (
  download: BytePull,
  target: OpenTarget
): Effect.fn.Return<Written & { readonly resumedFrom: number }, DownloadFailure> {
  yield* target.begin(download)
  const resumedFrom = target.bytes
  const all = Effect.forever(
    Effect.flatMap(download.pull, (bytes) => target.write(bytes, download.ownsBytes())),
    { disableYield: true }
  )
  yield* Pull.catchDone(all, () => Effect.void)
  return { resumedFrom, ...(yield* target.finish) }
})
