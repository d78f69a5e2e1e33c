/** A folder of a test's own, and downloads into it. */
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { DownloadInput } from "@ttd-jobs/core"
import { downloadToFileEffect, type FileDownloadOptions, type FilePath } from "@ttd-jobs/core/node"
import { Effect } from "effect"
import { fastForward } from "../../support/FastForward.ts"
import { type TestClient, withClient } from "./Downloads.ts"

/** An empty folder, gone with the test. */
export const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "ttd-jobs-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true }))
)

/** The names in a folder, hidden ones included. */
export const namesIn = (path: string) => Effect.promise(() => readdir(path))

/** Saves a job's result with a client of its own, pauses taking no time. */
export const save = Effect.fnUntraced(function* (
  ref: DownloadInput,
  path: FilePath,
  options: FileDownloadOptions = {},
  client: TestClient = {}
) {
  return yield* fastForward(withClient(downloadToFileEffect(ref, path, options), client))
})
