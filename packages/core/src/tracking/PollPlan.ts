/**
 * When a job is polled next: by its watchers' policies and deadlines, after a failure, and after a restart.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as RetryPolicy from "../client/RetryPolicy.ts"
import type { RequestError } from "../errors/Errors.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import { maxPause } from "../limiter/Pause.ts"
import * as PollSchedule from "./PollSchedule.ts"
import type { StoredSchedule } from "./ResumePoint.ts"
import { never, type PolledStatus, type TrackedJob, type TrackerTime, type Watcher } from "./TrackedJob.ts"

/** Records what a poll, or another caller, has seen. */
export const recordSuccess = (job: TrackedJob, { age, snapshot }: PolledStatus, time: TrackerTime): void => {
  job.snapshot = snapshot
  job.lastError = null
  job.failures = 0
  job.outcomeAt = time.elapsed
  job.notBefore = time.elapsed + PollSchedule.shortest
  const seen = { ...observationOf(job.state, snapshot, age, time), random: 0 }
  job.state = PollSchedule.observe(job.state, seen)
  job.expectedEnd = estimateOf(job.state, seen.createdAt, time.elapsed)
}

/** Records a failed poll. */
export const recordFailure = (job: TrackedJob, error: RequestError, time: TrackerTime): void => {
  if (job.lastError?._tag !== error._tag) job.failingSince = time.elapsed
  job.lastError = error
  job.failures += 1
  job.outcomeAt = time.elapsed
  job.notBefore = Math.ceil(time.elapsed + Math.max(floorOf(job), PollSchedule.shortest))
  job.expectedEnd = estimateOf(job.state, job.state.since, time.elapsed)
}

/**
 * Plans the poll after an outcome, and returns the pause that the server asks for, in milliseconds. A failed poll is repeated by the
 * vendor's backoff, which is sooner than the next poll of an old job.
 */
export const planNext = (job: TrackedJob, age: number | null, time: TrackerTime, random: number): number => {
  const floor = floorOf(job)
  let policy: PollSchedule.PollPolicy | undefined
  let interval = never
  let planned = never
  let next = never
  let last = never
  for (const { settings } of job.watchers) {
    if (settings.policy !== policy) {
      policy = settings.policy
      interval = intervalOf(job, policy, { age, floor, random }, time)
    }
    planned = Math.min(planned, interval)
    const own = PollSchedule.beforeDeadline(interval, settings.deadline - time.awake)
    if (own === interval) next = Math.min(next, own)
    else if (own !== null) last = Math.min(last, own)
  }
  // A poll less than a second before a watcher's last one would leave no room for it: both are one.
  const due = next + PollSchedule.shortest <= last ? next : last
  job.plannedAt = Math.ceil(time.elapsed + Math.max(planned, floor))
  job.due = due === never ? undefined : Math.ceil(time.elapsed + Math.max(due, floor))
  return floor
}

/** Plans the first poll for a watcher that joins, or an earlier one when the job is polled already. */
export const planJoin = (job: TrackedJob, watcher: Watcher, time: TrackerTime): void => {
  const { checksOnce, deadline, policy, resume } = watcher.settings
  const lastPoll = PollSchedule.beforeDeadline(never, deadline - time.awake) ?? 0
  const schedule = resume?.schedule ?? null
  if (checksOnce) {
    job.expectedEnd = 0
    bringForward(job, time.elapsed)
  } else if (job.outcomeAt === undefined && schedule !== null) {
    restoreSchedule(job, schedule, time)
  } else if (job.outcomeAt === undefined) {
    bringForward(job, time.elapsed + Duration.toMillis(policy.initialDelay))
  } else if (job.failures === 0) {
    // Whoever joins wants to know the status now. A failing server is polled no sooner for that.
    bringForward(job, time.elapsed)
  }
  job.plannedAt ??= job.due
  bringForward(job, time.elapsed + lastPoll)
}

/** Makes a job due sooner, but not before it may be polled again. */
const bringForward = (job: TrackedJob, at: number): void => {
  if (at === never) return
  const soonest = Math.ceil(Math.max(at, job.notBefore))
  job.due = job.due === undefined ? soonest : Math.min(job.due, soonest)
}

/** Where a job's schedule is, in wall-clock times; null before its first poll. */
export const storedScheduleOf = (job: TrackedJob, time: TrackerTime): StoredSchedule | null => {
  if (job.outcomeAt === undefined) return null
  const stored = (at: number) => DateTime.makeUnsafe(Math.round(time.wall + at - time.elapsed))
  const { confirmed, expectedEnd, movedAt, percentage } = job.state
  return {
    nextPollAt: stored(job.plannedAt ?? time.elapsed),
    percentage,
    movedAt: stored(movedAt),
    expectedEnd:
      expectedEnd === null ? null : { earliest: stored(expectedEnd.earliest), latest: stored(expectedEnd.latest) },
    confirmed
  }
}

const restoreSchedule = (job: TrackedJob, schedule: StoredSchedule, time: TrackerTime): void => {
  const local = (at: DateTime.Utc) => time.elapsed + DateTime.toEpochMillis(at) - time.wall
  const { confirmed, expectedEnd, movedAt, nextPollAt, percentage } = schedule
  job.state = {
    since: job.state.since,
    percentage,
    movedAt: local(movedAt),
    expectedEnd:
      expectedEnd === null ? null : { earliest: local(expectedEnd.earliest), latest: local(expectedEnd.latest) },
    confirmed
  }
  job.expectedEnd = estimateOf(job.state, job.state.since, time.elapsed)
  // A wall clock that was set back in between delays no poll.
  job.plannedAt = Math.round(Math.min(Math.max(local(nextPollAt), time.elapsed), time.elapsed + longestInterval))
  bringForward(job, job.plannedAt)
}

/** The pause that the last response asks for, in milliseconds. */
const floorOf = ({ lastError }: TrackedJob): number =>
  lastError !== null && "retryAfter" in lastError ? Math.min(lastError.retryAfter ?? 0, maxPause) : 0

const intervalOf = (
  job: TrackedJob,
  policy: PollSchedule.PollPolicy,
  outcome: { readonly age: number | null; readonly floor: number; readonly random: number },
  time: TrackerTime
): number => {
  if (job.failures > 0) return intervalAfterFailure(policy, job.failures, outcome.floor, outcome.random)
  if (job.snapshot === null) return Duration.toMillis(policy.minInterval)
  const seen = observationOf(job.state, job.snapshot, outcome.age, time)
  return PollSchedule.pauseAfter(policy, job.state, { ...seen, random: outcome.random })
}

const intervalAfterFailure = (policy: PollSchedule.PollPolicy, failures: number, floor: number, random: number) => {
  const jitter = random * Duration.toMillis(RetryPolicy.jitter)
  const backoff = Math.min(
    RetryPolicy.backoff(RetryPolicy.vendor, failures) + jitter,
    Duration.toMillis(policy.maxInterval)
  )
  return Math.max(backoff, Duration.toMillis(policy.minInterval), floor === 0 ? 0 : floor + jitter)
}

/** What a poll saw, on the elapsed clock. */
const observationOf = (state: PollSchedule.PollState, snapshot: JobSnapshot, age: number | null, time: TrackerTime) => {
  const waited = time.elapsed - state.since
  // Without the server's date only the local wall clock is left, which may be wrong: early in a wait a great age is not believed.
  const byWallClock = Math.min(time.wall - DateTime.toEpochMillis(snapshot.createdAt), 20 * waited + 60_000)
  return {
    now: time.elapsed,
    createdAt: time.elapsed - (age ?? byWallClock),
    percentage: snapshot.completionPercentage
  }
}

/** When a job is expected to end. Without progress it may take as long again as it has taken. */
const estimateOf = ({ expectedEnd, since }: PollSchedule.PollState, createdAt: number, now: number): number =>
  Math.round(
    expectedEnd === null
      ? 2 * now - Math.min(since, createdAt)
      : Math.max(now, (expectedEnd.earliest + expectedEnd.latest) / 2)
  )

/** No stored poll is due later than this from now, in milliseconds. */
const longestInterval = 86_400_000
