/**
 * Job snapshot as an Effect schema: one view of any job, whatever its kind, that the CLI prints, the service sends and pages show.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { JobKind } from "./JobKind.ts"
import type * as Model from "./model/index.ts"
import { isTerminal, jobKinds, jobPhaseNames } from "./model/index.ts"

/**
 * The phases of a job, in one vocabulary for all kinds: the keys of the table `phases` of `@ttd-jobs/core/model`. A status that is newer
 * than this package is phase `unknown`, and not terminal.
 *
 * @example
 * ```ts
 * import { isTerminal, JobPhase } from "@ttd-jobs/core"
 *
 * JobPhase.literals.filter((phase) => !isTerminal(phase)) // ["queued", "running", "unknown"]
 * ```
 */
export const JobPhase = Schema.Literals(jobPhaseNames)
export type JobPhase = typeof JobPhase.Type

/**
 * The result as the status describes it: sent inside the status (its size in bytes), or a link to it.
 *
 * @example
 * ```ts
 * import { JobResult } from "@ttd-jobs/core"
 * import { Schema } from "effect"
 *
 * const result = Schema.decodeUnknownSync(JobResult)({ inline: true, bytes: 123 })
 * console.log(result.inline ? `${result.bytes} bytes` : result.url) // "123 bytes"
 * ```
 */
export const JobResult = Schema.Union([
  Schema.Struct({ inline: Schema.Literal(true), bytes: Schema.Int }),
  Schema.Struct({ inline: Schema.Literal(false), url: Schema.String })
])
export type JobResult = typeof JobResult.Type

/**
 * A job's snapshot. Times are `DateTime.Utc`; encoded (`JobSnapshot.toJson`) they are ISO 8601 strings.
 *
 * @example
 * ```ts
 * import { JobSnapshot } from "@ttd-jobs/core"
 *
 * const snapshot = JobSnapshot.fromJson({
 *   ref: "standard:412651", kind: "standard", id: "412651",
 *   phase: "running", status: "InProgress", completionPercentage: 42.5,
 *   createdAt: "2026-11-23T20:49:00.000Z", completedAt: null, expiresAt: null,
 *   result: null, errors: []
 * })
 * snapshot.isTerminal // false
 * ```
 */
export class JobSnapshot extends Schema.Class<JobSnapshot>("@ttd-jobs/core/JobSnapshot")({
  /** The reference, such as `standard:412651`. */
  ref: Schema.String,
  kind: JobKind,
  /** Decimal digits for a standard job, an int64; any text for the others. */
  id: Schema.String,
  /** The phase, in one vocabulary for all kinds of job. */
  phase: JobPhase,
  /** The server's own status. */
  status: Schema.String,
  /** Percent, 0 – 100; null when the server does not say. It may go back, and 100 is not terminal. */
  completionPercentage: Schema.NullOr(Schema.Finite),
  /**
   * When the job was created. Where the server sends .NET's 0001-01-01, which means no date, it is the time of completion, or of the
   * response while the job runs.
   */
  createdAt: Schema.DateTimeUtcFromString,
  /** Null until the job has ended, or when the server does not say. */
  completedAt: Schema.NullOr(Schema.DateTimeUtcFromString),
  /**
   * When the result is gone: the lifetime of the job's kind after completion, or after creation while the completion is unknown. Null
   * until the job has ended.
   */
  expiresAt: Schema.NullOr(Schema.DateTimeUtcFromString),
  /** Null until there is one. */
  result: Schema.NullOr(JobResult),
  /** All of the server's error texts, in order. */
  errors: Schema.Array(Schema.String)
}) {
  /** The public JSON of a snapshot. */
  static readonly toJson = Schema.encodeSync(JobSnapshot)
  /** Reads what `toJson` made; throws a `SchemaError` on anything else. */
  static readonly fromJson = Schema.decodeUnknownSync(JobSnapshot)

  /** The public JSON, for `JSON.stringify(snapshot)`. */
  toJSON(): typeof JobSnapshot.Encoded {
    return JobSnapshot.toJson(this)
  }

  /** Whether the job has ended. */
  get isTerminal(): boolean {
    return isTerminal(this.phase)
  }
}

/**
 * How long the result of a job that has ended is there for certain, in milliseconds, once that is less than an hour or a quarter of its
 * lifetime; null before, and when there is no result. Where the API does not say when a kind's lifetime begins it counts from the job's
 * creation here, and so may end before `expiresAt`.
 */
export const expiringIn = (snapshot: JobSnapshot, now: number): number | null => {
  if (snapshot.expiresAt === null || snapshot.result === null) return null
  const createdAt = snapshot.createdAt.epochMilliseconds
  const completedAt = snapshot.completedAt?.epochMilliseconds ?? createdAt
  const lifetime = snapshot.expiresAt.epochMilliseconds - completedAt
  const begun = jobKinds[snapshot.kind].lifetimeFrom === "completion" ? completedAt : createdAt
  const left = begun + lifetime - now
  return left < Math.min(anHour, lifetime / 4) ? Math.max(0, left) : null
}

const anHour = 3_600_000

// From here on nothing runs: each line stops compiling when a schema and the model part.

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Holds<T extends true> = T
type Flat<T> = { readonly [K in keyof T]: T[K] }

/** Proofs that the schemas and the model agree. @internal */
export type Proofs = [
  Holds<Equal<typeof JobKind.Type, Model.JobKind>>,
  Holds<Equal<typeof JobPhase.Type, Model.JobPhase>>,
  Holds<Equal<typeof JobResult.Encoded, Model.JobResultJson>>,
  Holds<Equal<Flat<typeof JobSnapshot.Encoded>, Flat<Model.JobSnapshotJson>>>
]
