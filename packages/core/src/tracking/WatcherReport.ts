/**
 * Events of one watcher: changes only, warnings once, and the state of the wait at its deadline.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import { isPermanent, type RequestError, WaitTimeoutError } from "../errors/Errors.ts"
import { expiringIn, type JobSnapshot } from "../JobSnapshot.ts"
import type { JobTrackerEvent, Refused, TimedOut } from "./JobEvent.ts"
import { pollCountsOf, pollCountsSince } from "./PollCounts.ts"
import { storedScheduleOf } from "./PollPlan.ts"
import { isUnchanged, ResumePoint, type Seen, seenOf } from "./ResumePoint.ts"
import type { PolledStatus, TrackedJob, TrackerTime, Watcher } from "./TrackedJob.ts"

/** Reports what was seen, in order; `Ended` is the last event of a terminal snapshot. */
export const reportStatus = (
  watcher: Watcher,
  { age, snapshot }: PolledStatus,
  time: TrackerTime,
  report: (event: JobTrackerEvent) => void
): void => {
  const { ref } = snapshot
  const isNews = snapshot.isTerminal || hasNews(watcher, snapshot)
  watcher.last = snapshot
  if (!isNews) return
  report({ _tag: "Changed", ref, snapshot })
  if (snapshot.phase === "unknown" && !watcher.isWarned) {
    watcher.isWarned = true
    report({ _tag: "UnknownStatus", ref, snapshot })
  }
  if (!snapshot.isTerminal) return
  const now = age === null ? time.wall : DateTime.toEpochMillis(snapshot.createdAt) + age
  const left = expiringIn(snapshot, now)
  if (left !== null) report({ _tag: "ExpiresSoon", ref, snapshot, left })
  report({ _tag: "Ended", ref, snapshot })
}

/** The last event of a watcher to whom an error is permanent; undefined when polling continues. */
export const refusalOf = (watcher: Watcher, job: TrackedJob, error: RequestError, time: TrackerTime) => {
  if (!isPermanent(error) || (isMissing(error) && time.awake < watcher.settings.graceUntil)) return undefined
  return { _tag: "Refused", ref: job.key, error } satisfies Refused
}

/** The last event of a watcher whose deadline has passed. */
export const timeoutOf = (
  watcher: Watcher,
  job: TrackedJob,
  lastError: RequestError | null,
  time: TrackerTime
): TimedOut => {
  const { polls, responses } = pollCountsSince(watcher.countsBefore, pollCountsOf(job))
  const error = WaitTimeoutError.of({
    ref: job.key,
    snapshot: job.snapshot,
    elapsed: Math.round(time.awake - watcher.settings.startedAwake),
    polls,
    responses,
    lastError,
    resume: resumePointOf(watcher, job, time)
  })
  return { _tag: "TimedOut", ref: job.key, error }
}

/** The state of a watcher, to continue in another process. */
export const resumePointOf = (watcher: Watcher, job: TrackedJob, time: TrackerTime): ResumePoint => {
  const { deadline, startedAt } = watcher.settings
  const endsAt = Number.isFinite(deadline) ? DateTime.makeUnsafe(Math.round(time.wall + deadline - time.awake)) : null
  return new ResumePoint(
    {
      version: 2,
      ref: job.key,
      startedAt: DateTime.makeUnsafe(startedAt),
      deadline: endsAt,
      seen: seenBy(watcher),
      schedule: storedScheduleOf(job, time)
    },
    // Thousands may time out together, and the types hold.
    { disableChecks: true }
  )
}

const seenBy = (watcher: Watcher): Seen | null =>
  watcher.last === undefined ? (watcher.settings.resume?.seen ?? null) : seenOf(watcher.last)

const hasNews = ({ last, settings }: Watcher, snapshot: JobSnapshot): boolean => {
  if (last !== undefined) return hasChanged(last, snapshot)
  const seen = settings.resume?.seen ?? null
  return seen === null || !isUnchanged(seen, snapshot)
}

const hasChanged = (before: JobSnapshot, after: JobSnapshot): boolean =>
  before.phase !== after.phase ||
  before.status !== after.status ||
  before.completionPercentage !== after.completionPercentage ||
  (before.result === null) !== (after.result === null) ||
  before.errors.length !== after.errors.length ||
  before.errors.some((text, index) => text !== after.errors[index])

/** What a job gets that was submitted a moment ago. */
const isMissing = (error: RequestError): boolean => "status" in error && (error.status === 404 || error.status === 200)
