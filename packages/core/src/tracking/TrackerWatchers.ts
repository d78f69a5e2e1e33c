/**
 * Watchers of the tracker's state machine: their last events, and what becomes of a job when the last one has left.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import type { RequestError } from "../errors/Errors.ts"
import type { JobTrackerEvent } from "./JobEvent.ts"
import { countFailure } from "./PollCounts.ts"
import * as PollSchedule from "./PollSchedule.ts"
import type { TrackedJob, TrackerTime, Watcher } from "./TrackedJob.ts"
import { endpointOf, type TrackerCommand, type TrackerState } from "./TrackerState.ts"
import { timeoutOf } from "./WatcherReport.ts"

/** One step: what it reads, and what it has come to so far. */
export interface Step {
  readonly state: TrackerState
  readonly time: TrackerTime
  readonly commands: Array<TrackerCommand>
  readonly reports: Array<TrackerCommand>
}

export const report = ({ reports }: Step, watcher: Watcher, event: JobTrackerEvent): void => {
  reports.push({ _tag: "Report", watcher, event })
}

/** Reports the last event of a watcher. */
export const end = (step: Step, watcher: Watcher, event: JobTrackerEvent): void => {
  report(step, watcher, event)
  remove(step, watcher)
}

/** Ends a watcher whose time is over. A poll that is in flight counts, so this comes before leaving interrupts it. */
export const expire = (step: Step, watcher: Watcher, lastError: RequestError | null): void => {
  if (watcher.job !== undefined) end(step, watcher, timeoutOf(watcher, watcher.job, lastError, step.time))
}

export const dismiss = (step: Step, job: TrackedJob, cause: Cause.Cause<never>): void => {
  for (const watcher of job.watchers) {
    step.reports.push({ _tag: "Fail", watcher, cause })
    remove(step, watcher)
  }
}

export const dismissAll = (step: Step): void => {
  for (const job of step.state.jobs.values()) dismiss(step, job, Cause.interrupt())
}

/** Takes a watcher off its job; the last one takes the job off the queue and interrupts its poll. */
export const remove = (step: Step, watcher: Watcher): void => {
  const { job } = watcher
  if (job === undefined) return
  watcher.job = undefined
  job.remove(watcher)
  endpointOf(step.state, job.ref.kind).checks.delete(watcher)
  if (!job.isWatched) retire(step, job)
}

/** Stops polling a job without watchers; remembers it until it may be polled again, so that rejoining does not poll earlier. */
const retire = ({ commands, state, time }: Step, job: TrackedJob): void => {
  endpointOf(state, job.ref.kind).queue.cancel(job)
  job.due = undefined
  if (job.ticket !== undefined) {
    commands.push({ _tag: "CancelTicket", ticket: job.ticket })
    job.ticket = undefined
    job.polls += 1
    countFailure(job, undefined)
    job.notBefore = Math.max(job.notBefore, time.elapsed + PollSchedule.shortest)
  }
  if (job.isRemembered) return
  if (job.notBefore <= time.elapsed) state.jobs.delete(job.key)
  else remember(state, job)
}

const remember = (state: TrackerState, job: TrackedJob): void => {
  job.isRemembered = true
  state.left.push({ job, until: job.notBefore })
  state.leftCount += 1
}

/** Forgets jobs that may be polled again, and those that are too many to remember. */
export const forgetLeft = ({ state, time }: Step): void => {
  for (let count = 0; count < mostForgotten; count++) {
    const left = state.left.first()
    if (left === undefined || (left.until > time.elapsed && state.leftCount <= mostRemembered)) return
    state.left.shift()
    state.leftCount -= 1
    const { job } = left
    job.isRemembered = false
    if (job.isWatched) continue
    if (job.notBefore > time.elapsed && state.leftCount < mostRemembered) remember(state, job)
    else state.jobs.delete(job.key)
  }
}

/** How many jobs without watchers are forgotten at one event. */
const mostForgotten = 16

/** How many jobs without watchers are remembered. */
const mostRemembered = 10_000
