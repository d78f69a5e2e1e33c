/**
 * One view of any job, whatever its kind: the object that the CLI prints, the service sends and pages show.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import type { GraphQlJob, StandardJobStatusResponse } from "./http/Responses.ts"
import { JobKind } from "./JobKind.ts"
import type { JobRef } from "./JobRef.ts"

/**
 * Where a job stands, in one vocabulary for all kinds. A status the contract does not know is `unknown`, and not terminal.
 *
 * @example
 * ```ts
 * import { isTerminal, JobPhase } from "@ttd-jobs/core"
 *
 * JobPhase.literals.filter((phase) => !isTerminal(phase)) // ["queued", "running", "unknown"]
 * ```
 */
export const JobPhase = Schema.Literals([
  "queued",
  "running",
  "succeeded",
  "partially-succeeded",
  "failed",
  "cancelled",
  "expired",
  "unknown"
])
export type JobPhase = typeof JobPhase.Type

/**
 * The result as the status knows it: sent along (its size in bytes), or where it can be downloaded.
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
 * Where a job stands. Times are `DateTime.Utc`; encoded (`JobSnapshot.toJson`) they are ISO 8601 strings.
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
  /** Where the job stands, in one vocabulary for all kinds. */
  phase: JobPhase,
  /** The server's own word. */
  status: Schema.String,
  /** Percent, 0 – 100. It may be null, and may go back; 100 is not done. */
  completionPercentage: Schema.NullOr(Schema.Finite),
  createdAt: Schema.DateTimeUtcFromString,
  /** Null until the job has ended, or when the server does not say. */
  completedAt: Schema.NullOr(Schema.DateTimeUtcFromString),
  /** When the result may be gone: 24 hours after completion. Null until the job has ended. */
  expiresAt: Schema.NullOr(Schema.DateTimeUtcFromString),
  /** Null until there is one. */
  result: Schema.NullOr(JobResult),
  /** All of the server's error texts, in order. */
  errors: Schema.Array(Schema.String)
}) {
  /** The object of the public interface, for `JSON.stringify`. */
  static readonly toJson = Schema.encodeSync(JobSnapshot)
  /** Reads what `toJson` made; throws a `SchemaError` on anything else. */
  static readonly fromJson = Schema.decodeUnknownSync(JobSnapshot)

  /** The object of the public interface, so that `JSON.stringify(snapshot)` gives it. */
  toJSON(): typeof JobSnapshot.Encoded {
    return JobSnapshot.toJson(this)
  }

  /** Whether the job has ended. */
  get isTerminal(): boolean {
    return isTerminal(this.phase)
  }
}

/**
 * Whether a job in this phase has ended for good.
 *
 * @example
 * ```ts
 * import { isTerminal } from "@ttd-jobs/core"
 *
 * isTerminal("expired") // true
 * isTerminal("unknown") // false
 * ```
 */
export const isTerminal = (phase: JobPhase): boolean => phase !== "queued" && phase !== "running" && phase !== "unknown"

/**
 * How long upstream keeps a result (contract, "Life of a job").
 *
 * @example
 * ```ts
 * import { resultLifetime } from "@ttd-jobs/core"
 * import { Duration } from "effect"
 *
 * Duration.toHours(resultLifetime) // 24
 * ```
 */
export const resultLifetime: Duration.Duration = Duration.hours(24)

/**
 * The first moment at which a job's result may be gone, in milliseconds since the epoch: the contract does not say from when the
 * 24 hours count, so this is 24 hours after creation, where `expiresAt` counts from completion.
 */
export const mayBeGoneAt = (snapshot: JobSnapshot): number =>
  snapshot.createdAt.epochMilliseconds + Duration.toMillis(resultLifetime)

/** The view of a standard job's status. */
export const fromStandard = (ref: JobRef, job: StandardJobStatusResponse): JobSnapshot =>
  snapshotOf(ref, {
    ...job,
    createdAt: job.createdAtUtc,
    completedAt: job.completedAtUtc,
    errors: textsOf([job.errors])
  })

/** The view of a GraphQL job's status, of either kind; `errors` is the answer's own error text beside the job. */
export const fromGraphQl = (ref: JobRef, job: GraphQlJob, errors: string | null | undefined): JobSnapshot =>
  snapshotOf(ref, {
    ...job,
    errors: textsOf([errors, ...(job.runtimeErrors ?? []), ...(job.queryGqlErrors ?? [])])
  })

interface Job {
  readonly status: string
  readonly createdAt: DateTime.Utc
  readonly completedAt?: DateTime.Utc | null | undefined
  readonly completionPercentage?: number | null | undefined
  readonly url?: string | null | undefined
  readonly rawResult?: string | null | undefined
  readonly errors: ReadonlyArray<string>
}

const snapshotOf = (ref: JobRef, job: Job): JobSnapshot => {
  const phase = phases.get(job.status) ?? "unknown"
  const completedAt = job.completedAt ?? null
  return new JobSnapshot({
    ref: String(ref),
    kind: ref.kind,
    id: ref.id,
    phase,
    status: job.status,
    completionPercentage: percentageOf(job.completionPercentage),
    createdAt: job.createdAt,
    completedAt,
    // Without a time of completion only this much is certain: the result was there when the job was created at the earliest.
    expiresAt: isTerminal(phase) ? DateTime.addDuration(completedAt ?? job.createdAt, resultLifetime) : null,
    result: resultOf(job),
    errors: job.errors
  })
}

const phases: ReadonlyMap<string, JobPhase> = new Map([
  ["Queued", "queued"],
  ["InProgress", "running"],
  ["Success", "succeeded"],
  ["PartialSuccess", "partially-succeeded"],
  ["Failure", "failed"],
  ["Cancelled", "cancelled"],
  ["ResultsExpired", "expired"]
])

const percentageOf = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Math.min(100, Math.max(0, value))

const resultOf = ({ rawResult, url }: Job): JobResult | null => {
  if (rawResult) return { inline: true, bytes: utf8Length(rawResult) }
  if (url) return { inline: false, url }
  return rawResult === "" ? { inline: true, bytes: 0 } : null
}

const textsOf = (texts: ReadonlyArray<string | null | undefined>): ReadonlyArray<string> =>
  texts.flatMap((text) => (text ? [text] : []))

/** The length of a text in UTF-8, in bytes, without encoding it: a result may be 20 MB. */
const utf8Length = (text: string): number => {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    // A surrogate pair is two units and four bytes; a lone surrogate is written as the three bytes of U+FFFD.
    if (unit >= 0x80) bytes += unit < 0x800 || isPairedSurrogate(text, index, unit) ? 1 : 2
  }
  return bytes
}

const isPairedSurrogate = (text: string, index: number, unit: number): boolean =>
  unit >= 0xd800 &&
  unit <= 0xdfff &&
  (unit < 0xdc00 ? isLow(text.charCodeAt(index + 1)) : isHigh(text.charCodeAt(index - 1)))

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff
