/**
 * Where a job's result is, according to its status.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import type { ResultStatus } from "../client/Client.ts"
import { ResultUnavailableError } from "../errors/Errors.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import { jobKinds } from "../model/index.ts"

/** A result inside the status, or behind a link. */
export type ResultLocation =
  | { readonly _tag: "Inline"; readonly text: string; readonly bytes: number }
  | { readonly _tag: "Link"; readonly url: string }

/** The location of a result; fails when there is none. */
export const locationOf = (
  { inline, snapshot }: ResultStatus,
  now: number
): Result.Result<ResultLocation, ResultUnavailableError> => {
  const { phase, result } = snapshot
  if (phase === "expired") return Result.fail(unavailable(snapshot, "expired", now))
  // An unknown status may be terminal: a result beside it shows that.
  if (!snapshot.isTerminal && (phase !== "unknown" || result === null)) {
    return Result.fail(unavailable(snapshot, "not-finished", now))
  }
  if (result === null) return Result.fail(unavailable(snapshot, isExpired(snapshot, now) ? "expired" : "none", now))
  return Result.succeed(
    result.inline ? { _tag: "Inline", text: inline ?? "", bytes: result.bytes } : { _tag: "Link", url: result.url }
  )
}

/** Whether an absent result has expired, for kinds of job without a status for it (contract, "Life of a job"). */
const isExpired = ({ expiresAt, kind }: JobSnapshot, now: number): boolean => {
  const statuses: ReadonlyArray<string> = jobKinds[kind].statuses
  return expiresAt !== null && now >= DateTime.toEpochMillis(expiresAt) && !statuses.includes("ResultsExpired")
}

/** The error for a missing result, with the age of the job. */
export const unavailable = (
  snapshot: JobSnapshot,
  reason: ResultUnavailableError["reason"],
  now: number
): ResultUnavailableError => {
  const ended = DateTime.toEpochMillis(snapshot.completedAt ?? snapshot.createdAt)
  const age = reason === "not-finished" ? null : Math.max(0, Math.round(now - ended))
  return ResultUnavailableError.of({ ref: snapshot.ref, reason, snapshot, age })
}
