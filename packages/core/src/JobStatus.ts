/**
 * The service: the status of jobs, as typed effects.
 *
 * @module
 */
import { Config, Context, Effect, Layer, Option } from "effect"
import type { InvalidSettingError } from "./Errors.ts"
import { make, type Service } from "./Service.ts"
import { type JobStatusOptions, settingsOf } from "./Settings.ts"

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
export class JobStatus extends Context.Service<JobStatus, Service>()("@ttd-jobs/core/JobStatus") {
  /** The service with the given options. Fails with `InvalidSettingError` when one of them cannot be used. */
  static readonly layer = (options: JobStatusOptions = {}): Layer.Layer<JobStatus, InvalidSettingError> =>
    Layer.effect(JobStatus, Effect.flatMap(Effect.fromResult(settingsOf(options)), make))

  /** The service with the settings of the environment: `WORKFLOWS_SERVER` (default `prod`) and `WORKFLOWS_TTD_AUTH`. */
  static readonly layerConfig: Layer.Layer<JobStatus, InvalidSettingError | Config.ConfigError> = Layer.unwrap(
    Effect.gen(function* () {
      const server = yield* Config.String("WORKFLOWS_SERVER").pipe(Config.withDefault("prod"))
      const token = yield* Config.option(Config.Redacted("WORKFLOWS_TTD_AUTH"))
      return JobStatus.layer({ server, token: Option.getOrUndefined(token) })
    })
  )
}
