/**
 * The state of a wait or of a tracked job, to continue in another process. Holds no credential and no URL.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Hash from "effect/Hash"
import * as Schema from "effect/Schema"
import { JobPhase, type JobSnapshot } from "../JobSnapshot.ts"

/** Version 2 of what was seen last. */
const Seen = Schema.Struct({
  phase: JobPhase,
  status: Schema.String,
  completionPercentage: Schema.NullOr(Schema.Finite),
  /** A fingerprint of the error texts; null when it is not known. */
  errors: Schema.NullOr(Schema.String),
  /** Whether there was a result; null when it is not known. */
  result: Schema.NullOr(Schema.Boolean)
})

/** Where the poll schedule was. */
const Schedule = Schema.Struct({
  /** When the next poll was due. */
  nextPollAt: Schema.DateTimeUtcFromString,
  /** The percentage seen last, and since when it has not changed. */
  percentage: Schema.NullOr(Schema.Finite),
  movedAt: Schema.DateTimeUtcFromString,
  /** Between which times the job should end at its present speed; null while unknown. */
  expectedEnd: Schema.NullOr(
    Schema.Struct({ earliest: Schema.DateTimeUtcFromString, latest: Schema.DateTimeUtcFromString })
  ),
  /** How many polls in a row have confirmed that. */
  confirmed: Schema.Int
})

/**
 * A wait at one moment: when it began, its deadline, what it saw last, and where its poll schedule was. `version` tells later versions
 * of this package how to read it; version 1, which had no schedule, is read too.
 *
 * @example
 * ```ts
 * import { ResumePoint } from "@ttd-jobs/core"
 *
 * const stored =
 *   '{"version":2,"ref":"standard:412651","startedAt":"2026-11-23T20:49:00.000Z","deadline":null,"seen":null,"schedule":null}'
 * ResumePoint.fromJson(JSON.parse(stored)).ref // "standard:412651"
 * ```
 */
export class ResumePoint extends Schema.Class<ResumePoint>("@ttd-jobs/core/ResumePoint")({
  version: Schema.Literal(2),
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** When the first of the waits began. */
  startedAt: Schema.DateTimeUtcFromString,
  /** When the wait times out; null for never. */
  deadline: Schema.NullOr(Schema.DateTimeUtcFromString),
  /** What was seen last, so that a resumed wait reports changes only; null when no poll has succeeded. */
  seen: Schema.NullOr(Seen),
  /** Where the poll schedule was; null when the job was not polled. */
  schedule: Schema.NullOr(Schedule)
}) {
  /** For `JSON.stringify`, or any other way of storing it. */
  static readonly toJson = Schema.encodeSync(ResumePoint)
  /** Reads what `toJson` made, of this version or version 1; throws a `SchemaError` on anything else. */
  static readonly fromJson = (json: unknown): ResumePoint => decode(isVersion1(json) ? fromVersion1(json) : json)

  /**
   * The state made of the last snapshot that a wait has reported, for a process that is stopped before its wait has ended. It counts from
   * the job's creation and has no deadline: give the new wait a `timeout`.
   *
   * @example
   * ```ts
   * import { JobSnapshot, ResumePoint } from "@ttd-jobs/core"
   *
   * const stored =
   *   '{"ref":"standard:412651","kind":"standard","id":"412651","phase":"running","status":"InProgress","completionPercentage":42.5,' +
   *   '"createdAt":"2026-11-23T20:49:00.000Z","completedAt":null,"expiresAt":null,"result":null,"errors":[]}'
   * ResumePoint.fromSnapshot(JobSnapshot.fromJson(JSON.parse(stored))).seen?.status // "InProgress"
   * ```
   */
  static fromSnapshot(
    snapshot: SeenSnapshot & { readonly ref: string; readonly createdAt: DateTime.Utc | Date }
  ): ResumePoint {
    const { createdAt, ref } = snapshot
    const seen = seenOf(snapshot)
    const startedAt = createdAt instanceof Date ? DateTime.fromDateUnsafe(createdAt) : createdAt
    return new ResumePoint({ version: 2, ref, startedAt, deadline: null, seen, schedule: null })
  }

  toJSON(): typeof ResumePoint.Encoded {
    return ResumePoint.toJson(this)
  }
}

/** The part of a snapshot whose change is reported. */
export type Seen = NonNullable<ResumePoint["seen"]>

/** Where a poll schedule was, in wall-clock times. */
export type StoredSchedule = NonNullable<ResumePoint["schedule"]>

/** The fields of a snapshot whose change is reported. */
type SeenSnapshot = Pick<JobSnapshot, "phase" | "status" | "completionPercentage" | "errors" | "result">

/** The part of a snapshot whose change is reported. */
export const seenOf = ({ completionPercentage, errors, phase, result, status }: SeenSnapshot): Seen => ({
  phase,
  status,
  completionPercentage,
  errors: fingerprintOf(errors),
  result: result !== null
})

/** Whether a snapshot shows nothing that was not seen before. */
export const isUnchanged = (seen: Seen, snapshot: JobSnapshot): boolean =>
  seen.phase === snapshot.phase &&
  seen.status === snapshot.status &&
  seen.completionPercentage === snapshot.completionPercentage &&
  (seen.errors ?? fingerprintOf(snapshot.errors)) === fingerprintOf(snapshot.errors) &&
  (seen.result ?? snapshot.result !== null) === (snapshot.result !== null)

/** Texts may quote a signed link, so that only their number, length and hash are stored. */
const fingerprintOf = (errors: ReadonlyArray<string>): string => {
  const text = JSON.stringify(errors)
  return `${errors.length}-${text.length}-${(Hash.string(text) >>> 0).toString(16)}`
}

const decode = Schema.decodeUnknownSync(ResumePoint)

const isVersion1 = Schema.is(
  Schema.Struct({
    version: Schema.Literal(1),
    seen: Schema.NullOr(Schema.Struct({ phase: Schema.Unknown, errors: Schema.Int }))
  })
)

/** Version 1 counted the error texts, and knew nothing of results and schedules. */
const fromVersion1 = (json: { readonly seen: object | null }) => ({
  ...json,
  version: 2,
  seen: json.seen === null ? null : { ...json.seen, errors: null, result: null },
  schedule: null
})
