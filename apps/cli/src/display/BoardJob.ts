/**
 * What the live board knows of a job: its snapshot, its progress since it was first seen, and the problem of its last poll.
 *
 * @module
 */
import type { JobSnapshot } from "@ttd-jobs/core"
import { remainingText } from "../text/Elapsed.ts"

/** A job on the board. Times are milliseconds since the epoch. */
export interface BoardJob {
  readonly ref: string
  /** The last snapshot that differed from the one before; undefined before the first. */
  readonly snapshot?: JobSnapshot
  /** When that was seen. */
  readonly seenAt?: number
  /** When and at what percentage it was first seen running, for the estimate. */
  readonly since?: { readonly at: number; readonly percentage: number }
  /** Why the last poll failed, and when. */
  readonly problem?: Problem
  /** Why it is no longer polled. */
  readonly failure?: string
}

/** Why a poll failed. */
export interface Problem {
  readonly text: string
  readonly at: number
  /** When the next poll follows, if that is known. */
  readonly retryAt?: number | undefined
  /** The end of the pause that the API asked for; undefined for none. */
  readonly pausedUntil?: number | undefined
}

/** The job after a new snapshot. */
export const seen = (job: BoardJob, snapshot: JobSnapshot, now: number): BoardJob => {
  const percentage = snapshot.completionPercentage
  const isProgress = job.since !== undefined && percentage !== null && percentage >= job.since.percentage
  const since =
    snapshot.phase !== "running" || percentage === null ? undefined : isProgress ? job.since : { at: now, percentage }
  return { ref: job.ref, snapshot, seenAt: now, ...(since === undefined ? {} : { since }) }
}

/** Whether nothing more is expected of a job. */
export const isEnded = ({ failure, snapshot }: BoardJob): boolean =>
  failure !== undefined || snapshot?.isTerminal === true

/** The problem of a job's last poll. There is no event when polls succeed again without a change, so it expires. */
export const currentProblem = ({ failure, problem }: BoardJob, now: number): Problem | undefined =>
  problem === undefined ||
  failure !== undefined ||
  now > Math.max(problem.at, problem.retryAt ?? 0, problem.pausedUntil ?? 0) + problemExpiry
    ? undefined
    : problem

/** Longer than a failing request takes and is retried after, in milliseconds. */
const problemExpiry = 120_000

/** What is left at the rate since the job was first seen; empty before 1 % more is done, and once it should have ended already. */
export const estimateText = ({ seenAt, since, snapshot }: BoardJob, now: number): string => {
  const percentage = snapshot?.completionPercentage ?? null
  if (seenAt === undefined || since === undefined || percentage === null) return ""
  const progress = percentage - since.percentage
  const left = ((100 - percentage) * (seenAt - since.at)) / progress - (now - seenAt)
  return progress < 1 || left <= 0 ? "" : `${remainingText(left)} left`
}
