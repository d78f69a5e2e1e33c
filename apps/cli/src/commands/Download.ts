/**
 * `ttd-jobs download`: a job's result, saved.
 *
 * @module
 */
import { createHash } from "node:crypto"
import { basename, relative } from "node:path"
import {
  type DownloadError,
  type DownloadOptions,
  isFailed,
  JobFailedError,
  type JobRef,
  type JobSnapshot,
  JobStatus
} from "@ttd-jobs/core"
import { downloadToFileEffect, fileName } from "@ttd-jobs/core/node"
import { formatBytes, formatDuration } from "@ttd-jobs/core/text"
import { Clock, Effect, Stream } from "effect"
import { withCommandContext } from "../client/CommandContext.ts"
import { followJobs } from "../client/FollowedJobs.ts"
import { jsonLine } from "../display/JsonLine.ts"
import { paintFor } from "../display/Paint.ts"
import { errorTexts } from "../display/SnapshotLine.ts"
import { Streams } from "../display/Streams.ts"
import * as ExitCode from "../exit/ExitCode.ts"
import { CommandTimeoutError } from "../exit/Failure.ts"
import { withResumeHint } from "../exit/Interruption.ts"
import type { Invocation } from "../input/Commands.ts"
import { readReference } from "../input/References.ts"
import type { Settings } from "../input/Settings.ts"
import { makePartialDownload, type PartialDownload } from "../saving/PartialDownload.ts"
import { failedTarget, type ResultTarget, readTarget } from "../saving/ResultTarget.ts"
import { transferDisplay } from "../saving/TransferDisplay.ts"
import { cleanLine } from "../text/CleanText.ts"

/** Waits until the job has ended, then saves its result. A partial one is saved too, and told by the exit code. */
export const run = (invocation: Invocation<"download">) => {
  const partial = makePartialDownload(invocation.options.output === "-")
  return withCommandContext(
    invocation,
    Effect.fnUntraced(function* ({ codes, settings }) {
      const ref = yield* readReference(invocation.operands[0] ?? "")
      const target = yield* readTarget(invocation.options, ref)
      const startedAt = yield* Clock.currentTimeMillis
      const snapshot = yield* ended(invocation, ref, settings)
      if (isFailed(snapshot.phase)) {
        return yield* JobFailedError.of({ ref: snapshot.ref, snapshot })
      }
      const begunAt = yield* Clock.currentTimeMillis
      const saved = yield* Effect.catchTag(
        save({ invocation, settings, snapshot, target, startedAt, partial }),
        "DownloadError",
        failedIn(settings)
      )
      const code = ExitCode.ofPhase(snapshot.phase, invocation.options.allowPartial)
      codes.push(code)
      yield* tell(saved, snapshot, settings, begunAt)
      if (code !== 0 && !settings.quiet) yield* warnOfParts(snapshot)
      return code
    }, withResumeHint(partial.resumeHint))
  )
}

/** Where the job stands at its end. Standard output is left to the result, and what became of the job is told by what follows. */
const ended = Effect.fnUntraced(
  function* (invocation: Invocation<"download">, ref: JobRef, settings: Settings) {
    const quietly = { ...settings, json: false }
    const { all } = yield* followJobs(
      invocation,
      [ref],
      { codes: [], settings: quietly, isDownload: true, report: () => Effect.void },
      false
    )
    const [outcome] = yield* all
    return outcome === undefined ? yield* Effect.die("a wait without an outcome") : yield* Effect.fromResult(outcome)
  },
  Effect.scoped,
  (effect) =>
    Streams.use(({ stderr }) => {
      const nowhere = { ...stderr, write: () => Effect.void }
      return Effect.provideService(effect, Streams, { stdout: nowhere, stderr })
    })
)

interface Saving {
  readonly invocation: Invocation<"download">
  readonly settings: Settings
  readonly snapshot: JobSnapshot
  readonly target: ResultTarget
  /** When the command began, in milliseconds since the epoch. */
  readonly startedAt: number
  readonly partial: PartialDownload
}

/** What was saved; `path` is null for standard output. */
interface Saved {
  readonly path: string | null
  readonly bytes: number
  readonly sha256: string
  readonly resumedFrom: number
}

const save = Effect.fnUntraced(function* ({ invocation, partial, settings, snapshot, startedAt, target }: Saving) {
  const show = yield* transferDisplay({
    nameOf: (file) => (target._tag === "File" ? basename(target.path(file)) : fileName(snapshot.ref, file)),
    progress: invocation.options.progress,
    quiet: settings.quiet,
    verbose: settings.verbose,
    toStdout: target._tag === "StandardOutput"
  })
  const waited = (yield* Clock.currentTimeMillis) - startedAt
  const options: DownloadOptions = {
    onProgress: (event) => {
      partial.handle(event)
      show(event)
    },
    idleTimeout: settings.client.timeout,
    maxRetryTime: invocation.options.maxRetryTime?.millis,
    timeout: settings.timeout && Math.max(1, settings.timeout.millis - waited)
  }
  const saved: Saved =
    target._tag === "StandardOutput"
      ? yield* pour(snapshot, options)
      : yield* Effect.catchTag(
          downloadToFileEffect(snapshot, target.path, { ...options, overwrite: target.overwrite }),
          "DownloadError",
          failedTarget
        )
  return saved
}, Effect.scoped)

/** The limit that passed is the whole command's, in the words that it was given in. */
const failedIn =
  ({ timeout }: Settings) =>
  (error: DownloadError) =>
    Effect.fail(
      error.reason === "timeout" && timeout !== undefined ? new CommandTimeoutError({ timeout: timeout.text }) : error
    )

const pour = Effect.fnUntraced(function* (snapshot: JobSnapshot, options: DownloadOptions) {
  const jobs = yield* JobStatus
  const { stdout } = yield* Streams
  const hash = createHash("sha256")
  let bytes = 0
  yield* Stream.runForEach(jobs.download(snapshot, options), (portion) => {
    hash.update(portion)
    bytes += portion.byteLength
    return stdout.write(portion)
  })
  return { path: null, bytes, sha256: hash.digest("hex"), resumedFrom: 0 }
})

const tell = Effect.fnUntraced(function* (saved: Saved, snapshot: JobSnapshot, settings: Settings, startedAt: number) {
  const { stderr, stdout } = yield* Streams
  const { bytes, path, resumedFrom, sha256 } = saved
  if (settings.json) {
    const { phase, ref } = snapshot
    return yield* stdout.write(jsonLine({ ref, phase, path, bytes, sha256, resumedFrom }))
  }
  if (settings.quiet) return
  const stream = path === null ? stderr : stdout
  const what = path === null ? "written to standard output" : `saved as ${cleanLine(shortPath(path))}`
  const kept = resumedFrom === 0 ? "" : `, ${formatBytes(resumedFrom)} of it by an earlier run`
  const time = formatDuration(Math.max(1000, (yield* Clock.currentTimeMillis) - startedAt), 1)
  yield* stream.write(
    stream.isTerminal
      ? `${paintFor(stream)("green", "✓")} ${formatBytes(bytes)} ${what} in ${time}${kept}\n  sha256 ${sha256}\n`
      : `${formatBytes(bytes)} ${what}${kept}  sha256 ${sha256}\n`
  )
})

/** As a person would type it from here. */
const shortPath = (path: string) => {
  const fromHere = relative("", path)
  return fromHere.startsWith("..") ? path : fromHere
}

const warnOfParts = Effect.fnUntraced(function* (snapshot: JobSnapshot) {
  const { stderr } = yield* Streams
  const why = [`${cleanLine(snapshot.ref)} succeeded only in part`, ...errorTexts(snapshot)].join("; ")
  yield* Effect.ignore(stderr.write(`warning: ${why}\n  With --allow-partial that counts as a success.\n`))
})
