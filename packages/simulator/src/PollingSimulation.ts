/**
 * What a way of polling costs, and how soon it notices that a job has ended: pure arithmetic, without clock, network or chance.
 *
 * @module
 */
import { PollSchedule } from "@ttd-jobs/core"
import { Duration, Result } from "effect"
import type { ProgressCurve } from "./JobScript.ts"
import * as SimulatedJob from "./SimulatedJob.ts"

/** A way of polling: called for each job, it gives the function that says how long to pause after each poll, in milliseconds. */
export type Poller = () => (seen: PollSchedule.Observation) => number

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
export const adaptive: Poller = () => {
  let state = PollSchedule.begin(0)
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
 * Polls one job from its creation to its end. `random` gives numbers from 0 to 1.
 *
 * @example
 * ```ts
 * import { PollingSimulation } from "@ttd-jobs/simulator"
 * import { Duration } from "effect"
 *
 * const job = { duration: Duration.seconds(12), progress: "none" } as const
 * PollingSimulation.run(PollingSimulation.fixed(Duration.seconds(5)), job, () => 0.5) // { requests: 4, lateness: 3000 }
 * ```
 */
export const run = (poller: Poller, { duration, progress }: PolledJob, random: () => number): Outcome => {
  const job = SimulatedJob.make({ duration, progress }, 0, "1")
  const pauseAfter = poller()
  let requests = 1
  let now = 0
  for (let state = SimulatedJob.stateAt(job, now); !state.ended; state = SimulatedJob.stateAt(job, now)) {
    now += pauseAfter({ now, createdAt: 0, percentage: state.percentage, random: random() })
    requests += 1
  }
  return { requests, lateness: now - Duration.toMillis(duration) }
}

/** How a way of polling does with many jobs of about the same duration and the same progress. */
export interface Summary {
  readonly requests: { readonly median: number; readonly p95: number }
  /** Milliseconds. */
  readonly lateness: { readonly median: number; readonly p95: number }
}

/** Polls many jobs whose durations differ by up to a tenth: which poll comes just before the end is a matter of chance. */
export const summarize = (poller: Poller, job: PolledJob, jobs: number, random: () => number): Summary => {
  const outcomes = Array.from({ length: jobs }, () => {
    const duration = Duration.millis(Duration.toMillis(job.duration) * (0.9 + 0.1 * random()))
    return run(poller, { ...job, duration }, random)
  })
  return {
    requests: quantiles(outcomes.map(({ requests }) => requests)),
    lateness: quantiles(outcomes.map(({ lateness }) => lateness))
  }
}

const quantiles = (values: ReadonlyArray<number>) => {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN
  return { median: at(0.5), p95: at(0.95) }
}
