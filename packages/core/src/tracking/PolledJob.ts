/**
 * A job that is polled, who watches it, and what its polls have shown.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import type * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as RetryPolicy from "../client/RetryPolicy.ts"
import type { RequestError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import * as PollSchedule from "./PollSchedule.ts"

/** Somebody who watches a job. */
export interface Watcher {
  /** When it gives up, milliseconds since the epoch. */
  readonly deadline: number
  /** Whether it can take news now; a job whose watchers are all busy is not polled. */
  readonly isReady: boolean
  /** What it watches; the poller's to set: undefined before it joined and after it left. */
  job: PolledJob | undefined
  /** When it joined, among all; the poller's to set. Those whose deadlines are the same end in this order. */
  order: number
  /** An answer came. Returns whether it goes on watching. */
  onSeen(snapshot: JobSnapshot, now: number): boolean
  /** A poll failed. Returns whether it goes on watching. */
  onTrouble(error: RequestError, now: number): boolean
  /** Its deadline has come, or the server asks for a pause that reaches past it. */
  onExpired(job: PolledJob, now: number): void
  /** A poll broke in a way that nobody foresaw, or the client was closed. */
  onBroken(cause: Cause.Cause<never>): void
}

/** A job that is polled. Times are milliseconds since the epoch. */
export interface PolledJob {
  readonly key: string
  readonly ref: JobRef
  readonly policy: PollSchedule.PollPolicy
  /** Where its polls take clock, tracer and chance from: the first watcher's. */
  readonly context: Context.Context<never>
  readonly watchers: Set<Watcher>
  state: PollSchedule.PollState
  snapshot: JobSnapshot | null
  lastError: RequestError | null
  /** How many polls have ended. */
  polls: number
  /** How many polls failed with which HTTP status, or with `none`; there is no map until one did. */
  troubles: Map<string, number> | undefined
  /** How many polls have failed since the last that did not. */
  failures: number
  /** Before this nobody may make it be polled. */
  notBefore: number
  /** When the next poll is due; infinity while there is none to come. */
  due: number
  /** Its place in the queue; undefined while a poll is under way or nobody is ready. */
  turn: Turn | undefined
  poll: Fiber.Fiber<void> | undefined
}

/** A job's place in the queue. */
export interface Turn {
  readonly at: number
  /** Among jobs that are due together, who came first is served first. */
  readonly order: number
  readonly job: PolledJob
}

/** No time at all: for what is not to happen. */
export const never: number = Number.POSITIVE_INFINITY

/** A job that was not polled yet. */
export const makeJob = (
  key: string,
  ref: JobRef,
  policy: PollSchedule.PollPolicy,
  context: Context.Context<never>,
  now: number
): PolledJob => ({
  key,
  ref,
  policy,
  context,
  watchers: new Set(),
  state: PollSchedule.begin(now),
  snapshot: null,
  lastError: null,
  polls: 0,
  troubles: undefined,
  failures: 0,
  notBefore: now,
  due: now + Duration.toMillis(policy.initialDelay),
  turn: undefined,
  poll: undefined
})

/** Tells jobs apart. Watchers with different policies do not share polls. */
export const keyOf = (ref: JobRef, policy: PollSchedule.PollPolicy): string => {
  const spelling = policy === PollSchedule.adaptive ? usual : spellingOf(policy)
  return spelling === usual ? String(ref) : `${ref} ${spelling}`
}

const spellingOf = (policy: PollSchedule.PollPolicy) => Object.values(policy).join(" ")

const usual = spellingOf(PollSchedule.adaptive)

/** Whether anybody can take news of the job now. */
export const isWanted = ({ watchers }: PolledJob): boolean => {
  for (const { isReady } of watchers) if (isReady) return true
  return false
}

/** The last deadline of those who watch the job. */
export const lastDeadline = ({ watchers }: PolledJob): number => {
  let last = 0
  for (const { deadline } of watchers) last = Math.max(last, deadline)
  return last
}

/** Keeps what a poll brought. */
export const note = (job: PolledJob, outcome: Result.Result<JobSnapshot, RequestError>): void => {
  job.polls += 1
  if (Result.isSuccess(outcome)) {
    job.snapshot = outcome.success
    job.lastError = null
    job.failures = 0
    return
  }
  const error = outcome.failure
  job.lastError = error
  job.failures += 1
  if (error._tag === "RateLimitedError") {
    // It was not sent.
    job.polls -= 1
    return
  }
  const status = "status" in error ? String(error.status) : "none"
  job.troubles ??= new Map()
  job.troubles.set(status, (job.troubles.get(status) ?? 0) + 1)
}

/** How often the job was asked for, a poll that is under way included. */
export const pollsOf = ({ poll, polls }: PolledJob): number => (poll === undefined ? polls : polls + 1)

/** How many polls came back with which HTTP status, or with `none`, as one that is under way. */
export const responsesOf = (job: PolledJob): Record<string, number> => {
  const { polls, troubles = new Map<string, number>() } = job
  const seen = [...troubles.values()].reduce((left, count) => left - count, polls)
  const unanswered = (troubles.get("none") ?? 0) + pollsOf(job) - polls
  return {
    ...Object.fromEntries(troubles),
    ...(seen === 0 ? {} : { "200": seen + (troubles.get("200") ?? 0) }),
    ...(unanswered === 0 ? {} : { none: unanswered })
  }
}

/**
 * Plans the next poll after one that ended now, and returns when the server is ready for it. A poll that failed is repeated by the
 * vendor's backoff, which is sooner than the next poll of an old job.
 */
export const plan = (job: PolledJob, now: number, random: number): number => {
  const floor = job.lastError !== null && "retryAfter" in job.lastError ? (job.lastError.retryAfter ?? 0) : 0
  const pause = job.failures > 0 ? pauseAfterTrouble(job, floor, random) : pauseAfterNews(job, now, random)
  job.notBefore = now + Math.max(floor, PollSchedule.shortest)
  // Timers hold whole milliseconds: one that fires a fraction too early would fire again at once.
  job.due = Math.ceil(now + Math.max(pauseForAll(job, pause, now), floor))
  return now + floor
}

/** The pause, cut or stretched to the first of the watchers' last polls that falls within it or close behind it. */
const pauseForAll = ({ watchers }: PolledJob, pause: number, now: number): number => {
  let last = never
  let next = never
  for (const { deadline } of watchers) {
    const own = PollSchedule.beforeDeadline(pause, deadline - now)
    if (own === pause) next = pause
    else if (own !== null) last = Math.min(last, own)
  }
  // The others can wait that moment: a poll just before would leave no room for that watcher's last.
  return last === never ? next : last
}

/** Makes the next poll come early enough for somebody who has just begun to watch. */
export const hasten = (job: PolledJob, { deadline }: Watcher, now: number): void => {
  const last = now + (PollSchedule.beforeDeadline(never, deadline - now) ?? 0)
  // Who joins wants to know where the job stands now; a server in trouble is not asked any sooner for that.
  const wanted = job.polls > 0 && job.failures === 0 ? now : last
  job.due = Math.min(job.due, Math.max(wanted, job.notBefore))
}

const pauseAfterTrouble = ({ failures, policy }: PolledJob, floor: number, random: number): number => {
  const spread = random * Duration.toMillis(RetryPolicy.jitter)
  const backoff = Math.min(
    RetryPolicy.backoff(RetryPolicy.vendor, failures) + spread,
    Duration.toMillis(policy.maxInterval)
  )
  return Math.max(backoff, Duration.toMillis(policy.minInterval), floor === 0 ? 0 : floor + spread)
}

const pauseAfterNews = (job: PolledJob, now: number, random: number): number => {
  if (job.snapshot === null) return Duration.toMillis(job.policy.minInterval)
  const { pause, state } = PollSchedule.next(job.policy, job.state, {
    now,
    createdAt: job.snapshot.createdAt.epochMilliseconds,
    percentage: job.snapshot.completionPercentage,
    random
  })
  job.state = state
  return pause
}
