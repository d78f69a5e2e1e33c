/**
 * Results into files, for Node and what is like it: the one part of this package that needs a file system.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { openOf, runOf } from "../client/ClientInternals.ts"
import type { DownloadFailure } from "../download/Download.ts"
import type { RemoteFile } from "../download/FileAnswer.ts"
import type { JobRefInput } from "../JobRef.ts"
import { JobStatus } from "../JobStatus.ts"
import type { DownloadOptions, JobStatusClient } from "../promise.ts"
import { type FileDownloadOptions, type FilePath, type SavedFile, save } from "./FileDownload.ts"

export type {
  DownloadFailure,
  DownloadOptions,
  FileDownloadOptions,
  FilePath,
  JobRefInput,
  JobStatusClient,
  RemoteFile,
  SavedFile
}

/**
 * Saves a job's result in a file. Until it is complete and checked nothing is under the file's name; what has come when the download
 * breaks off is kept beside it, and another call for the same job and path goes on from there. Rejects with the errors of `download`,
 * and with a `DownloadError` of reason `exists` or `file` for what the file system refuses. It does not wait for the job to end.
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
 * const saved = await downloadToFile(client, job.ref, "report.csv")
 * console.log(saved.path, saved.bytes, saved.sha256)
 * ```
 */
export const downloadToFile = async (
  client: JobStatusClient,
  ref: JobRefInput,
  path: FilePath,
  { signal, ...options }: FileDownloadOptions & Pick<DownloadOptions, "signal"> = {}
): Promise<SavedFile> => {
  const run = Result.getOrThrow(runOf(client))
  const open = Result.getOrThrow(openOf(client))
  return run(save(open, ref, path, options), signal)
}

/**
 * Saves a job's result in a file, as an effect.
 *
 * @example
 * ```ts
 * import { JobStatus } from "@ttd-jobs/core"
 * import { downloadToFileEffect } from "@ttd-jobs/core/node"
 * import { Effect } from "effect"
 *
 * const program = JobStatus.use((jobs) => jobs.wait("standard:412651", { timeout: "2 hours" })).pipe(
 *   Effect.flatMap((job) => downloadToFileEffect(job.ref, "report.csv"))
 * )
 * const saved = await Effect.runPromise(program.pipe(Effect.provide(JobStatus.layerConfig)))
 * console.log(saved.path, saved.bytes, saved.sha256)
 * ```
 */
export const downloadToFileEffect = (
  ref: JobRefInput,
  path: FilePath,
  options: FileDownloadOptions = {}
): Effect.Effect<SavedFile, DownloadFailure, JobStatus> =>
  Effect.flatMap(JobStatus, (jobs) =>
    Effect.flatMap(Effect.fromResult(openOf(jobs)), (open) => save(open, ref, path, options))
  )
