/**
 * What a job is told to do: how long it takes, how it moves, how it ends.
 *
 * @module
 */
import type { JobIdInput, JobKind } from "@ttd-jobs/core"
import type { Duration } from "effect"
import type { ResultScript } from "./ResultScript.ts"

/**
 * How `completionPercentage` moves while the job runs: `steady`; `stalled` (quick to 60, still for most of the time);
 * `bursty` (leaps); `none` (always null, also at the end); or a function of the part of the run that is over, from 0 to 1, whose
 * answer is sent as it is.
 */
export type ProgressCurve = "steady" | "stalled" | "bursty" | "none" | ((elapsed: number) => number | null)

/**
 * How date-times are written: `utc` as `2026-11-23T20:49:00.1234567Z`, `no-offset` without the `Z`, `offset` with `+00:00`,
 * `seconds` as `2026-11-23T20:49:00Z`.
 */
export type DateStyle = "utc" | "no-offset" | "offset" | "seconds"

/**
 * A scripted job. Every field has a default; times are simulated ones.
 *
 * @example
 * ```ts
 * import { type JobScript, ResultScript } from "@ttd-jobs/simulator"
 *
 * const report: JobScript = {
 *   kind: "graphql-bulk",
 *   queued: "5 seconds",
 *   duration: "10 minutes",
 *   progress: "bursty",
 *   status: "PartialSuccess",
 *   runtimeErrors: ["Advertiser 4f3a was skipped"],
 *   result: ResultScript.file({ size: 50_000_000 })
 * }
 * ```
 */
export interface JobScript {
  /** Default `standard`. */
  readonly kind?: JobKind | undefined
  /** Default: drawn. A job with the same kind and id is replaced. */
  readonly id?: JobIdInput | undefined
  /** From the start of the work to its end. Default 60 seconds; `Duration.infinity` for a job that never ends. */
  readonly duration?: Duration.Input | undefined
  /** How long the job waits before its work starts: `Queued` for GraphQL jobs, `InProgress` at 0 % for standard ones. Default 0. */
  readonly queued?: Duration.Input | undefined
  /** How long ago the job was created. Default 0. */
  readonly age?: Duration.Input | undefined
  /** Default `steady`. */
  readonly progress?: ProgressCurve | undefined
  /** How the job ends: a word of the contract or any other. Default `Success`. */
  readonly status?: string | undefined
  /** `errors`, told once the job has ended. Default null. For GraphQL jobs it stands beside `job`. */
  readonly errors?: string | null | undefined
  /** `runtimeErrors` of a GraphQL job, told once it has ended; before that `[]`. Default `[]`. */
  readonly runtimeErrors?: ReadonlyArray<string> | null | undefined
  /** `queryGqlErrors` of a GraphQL job, told once it has ended. Default null. */
  readonly queryGqlErrors?: ReadonlyArray<string> | null | undefined
  /** What is left behind. Default: a short text for `Success` and `PartialSuccess`, nothing for any other end. */
  readonly result?: ResultScript | undefined
  /**
   * A GraphQL answer without a job, only with `errors` (the script's, or a sentence that says so): `job` is left out (`absent`)
   * or null. Default: the answer holds the job.
   */
  readonly withoutJob?: "absent" | "null" | undefined
  /** Default `utc`. */
  readonly dates?: DateStyle | undefined
  /** How an empty optional field is written: as `null` (default) or not at all. */
  readonly empty?: "null" | "absent" | undefined
}
