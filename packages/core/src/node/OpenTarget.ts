/**
 * What a download is written to, once it is open.
 *
 * @module
 */
import type * as Effect from "effect/Effect"
import type { BytePull } from "../download/Download.ts"
import type { RemoteFile } from "../download/FileContent.ts"
import type { PartialDownload } from "../download/Transfer.ts"
import type { DownloadError } from "../errors/Errors.ts"

/** What became of a result. The SHA-256 is in hexadecimal. */
export interface Written {
  readonly bytes: number
  readonly file: RemoteFile
  readonly sha256: string
}

/** An open target. */
export interface OpenTarget {
  /** What an earlier download left to be resumed. */
  readonly partial: PartialDownload | undefined
  /** How many bytes have come, those of the partial download included. */
  readonly bytes: number
  /** Prepares for the bytes of a download: those that follow the partial download, or all of them. */
  readonly begin: (download: BytePull) => Effect.Effect<void, DownloadError>
  /** Whether what has come can be discarded. */
  readonly isRestartable: boolean
  /** Discards what has come, and prepares for all bytes of a file. */
  readonly startOver: (file: RemoteFile) => Effect.Effect<void, DownloadError>
  /** Writes bytes, whose memory may be freed afterwards when it is `owned`. */
  readonly write: (bytes: Uint8Array, owned: boolean) => Effect.Effect<void, DownloadError>
  /** Ends the result, when it is what its server announced. */
  readonly finish: Effect.Effect<Written, DownloadError>
}
