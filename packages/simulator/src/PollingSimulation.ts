/**
 * What a way of polling costs, and how soon it notices that a job has ended: pure arithmetic, without clock, network or chance.
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

/** How a way of polling does with many jobs of the same duration and progress. */
export interface Summary {
  readonly requests: { readonly median: number; readonly p95: number }
  /** Milliseconds. */
  readonly lateness: { readonly median: number; readonly p95: number }
}

/**
 * Polls many jobs, each from a moment of its own in the first two seconds on.
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
  const outcomes = Array.from({ length: jobs }, () => run(poller, job, 2000 * random(), random))
  return {
    requests: quantiles(outcomes.map(({ requests }) => requests)),
    lateness: quantiles(outcomes.map(({ lateness }) => lateness))
  }
})

const quantiles = (values: ReadonlyArray<number>) => {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN
  return { median: at(0.5), p95: at(0.95) }
}
