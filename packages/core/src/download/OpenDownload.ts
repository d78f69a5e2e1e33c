/**
 * Resumable downloads for applications that keep the bytes themselves, such as an archive in an object storage.
 *
 * @module
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { DownloadError } from "../errors/Errors.ts"
import type { Download, DownloadFailure } from "./Download.ts"
import type { DownloadOptions } from "./DownloadOptions.ts"
import type { DownloadInput } from "./DownloadSource.ts"
import type { RemoteFile } from "./FileContent.ts"
import type { PartialDownload } from "./Transfer.ts"

/** The options of `openDownload`. */
export interface OpenDownloadOptions extends DownloadOptions {
  /** The bytes that are there already, to be resumed when the server proves that the file is still the same. Default: none. */
  readonly partial?: PartialDownload | undefined
  /**
   * Discards the bytes that are there, because the file comes from its first byte: it has changed, or cannot be resumed. Default: a download
   * that cannot be resumed fails with a `DownloadError` (`changed` or `interrupted`).
   */
  readonly startOver?: ((file: RemoteFile) => Effect.Effect<void, DownloadError>) | undefined
}

/** An open download. */
export interface OpenDownload {
  /** What the server says about the file, to be stored beside the bytes for a later `partial`. */
  readonly file: RemoteFile
  /** Where in the file the first byte belongs: 0, or the end of `partial`. */
  readonly offset: number
  /** The bytes. `file.digest` covers the whole file and is left to the caller, who has all of it. */
  readonly bytes: Stream.Stream<Uint8Array, DownloadFailure>
}

/** Opens a download. */
export const openDownload = (
  open: Download["open"],
  input: DownloadInput,
  { partial, startOver, ...options }: OpenDownloadOptions = {}
): Effect.Effect<OpenDownload, DownloadFailure, Scope.Scope> =>
  Effect.map(open(input, options, { partial, startOver }), ({ file, handOut, offset }) => ({
    file,
    offset,
    bytes: Stream.fromPull(Effect.succeed(Effect.map(handOut, Arr.of)))
  }))
