/**
 * The public JSON of a job's snapshot: what the CLI prints with `--json`, the service sends and pages hold.
 *
 * @module
 */
import type { JobKind } from "./JobKinds.ts"
import type { JobPhase } from "./Phases.ts"

/** A result that the server sent inside the status (its size in bytes), or a link to it. */
export type JobResultJson =
  | { readonly inline: true; readonly bytes: number }
  | { readonly inline: false; readonly url: string }

/**
 * A job's snapshot as JSON. Times are ISO 8601 in UTC.
 *
 * @example
 * ```ts
 * import type { JobSnapshotJson } from "@ttd-jobs/core/model"
 *
 * const snapshot: JobSnapshotJson = {
 *   ref: "standard:412651", kind: "standard", id: "412651",
 *   phase: "running", status: "InProgress", completionPercentage: 42.5,
 *   createdAt: "2026-11-23T20:49:00.000Z", completedAt: null, expiresAt: null,
 *   result: null, errors: []
 * }
 * ```
 */
export interface JobSnapshotJson {
  /** The job reference, such as `standard:412651`. */
  readonly ref: string
  readonly kind: JobKind
  /** Decimal digits of an int64 for a standard job, any text for the others. */
  readonly id: string
  readonly phase: JobPhase
  /** The server's own status. */
  readonly status: string
  /** Percent, 0 – 100; null when the server does not say. It may go back, and 100 is not terminal. */
  readonly completionPercentage: number | null
  /** When the job was created; where the server has no date, its completion, or the response while it runs. */
  readonly createdAt: string
  /** Null until the job has ended, or when the server does not say. */
  readonly completedAt: string | null
  /** When the result may be gone. Null until the job has ended. */
  readonly expiresAt: string | null
  /** Null while there is none. */
  readonly result: JobResultJson | null
  /** All of the server's error texts, in order. */
  readonly errors: ReadonlyArray<string>
}
