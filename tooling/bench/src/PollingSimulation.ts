/**
 * Simulates polling: how many requests a poll schedule sends, and how late it sees that a job has ended. Pure arithmetic, without
 * clock or network.
 *
 * @module
 */
import { PollSchedule } from "@ttd-jobs/core"
import { type ProgressCurve, percentageAt } from "@ttd-jobs/simulator"
import { Duration, Effect, Random } from "effect"

/**
 * A poll schedule: called for each job with the time of the first poll, it returns the function that gives the pause after each poll,
 * in milliseconds.
 */
export type Schedule = (startedAt: number) => (seen: PollSchedule.Observation) => number

/** The cost and the delay of polling one job. */
export interface Outcome {
  readonly requests: number
  /** The time from the job's end to the poll that saw it, in milliseconds. */
  readonly lateness: number
}

/** A job to poll. */
export interface Job {
  readonly duration: Duration.Duration
  readonly progress: ProgressCurve
}

/** Core's adaptive schedule. */
export const adaptive: Schedule = (startedAt) => {
  let state = PollSchedule.begin(startedAt)
  return (seen) => {
    const next = PollSchedule.next(PollSchedule.adaptive, state, seen)
    state = next.state
    return next.pause
  }
}

/** The same pause after every poll. */
export const fixed =
  (pause: Duration.Duration): Schedule =>
  () =>
  () =>
    Duration.toMillis(pause)

/** Twice the pause each time, from 1 second to 5 minutes. */
export const doubling: Schedule = () => {
  let pause = 500
  return () => {
    pause = Math.min(2 * pause, 300_000)
    return pause
  }
}

/** Polls one job, created at 0, from `startedAt` to its end. Times are milliseconds; `random` gives numbers from 0 to 1. */
export const run = (
  schedule: Schedule,
  { duration, progress }: Job,
  startedAt: number,
  random: () => number
): Outcome => {
  const end = Duration.toMillis(duration)
  const pauseAfter = schedule(startedAt)
  let requests = 1
  let now = startedAt
  while (now < end) {
    now += pauseAfter({ now, createdAt: 0, percentage: percentageAt(progress, now / end), random: random() })
    requests += 1
  }
  return { requests, lateness: now - end }
}

/** Costs and delays of polling many jobs of similar duration and progress. */
export interface Summary {
  readonly requests: Quantiles
  /** In milliseconds. */
  readonly lateness: Quantiles
  /** As a fraction of the job's duration. */
  readonly relativeLateness: Quantiles
}

/** The median and the 95th percentile. */
export interface Quantiles {
  readonly median: number
  readonly p95: number
}

/**
 * Polls many jobs, each from a random time in its first two seconds on. Their durations are up to a fifth shorter than the given
 * one, so that the last poll before the end is at a random time, too.
 */
export const summarize = Effect.fnUntraced(function* (
  schedule: Schedule,
  job: Job,
  jobs: number
): Effect.fn.Return<Summary> {
  const generator = yield* Random.Random
  const random = () => generator.nextDoubleUnsafe()
  const outcomes = Array.from({ length: jobs }, () => {
    const duration = Duration.times(job.duration, 1 - random() / 5)
    const outcome = run(schedule, { ...job, duration }, 2000 * random(), random)
    return { ...outcome, relativeLateness: outcome.lateness / Duration.toMillis(duration) }
  })
  return {
    requests: quantiles(outcomes.map(({ requests }) => requests)),
    lateness: quantiles(outcomes.map(({ lateness }) => lateness)),
    relativeLateness: quantiles(outcomes.map(({ relativeLateness }) => relativeLateness))
  }
})

const quantiles = (values: ReadonlyArray<number>): Quantiles => {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN
  return { median: at(0.5), p95: at(0.95) }
}
