/**
 * Downloads to files and Node streams, for Node and compatible runtimes: the one entry of this package that needs a file system.
 *
 * @module
 */
import type { Writable } from "node:stream"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { openOf, runOf } from "../client/ClientInternals.ts"
import type { DownloadFailure } from "../download/Download.ts"
import type { DownloadOptions as EffectDownloadOptions } from "../download/DownloadOptions.ts"
import type { DownloadInput } from "../download/DownloadSource.ts"
import type { RemoteFile } from "../download/FileContent.ts"
import type { FileTransport } from "../download/FileTransport.ts"
import type { DownloadError, InvalidJobRefError } from "../errors/Errors.ts"
import type { JobRefInput } from "../JobRef.ts"
import { JobStatus } from "../JobStatus.ts"
import { downloadListener } from "../promise/Events.ts"
import { originalOf } from "../promise/Snapshot.ts"
import type { DownloadOptions, JobStatusClient } from "../promise.ts"
import { type CheckOptions, checkTarget as check } from "./CheckTarget.ts"
import {
  type FileDownloadOptions,
  type FilePath,
  pour,
  type SavedFile,
  type StreamedResult,
  save
} from "./SaveResult.ts"
import { make, type SocketTransportOptions } from "./SocketTransport.ts"

export { fileName } from "./FileName.ts"
export type {
  CheckOptions,
  DownloadFailure,
  DownloadInput,
  DownloadOptions,
  FileDownloadOptions,
  FilePath,
  FileTransport,
  JobRefInput,
  JobStatusClient,
  RemoteFile,
  SavedFile,
  SocketTransportOptions,
  StreamedResult
}

/** Options of a download to a file, with promises. */
type PromiseFileDownloadOptions = Omit<FileDownloadOptions, keyof DownloadOptions> & DownloadOptions

/**
 * Saves a job's result in a file. Until it is complete and verified there is nothing under the file's name; what has come when the download
 * breaks off is kept beside it, and another call for the same job and path resumes it. Links are followed; devices, pipes and descriptors
 * (`/dev/stdout`, `/dev/fd/3`) are written through. It does not wait for the job to end; a snapshot of the job saves a status call.
 *
 * Rejects with the errors of `download`, and with a `DownloadError` whose reason is `exists` (a file has the name), `busy` (another download
 * writes to it) or `file` (what the file system says).
 *
 * @example
 * ```ts
 * import { downloadToFile } from "@ttd-jobs/core/node"
 * import { createClient } from "@ttd-jobs/core/promise"
 *
 * await using client = createClient({
 *   server: process.env["WORKFLOWS_SERVER"] ?? "prod",
 *   token: process.env["WORKFLOWS_TTD_AUTH"] ?? ""
 * })
 * const job = await client.wait("standard:412651", { timeout: "2 hours" })
 * const saved = await downloadToFile(client, job, "report.csv")
 * console.log(saved.path, saved.bytes, saved.sha256)
 * ```
 */
export const downloadToFile = async (
  client: JobStatusClient,
  input: DownloadInput,
  path: FilePath,
  { onProgress, signal, ...options }: PromiseFileDownloadOptions = {}
): Promise<SavedFile> => {
  const run = Result.getOrThrow(runOf(client))
  const open = Result.getOrThrow(openOf(client))
  return run(save(open, originalOf(input), path, { ...options, onProgress: downloadListener(onProgress) }), signal)
}

/**
 * Saves a job's result in a file, as an effect. See `downloadToFile`.
 *
 * @example
 * ```ts
 * import { JobStatus } from "@ttd-jobs/core"
 * import { downloadToFileEffect } from "@ttd-jobs/core/node"
 * import { Effect } from "effect"
 *
 * const program = JobStatus.use((jobs) => jobs.wait("standard:412651", { timeout: "2 hours" })).pipe(
 *   Effect.flatMap((job) => downloadToFileEffect(job, "report.csv"))
 * )
 * const saved = await Effect.runPromise(program.pipe(Effect.provide(JobStatus.layerConfig)))
 * console.log(saved.path, saved.bytes, saved.sha256)
 * ```
 */
export const downloadToFileEffect = (
  input: DownloadInput,
  path: FilePath,
  options: FileDownloadOptions = {}
): Effect.Effect<SavedFile, DownloadFailure, JobStatus> =>
  Effect.flatMap(JobStatus, (jobs) =>
    Effect.flatMap(Effect.fromResult(openOf(jobs)), (open) => save(open, input, path, options))
  )

/**
 * Writes a job's result to a Node stream, such as `process.stdout`, as it comes, and leaves the stream open. The result is verified at its
 * end, when its bytes have been written already: what reads them has to look at the outcome. A write error is a `DownloadError` with reason
 * `file`, whose `cause` has the system's `code` (`EPIPE` where the reader has closed a pipe).
 *
 * @example
 * ```ts
 * import { downloadToStream } from "@ttd-jobs/core/node"
 * import { createClient } from "@ttd-jobs/core/promise"
 *
 * await using client = createClient({
 *   server: process.env["WORKFLOWS_SERVER"] ?? "prod",
 *   token: process.env["WORKFLOWS_TTD_AUTH"] ?? ""
 * })
 * const { bytes, sha256 } = await downloadToStream(client, "standard:412652", process.stdout)
 * console.error(bytes, sha256)
 * ```
 */
export const downloadToStream = async (
  client: JobStatusClient,
  input: DownloadInput,
  stream: Writable,
  { onProgress, signal, ...options }: DownloadOptions = {}
): Promise<StreamedResult> => {
  const run = Result.getOrThrow(runOf(client))
  const open = Result.getOrThrow(openOf(client))
  return run(pour(open, originalOf(input), stream, { ...options, onProgress: downloadListener(onProgress) }), signal)
}

/**
 * Writes a job's result to a Node stream, as an effect. See `downloadToStream`.
 *
 * @example
 * ```ts
 * import { JobStatus } from "@ttd-jobs/core"
 * import { downloadToStreamEffect } from "@ttd-jobs/core/node"
 * import { Effect } from "effect"
 *
 * const program = downloadToStreamEffect("standard:412652", process.stdout)
 * const { sha256 } = await Effect.runPromise(program.pipe(Effect.provide(JobStatus.layerConfig)))
 * console.error(sha256)
 * ```
 */
export const downloadToStreamEffect = (
  input: DownloadInput,
  stream: Writable,
  options: EffectDownloadOptions = {}
): Effect.Effect<StreamedResult, DownloadFailure, JobStatus> =>
  Effect.flatMap(JobStatus, (jobs) =>
    Effect.flatMap(Effect.fromResult(openOf(jobs)), (open) => pour(open, input, stream, options))
  )

/**
 * Checks, before hours of waiting for a job, that its result can be saved under a path: the directory exists and can be written, there is
 * no file yet (unless `overwrite`), no other download writes to it, and there is room for `bytes`. Rejects as `downloadToFile` would.
 *
 * @example
 * ```ts
 * import { tmpdir } from "node:os"
 * import { join } from "node:path"
 * import { checkTarget } from "@ttd-jobs/core/node"
 *
 * await checkTarget("standard:412651", join(tmpdir(), "report.csv"))
 * ```
 */
export const checkTarget = (ref: JobRefInput, path: string, options: CheckOptions = {}): Promise<void> =>
  Effect.runPromise(checkTargetEffect(ref, path, options))

/**
 * Checks that a result can be saved under a path, as an effect. See `checkTarget`.
 *
 * @example
 * ```ts
 * import { tmpdir } from "node:os"
 * import { join } from "node:path"
 * import { checkTargetEffect } from "@ttd-jobs/core/node"
 * import { Effect } from "effect"
 *
 * await Effect.runPromise(checkTargetEffect("standard:412651", join(tmpdir(), "report.csv"), { overwrite: true }))
 * ```
 */
export const checkTargetEffect = (
  ref: JobRefInput,
  path: string,
  options: CheckOptions = {}
): Effect.Effect<void, InvalidJobRefError | DownloadError> => check(ref, path, options)

/**
 * The transport of downloads over Node's sockets, to be provided as `CurrentTransport`: with a `lookup` that refuses addresses it guards a
 * service against links into its own network.
 *
 * @example
 * ```ts
 * import { lookup } from "node:dns"
 * import { CurrentTransport } from "@ttd-jobs/core"
 * import { downloadToFileEffect, socketTransport } from "@ttd-jobs/core/node"
 * import { Effect } from "effect"
 *
 * const guarded = downloadToFileEffect("standard:412651", "report.csv").pipe(
 *   Effect.provideService(CurrentTransport, socketTransport({ lookup }))
 * )
 * ```
 */
export const socketTransport = (options: SocketTransportOptions = {}): FileTransport => make(options)
