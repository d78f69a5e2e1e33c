/**
 * The service: the status of jobs, as typed effects.
 *
 * @module
 */
import * as Arr from "effect/Array"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Pull from "effect/Pull"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Client } from "./client/Client.ts"
import { withInternals } from "./client/ClientInternals.ts"
import { type JobStatusOptions, settingsOf } from "./client/ClientOptions.ts"
import { make } from "./client/Service.ts"
import type { DownloadFailure } from "./download/Download.ts"
import type { DownloadOptions } from "./download/DownloadOptions.ts"
import type { DownloadInput } from "./download/DownloadSource.ts"
import { type OpenDownload, type OpenDownloadOptions, openDownload } from "./download/OpenDownload.ts"
import type { InvalidSettingError } from "./errors/Errors.ts"
import { type FetchFunction, runtimeFetch } from "./http/KyRequest.ts"
import type { JobRefInput } from "./JobRef.ts"
import type { JobSnapshot } from "./JobSnapshot.ts"
import type { Waiting, WaitRefusal } from "./tracking/Wait.ts"
import type { WaitError } from "./tracking/WaitListener.ts"
import type { WaitOptions } from "./tracking/WaitOptions.ts"

/** What `JobStatus` offers. */
export interface JobStatusService extends Client, Pick<Waiting, "wait" | "waitAll"> {
  /**
   * A job's changes, the terminal snapshot last; a failed job is an element like any other. A consumer that takes its time slows
   * the polling down, and one that leaves ends it.
   */
  readonly watch: (ref: JobRefInput, options?: WaitOptions) => Stream.Stream<JobSnapshot, WaitRefusal | WaitError>
  /**
   * A job's result as bytes, whether it is inline or behind a link. A transfer that breaks off is resumed, and all bytes are of one file;
   * fails with `ResultUnavailableError` when there is no result, with `DownloadError` when it cannot be downloaded completely. It does not
   * wait for the job to end. A snapshot saves the first status call. To save a file there is `@ttd-jobs/core/node`.
   */
  readonly download: (input: DownloadInput, options?: DownloadOptions) => Stream.Stream<Uint8Array, DownloadFailure>
  /**
   * A job's result for a caller that keeps the bytes and can resume them later, such as an archive in an object storage: what the server
   * says about the file is known before its first byte is taken. The connection lasts as long as the scope.
   */
  readonly openDownload: (
    input: DownloadInput,
    options?: OpenDownloadOptions
  ) => Effect.Effect<OpenDownload, DownloadFailure, Scope.Scope>
}

/**
 * Asks The Trade Desk's Workflows API where jobs stand. Every call waits for its place among the four requests that may be in
 * flight per endpoint, is retried by the client's policy, and fails with a tagged error (`CallError`).
 *
 * @example
 * ```ts
 * import { JobStatus } from "@ttd-jobs/core"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const jobs = yield* JobStatus
 *   return yield* jobs.get("standard:412651")
 * })
 * const runnable = program.pipe(Effect.provide(JobStatus.layerConfig))
 * ```
 */
export class JobStatus extends Context.Service<JobStatus, JobStatusService>()("@ttd-jobs/core/JobStatus") {
  /** The service with the given options. Fails with `InvalidSettingError` when one of them cannot be used. */
  static readonly layer = (options: JobStatusOptions = {}): Layer.Layer<JobStatus, InvalidSettingError> =>
    Layer.effect(
      JobStatus,
      Effect.gen(function* () {
        const layerFetch = Context.getOrUndefined(yield* Effect.context<never>(), FetchHttpClient.Fetch)
        const read = yield* Effect.fromResult(settingsOf(options, fetchOf(layerFetch)))
        const settings = { ...read, fetch: read.fetch ?? layerFetch }
        const { client, download, open, tracker, waiting } = yield* make(settings)
        const service: JobStatusService = {
          ...client,
          wait: (ref, options) => Effect.flatMap(waiting, ({ wait }) => wait(ref, options)),
          waitAll: (refs, options) => Effect.flatMap(waiting, ({ waitAll }) => waitAll(refs, options)),
          watch: (ref, options) => streamOf(Effect.flatMap(waiting, ({ changes }) => changes(ref, options))),
          download: (input, options) => streamOf(Effect.flatMap(download, ({ bytes }) => bytes(input, options))),
          openDownload: (input, options) => openDownload(open, input, options)
        }
        return withInternals(service, { open, tracker })
      })
    )

  /** The service with the settings of the environment: `WORKFLOWS_SERVER` (default `prod`) and `WORKFLOWS_TTD_AUTH`. */
  static readonly layerConfig: Layer.Layer<JobStatus, InvalidSettingError | Config.ConfigError> = Layer.unwrap(
    Effect.gen(function* () {
      const server = yield* Config.String("WORKFLOWS_SERVER").pipe(Config.withDefault("prod"))
      const token = yield* Config.option(Config.Redacted("WORKFLOWS_TTD_AUTH"))
      return JobStatus.layer({ server, token: Option.getOrUndefined(token) })
    })
  )
}

/** The `fetch` of the application: the caller's, the layer's, or the runtime's as it is now. */
const fetchOf = (layerFetch: FetchFunction | undefined) => (caller: Context.Context<never>) =>
  Context.getOrUndefined(caller, FetchHttpClient.Fetch) ?? layerFetch ?? runtimeFetch

const streamOf = <A, E, E2>(pull: Effect.Effect<Pull.Pull<A, E>, E2, Scope.Scope>): Stream.Stream<A, E | E2> =>
  Stream.unwrap(Effect.map(pull, (pull) => Stream.fromPull(Effect.succeed(Effect.map(pull, Arr.of)))))
