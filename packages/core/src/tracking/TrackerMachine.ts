/**
 * The tracker's state machine: one poll per job, however many watch it, and one alarm for all. `step` takes an event and a reading of the
 * clocks and returns commands; it runs nothing, so that tests drive it without fibers. The state is changed in place: a copy of 100,000
 * jobs for each event would be out of proportion.
 *
 * @module
 */
import * as Result from "effect/Result"
import type { RequestError } from "../errors/Errors.ts"
import type { JobTrackerEvent } from "./JobEvent.ts"
import { countFailure, pollCountsOf } from "./PollCounts.ts"
import { planJoin, planNext, recordFailure, recordSuccess } from "./PollPlan.ts"
import * as PollSchedule from "./PollSchedule.ts"
import { never, type PolledStatus, type Ticket, TrackedJob, type TrackerTime, type Watcher } from "./TrackedJob.ts"
import { advance, alarmCommand, deny, grant } from "./TrackerPermits.ts"
import {
  endpointOf,
  type TicketOutcome,
  type TrackerCommand,
  type TrackerEvent,
  type TrackerState
} from "./TrackerState.ts"
import { dismiss, dismissAll, end, expire, forgetLeft, remove, report, type Step } from "./TrackerWatchers.ts"
import { refusalOf, reportStatus } from "./WatcherReport.ts"

/**
 * Takes an event and returns what is to be done, in this order: the alarm, tickets, reports. Deadlines, and many due polls at once, are
 * left to the alarm, and one alarm takes a limited number of them: when there are more it is set to now.
 */
export const step = (state: TrackerState, event: TrackerEvent, time: TrackerTime): ReadonlyArray<TrackerCommand> => {
  const work: Step = { state, time, commands: [], reports: [] }
  take(work, event)
  forgetLeft(work)
  const isAlarm = event._tag === "AlarmRang"
  for (const endpoint of state.endpoints.values()) advance(work, endpoint, isAlarm)
  return [...alarmCommand(work), ...work.commands, ...work.reports]
}

const take = (step: Step, event: TrackerEvent): void => {
  switch (event._tag) {
    case "Joined":
      join(step, event.watcher)
      break
    case "Left":
      remove(step, event.watcher)
      break
    case "BecameReady":
      if (event.watcher.job !== undefined) enqueue(step, event.watcher.job)
      break
    case "Observed":
      observe(step, event.key, event.status, event.random)
      break
    case "TicketGranted":
      grant(step, event.ticket)
      break
    case "TicketEnded":
      endTicket(step, event.ticket, event.outcome, event.random)
      break
    case "AlarmRang":
      step.state.alarmAt = never
      break
    case "Closed":
      dismissAll(step)
  }
}

const join = (step: Step, watcher: Watcher): void => {
  const { state, time } = step
  const { ref, settings } = watcher
  const key = String(ref)
  const job = state.jobs.get(key) ?? new TrackedJob(ref, time.elapsed)
  state.jobs.set(key, job)
  job.add(watcher)
  watcher.job = job
  watcher.order = state.joins++
  if (job.polls > 0) watcher.countsBefore = pollCountsOf(job, 0)
  const endpoint = endpointOf(state, ref.kind)
  if (settings.deadline !== never) endpoint.deadlines.push(watcher)
  if (settings.checksOnce) endpoint.checks.add(watcher)
  if (job.outcomeAt !== undefined && time.elapsed < job.outcomeAt + PollSchedule.shortest)
    repeatStatus(step, job, watcher)
  if (watcher.job === undefined) return
  if (job.ticket === undefined) planJoin(job, watcher, time)
  // A server that asks for a pause is not checked in it.
  if (settings.checksOnce && (job.due ?? never) > time.elapsed + PollSchedule.shortest)
    expire(step, watcher, job.lastError)
  else enqueue(step, job)
}

/** Reports a status of less than a second ago to a watcher that has just joined. */
const repeatStatus = (step: Step, { lastError, snapshot }: TrackedJob, watcher: Watcher): void => {
  if (lastError !== null || snapshot === null) return
  reportStatus(watcher, { snapshot, age: null }, step.time, (event) => report(step, watcher, event))
  if (snapshot.isTerminal) remove(step, watcher)
  else if (watcher.settings.checksOnce) expire(step, watcher, null)
}

const observe = (step: Step, key: string, status: PolledStatus, random: number): void => {
  const job = step.state.jobs.get(key)
  if (job?.isWatched === true) settle(step, job, Result.succeed(status), random)
}

const enqueue = ({ state }: Step, job: TrackedJob): void => {
  if (job.ticket !== undefined || !job.isWanted) return
  endpointOf(state, job.ref.kind).queue.schedule(job)
}

const endTicket = (step: Step, ticket: Ticket, outcome: TicketOutcome, random: number): void => {
  const endpoint = endpointOf(step.state, ticket.kind)
  if (ticket.isGranted) endpoint.active -= 1
  const wasWaiting = endpoint.waiting.delete(ticket)
  // A poll that was interrupted has left its job.
  const job = ticket.job?.ticket === ticket ? ticket.job : undefined
  if (job !== undefined) job.ticket = undefined
  if (outcome._tag === "Denied") deny(step, endpoint, outcome.error, outcome.pause)
  else if (outcome._tag === "Unused") {
    // A limiter that interrupts those who wait for it is closed.
    if (wasWaiting || job !== undefined) dismissAll(step)
  } else if (job !== undefined && outcome._tag === "Died") dismiss(step, job, outcome.cause)
  else if (job !== undefined && outcome._tag === "Polled") {
    job.polls += 1
    settle(step, job, outcome.result, random)
  }
}

/** Reports an outcome to all watchers of a job, and plans its next poll. */
const settle = (
  step: Step,
  job: TrackedJob,
  result: Result.Result<PolledStatus, RequestError>,
  random: number
): void => {
  const { time } = step
  let age: number | null = null
  if (Result.isSuccess(result)) {
    const status = result.success
    ;({ age } = status)
    recordSuccess(job, status, time)
    for (const watcher of job.watchers) {
      reportStatus(watcher, status, time, (event) => report(step, watcher, event))
      if (status.snapshot.isTerminal) remove(step, watcher)
    }
  } else {
    countFailure(job, result.failure)
    recordFailure(job, result.failure, time)
    for (const watcher of job.watchers) {
      const refusal = refusalOf(watcher, job, result.failure, time)
      if (refusal !== undefined) end(step, watcher, refusal)
    }
  }
  if (!job.isWatched) return
  const floor = planNext(job, age, time, random)
  if (Result.isFailure(result)) reportFailure(step, job, result.failure)
  for (const watcher of job.watchers) {
    const { checksOnce, deadline } = watcher.settings
    if (checksOnce || deadline < time.awake + floor) expire(step, watcher, job.lastError)
  }
  enqueue(step, job)
}

const reportFailure = (step: Step, job: TrackedJob, error: RequestError): void => {
  const { elapsed } = step.time
  const event: JobTrackerEvent = {
    _tag: "PollFailed",
    ref: job.key,
    error,
    failures: job.failures,
    failingFor: elapsed - job.failingSince,
    retryIn: job.due === undefined ? null : job.due - elapsed
  }
  for (const watcher of job.watchers) report(step, watcher, event)
}
