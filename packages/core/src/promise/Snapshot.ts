/**
 * Snapshots for promises: plain frozen objects with `Date`s, which can be spread, cloned and printed like any other.
 *
 * @module
 */
import type * as DateTime from "effect/DateTime"
import * as Effectful from "../JobSnapshot.ts"
import { isTerminal, type JobKind, type JobPhase, type JobResultJson, type JobSnapshotJson } from "../model/index.ts"

/** A job's snapshot. `JSON.stringify` makes the public JSON of it. */
export interface JobSnapshot {
  /** The reference, such as `standard:412651`. */
  readonly ref: string
  readonly kind: JobKind
  /** Decimal digits for a standard job, an int64; any text for the others. */
  readonly id: string
  /** The phase, in one vocabulary for all kinds of job. */
  readonly phase: JobPhase
  /** The server's own status. */
  readonly status: string
  /** Percent, 0 – 100; null when the server does not say. It may go back, and 100 is not terminal. */
  readonly completionPercentage: number | null
  readonly createdAt: Date
  /** Null until the job has ended, or when the server does not say. */
  readonly completedAt: Date | null
  /** When the result is gone: the lifetime of the job's kind after its completion. Null until the job has ended. */
  readonly expiresAt: Date | null
  /** Null until there is one. */
  readonly result: JobResultJson | null
  /** All of the server's error texts, in order. */
  readonly errors: ReadonlyArray<string>
  /** Whether the job has ended. */
  readonly isTerminal: boolean
}

/**
 * Reads and writes the public JSON of snapshots.
 *
 * @example
 * ```ts
 * import { JobSnapshot } from "@ttd-jobs/core/promise"
 *
 * const snapshot = JobSnapshot.fromJson({
 *   ref: "standard:412651", kind: "standard", id: "412651",
 *   phase: "running", status: "InProgress", completionPercentage: 42.5,
 *   createdAt: "2026-11-23T20:49:00.000Z", completedAt: null, expiresAt: null,
 *   result: null, errors: []
 * })
 * snapshot.createdAt.getTime() // 1795466940000
 * JobSnapshot.toJson(snapshot).createdAt // "2026-11-23T20:49:00.000Z"
 * ```
 */
export const JobSnapshot = {
  /** Reads the public JSON; throws a `SchemaError` on anything else. */
  fromJson: (json: unknown): JobSnapshot => plainSnapshot(Effectful.JobSnapshot.fromJson(json)),
  /** The public JSON of a snapshot, or of a copy of one. */
  toJson: (snapshot: JobSnapshot): JobSnapshotJson => jsonOf(snapshot)
}

const plainSnapshots = new WeakMap<Effectful.JobSnapshot, JobSnapshot>()

/** The plain form of a snapshot, the same object each time. */
export const plainSnapshot = (snapshot: Effectful.JobSnapshot): JobSnapshot => {
  const known = plainSnapshots.get(snapshot)
  if (known !== undefined) return known
  const { completedAt, completionPercentage, createdAt, errors, expiresAt, id, kind, phase, ref, result, status } =
    snapshot
  const plain: JobSnapshot = {
    ref,
    kind,
    id,
    phase,
    status,
    completionPercentage,
    createdAt: dateOf(createdAt),
    completedAt: dateOrNull(completedAt),
    expiresAt: dateOrNull(expiresAt),
    result: result === null ? null : Object.freeze({ ...result }),
    errors: Object.freeze([...errors]),
    isTerminal: isTerminal(phase)
  }
  // Not enumerable, so that copies and comparisons do not see it.
  Object.defineProperty(plain, "toJSON", { value: () => jsonOf(plain) })
  const frozen = Object.freeze(plain)
  plainSnapshots.set(snapshot, frozen)
  originals.set(frozen, snapshot)
  return frozen
}

const originals = new WeakMap<object, Effectful.JobSnapshot>()

/** The snapshot that a plain one was made of, for which the client may still have the inline result; anything else as it is. */
export const originalOf = <Input>(input: Input): Input | Effectful.JobSnapshot =>
  (typeof input === "object" && input !== null ? originals.get(input) : undefined) ?? input

const jsonOf = (snapshot: JobSnapshot): JobSnapshotJson => {
  const { isTerminal: _, ...fields } = snapshot
  const { completedAt, createdAt, expiresAt } = fields
  return {
    ...fields,
    createdAt: createdAt.toISOString(),
    completedAt: completedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null
  }
}

/** A point in time as a `Date`. */
export const dateOf = ({ epochMilliseconds }: DateTime.Utc): Date => new Date(epochMilliseconds)

/** A point in time, or none. */
export const dateOrNull = (time: DateTime.Utc | null | undefined): Date | null =>
  time === null || time === undefined ? null : dateOf(time)
