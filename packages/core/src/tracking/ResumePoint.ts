/**
 * What a wait needs to go on in another process. It holds no credential and no URL, so it can be kept anywhere.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { JobPhase, type JobSnapshot } from "../JobSnapshot.ts"

/**
 * A wait as it stood: when it began, until when it may last, and what it saw last. `version` tells later versions of this
 * package how to read it.
 *
 * @example
 * ```ts
 * import { ResumePoint } from "@ttd-jobs/core"
 *
 * const kept = '{"version":1,"ref":"standard:412651","startedAt":"2026-11-23T20:49:00.000Z","deadline":null,"seen":null}'
 * ResumePoint.fromJson(JSON.parse(kept)).ref // "standard:412651"
 * ```
 */
export class ResumePoint extends Schema.Class<ResumePoint>("@ttd-jobs/core/ResumePoint")({
  version: Schema.Literal(1),
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** When the first of the waits began. */
  startedAt: Schema.DateTimeUtcFromString,
  /** When the wait gives up; null when it never does. */
  deadline: Schema.NullOr(Schema.DateTimeUtcFromString),
  /** What was seen last, so that a resumed wait reports changes only; null when no answer came. */
  seen: Schema.NullOr(
    Schema.Struct({
      phase: JobPhase,
      status: Schema.String,
      completionPercentage: Schema.NullOr(Schema.Finite),
      /** How many error texts there were. */
      errors: Schema.Int
    })
  )
}) {
  /** For `JSON.stringify`, or any other way of keeping it. */
  static readonly toJson = Schema.encodeSync(ResumePoint)
  /** Reads what `toJson` made; throws a `SchemaError` on anything else. */
  static readonly fromJson = Schema.decodeUnknownSync(ResumePoint)

  /**
   * A point made of the last snapshot that a wait has told, for a process that is stopped before its wait has ended. It counts from
   * the job's creation and has no deadline: give the new wait a `timeout`.
   *
   * @example
   * ```ts
   * import { JobSnapshot, ResumePoint } from "@ttd-jobs/core"
   *
   * const kept =
   *   '{"ref":"standard:412651","kind":"standard","id":"412651","phase":"running","status":"InProgress","completionPercentage":42.5,' +
   *   '"createdAt":"2026-11-23T20:49:00.000Z","completedAt":null,"expiresAt":null,"result":null,"errors":[]}'
   * ResumePoint.fromSnapshot(JobSnapshot.fromJson(JSON.parse(kept))).seen?.status // "InProgress"
   * ```
   */
  static fromSnapshot(snapshot: JobSnapshot): ResumePoint {
    const { createdAt, ref } = snapshot
    return new ResumePoint({ version: 1, ref, startedAt: createdAt, deadline: null, seen: seenOf(snapshot) })
  }

  toJSON(): typeof ResumePoint.Encoded {
    return ResumePoint.toJson(this)
  }
}

/** The part of a snapshot whose change is news to somebody who waits. */
export type Seen = NonNullable<ResumePoint["seen"]>

/** That part of a snapshot. */
export const seenOf = (snapshot: JobSnapshot): Seen => ({
  phase: snapshot.phase,
  status: snapshot.status,
  completionPercentage: snapshot.completionPercentage,
  errors: snapshot.errors.length
})

/** Whether two views of a job tell the same. */
export const isSame = (one: Seen, other: Seen): boolean =>
  one.phase === other.phase &&
  one.status === other.status &&
  one.completionPercentage === other.completionPercentage &&
  one.errors === other.errors
