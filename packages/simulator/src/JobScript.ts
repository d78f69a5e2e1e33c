/**
 * Scripts of simulated jobs: duration, progress, outcome, result, callback.
 *
 * @module
 */
import type { JobIdInput, JobKind } from "@ttd-jobs/core"
import type * as Duration from "effect/Duration"
import type { DateStyle } from "./DateText.ts"
import type { ProgressCurve } from "./ProgressCurve.ts"
import type { ResultScript } from "./ResultScript.ts"

/** A header of a callback of a GraphQL job. */
export interface CallbackHeader {
  readonly key: string
  readonly value: string
}

/** Where a job's completion is reported. */
export interface CallbackScript {
  /** An `http:` or `https:` URL. */
  readonly url: string
  /**
   * Headers that the callback carries, such as a secret: as upstream takes them, an object for standard jobs and a list of `{ key,
   * value }` for GraphQL jobs. Default: none.
   */
  readonly headers?: Readonly<Record<string, string>> | ReadonlyArray<CallbackHeader> | undefined
}

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
  /**
   * Default: generated. A job with the same kind and id is replaced. GraphQL jobs may have any text, as their path allows, but
   * upstream uses int64 ids only; the `id` in the response is the same number, or a generated one for other text.
   */
  readonly id?: JobIdInput | undefined
  /** The account that submitted the job: only it may read the job when the option `submitterOnly` is set. Default `default`. */
  readonly account?: string | undefined
  /** From the start of the work to its end. Default 60 seconds; `Duration.infinity` for a job that never ends. */
  readonly duration?: Duration.Input | undefined
  /** How long the job waits before its work starts: `Queued` for GraphQL jobs, `InProgress` at 0 % for standard ones. Default 0. */
  readonly queued?: Duration.Input | undefined
  /** How long ago the job was created. Default 0. */
  readonly age?: Duration.Input | undefined
  /** Default `steady`. */
  readonly progress?: ProgressCurve | undefined
  /** The terminal status: one of the OpenAPI document or any other text. Default `Success`. */
  readonly status?: string | undefined
  /** `errors` once the job has ended. Default null. For GraphQL jobs it is a field beside `job`. */
  readonly errors?: string | null | undefined
  /** `runtimeErrors` of a GraphQL job once it has ended; before that `[]`. Default `[]`. */
  readonly runtimeErrors?: ReadonlyArray<string> | null | undefined
  /** `queryGqlErrors` of a GraphQL job once it has ended. Default null. */
  readonly queryGqlErrors?: ReadonlyArray<string> | null | undefined
  /** Default: a short text, inline and behind a link, for `Success` and `PartialSuccess`; none for any other status. */
  readonly result?: ResultScript | undefined
  /** A request that the simulator sends when the job ends. Default: none. */
  readonly callback?: CallbackScript | undefined
  /**
   * A GraphQL response without a job, with `errors` only (the script's, or a default sentence): `job` is missing (`absent`) or null.
   * Default: the response contains the job.
   */
  readonly withoutJob?: "absent" | "null" | undefined
  /** Default `utc`. */
  readonly dates?: DateStyle | undefined
  /** How an empty optional field is written: as `null` (default) or not at all. */
  readonly empty?: "null" | "absent" | undefined
}
