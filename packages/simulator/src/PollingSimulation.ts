/**
 * What a way of polling costs, and how soon it notices that a job has ended: pure arithmetic, without clock, network or chance.
 *
 * @example
 * ```ts
 * import { PollingSimulation } from "@ttd-jobs/simulator"
 * import { Duration } from "effect"
 *
 * const job = { duration: Duration.minutes(10), progress: "none" } as const
 * for (const poller of [
 *   PollingSimulation.adaptive,
 *   PollingSimulation.doubling,
 *   PollingSimulation.fixed(Duration.seconds(5))
 * ]) {
 *   console.log(PollingSimulation.run(poller, job, 0, () => 0.5))
 * }
 * ```
 *
 * @module
 */
import { PollSchedule } from "@ttd-jobs/core"
import { Duration, Effect, Random } from "effect"
import type { ProgressCurve } from "./JobScript.ts"
import * as SimulatedJob from "./SimulatedJob.ts"

/**
 * A way of polling: called for each job with the time of the first poll, it gives the function that says how long to pause after
 * each poll, in milliseconds.
 */
export type Poller = (began: number) => (seen: PollSchedule.Observation) => number

/** What polling one job came to. */
export interface Outcome {
  readonly requests: number
  /** How long after the job's end the poll came that saw it, in milliseconds. */
  readonly lateness: number
}

/** A job to poll. */
export interface PolledJob {
  readonly duration: Duration.Duration
  readonly progress: ProgressCurve
}

/** The adaptive schedule of core. */
export const adaptive: Poller = (began) => {
  let state = PollSchedule.begin(began)
  return (seen) => {
    const next = PollSchedule.next(PollSchedule.adaptive, state, seen)
    state = next.state
    return next.pause
  }
}

/** The same pause always: what most people write first. */
export const fixed =
  (pause: Duration.Duration): Poller =>
  () =>
  () =>
    Duration.toMillis(pause)

/** Twice the pause each time, from 1 second to 5 minutes: what they write next. */
export const doubling: Poller = () => {
  let pause = 500
  return () => {
    pause = Math.min(2 * pause, 300_000)
    return pause
  }
}

/**
 * Polls one job, created at 0, from `began` to its end. Times are milliseconds; `random` gives numbers from 0 to 1.
 *
 * @example
 * ```ts
 * import { PollingSimulation } from "@ttd-jobs/simulator"
 * import { Duration } from "effect"
 *
 * const job = { duration: Duration.seconds(12), progress: "none" } as const
 * PollingSimulation.run(PollingSimulation.fixed(Duration.seconds(5)), job, 0, () => 0.5) // { requests: 4, lateness: 3000 }
 * ```
 */
export const run = (
  poller: Poller,
  { duration, progress }: PolledJob,
  began: number,
  random: () => number
): Outcome => {
  const job = SimulatedJob.make({ duration, progress }, 0, "1")
  const pauseAfter = poller(began)
  let requests = 1
  let now = began
  for (let state = SimulatedJob.stateAt(job, now); !state.ended; state = SimulatedJob.stateAt(job, now)) {
    now += pauseAfter({ now, createdAt: 0, percentage: state.percentage, random: random() })
    requests += 1
  }
  return { requests, lateness: now - Duration.toMillis(duration) }
}

/** How a way of polling does with many jobs of much the same duration and progress. */
export interface Summary {
  readonly requests: Quantiles
  /** How long after the end it was noticed, in milliseconds. */
  readonly lateness: Quantiles
  /** The same as a part of the job's duration. */
  readonly relativeLateness: Quantiles
}

/** The middle of some numbers, and what 95 in 100 of them do not exceed. */
export interface Quantiles {
  readonly median: number
  readonly p95: number
}

/**
 * Polls many jobs, each from a moment of its own in its first two seconds on. Their durations are up to a fifth shorter than the
 * given one, so that it is a matter of chance how long before the end a poll comes.
 *
 * @example
 * ```ts
 * import { PollingSimulation } from "@ttd-jobs/simulator"
 * import { Duration, Effect, Random } from "effect"
 *
 * const job = { duration: Duration.minutes(10), progress: "steady" } as const
 * const { lateness } = Effect.runSync(
 *   PollingSimulation.summarize(PollingSimulation.adaptive, job, 100).pipe(Random.withSeed("example"))
 * )
 * lateness.p95 < 30_000 // true
 * ```
 */
export const summarize = Effect.fnUntraced(function* (
  poller: Poller,
  job: PolledJob,
  jobs: number
): Effect.fn.Return<Summary> {
  const generator = yield* Random.Random
  const random = () => generator.nextDoubleUnsafe()
  const outcomes = Array.from({ length: jobs }, () => {
    const duration = Duration.times(job.duration, 1 - random() / 5)
    const outcome = run(poller, { ...job, duration }, 2000 * random(), random)
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
