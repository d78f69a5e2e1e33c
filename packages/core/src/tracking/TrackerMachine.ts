/**
 * The tracker's state machine: one poll per job, however many watch it, and one alarm for all. `step` takes an event and a reading of the
 * clocks and returns commands; it runs nothing, so that tests drive it without fibers. The state is changed in place: a copy of 100,000
 * jobs for each event would be out of proportion.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Result from "effect/Result"
import type { RequestError } from "../errors/Errors.ts"
import type { JobTrackerEvent } from "./JobEvent.ts"
import { countFailure, pollCountsOf } from "./PollCounts.ts"
import { planJoin, planNext, recordFailure, recordSuccess } from "./PollPlan.ts"
import * as PollSchedule from "./PollSchedule.ts"
import { never, type PolledStatus, type Ticket, TrackedJob, type TrackerTime, type Watcher } from "./TrackedJob.ts"
import {
  type EndpointState,
  endpointOf,
  type TicketOutcome,
  type TrackerCommand,
  type TrackerEvent,
  type TrackerState
} from "./TrackerState.ts"
import { refusalOf, reportStatus, timeoutOf } from "./WatcherReport.ts"

/**
 * Takes an event and returns what is to be done, in this order: the alarm, tickets, reports. Deadlines, and many due polls at once, are left to the alarm, and one alarm
 * takes a limited number of them: when there are more it is set to now.
 */
export const step = (state: TrackerState, event: TrackerEvent, time: TrackerTime): ReadonlyArray<TrackerCommand> => {
  const work: Step = { state, time, commands: [], reports: [] }
  take(work, event)
  forgetLeft(work)
  const isAlarm = event._tag === "AlarmRang"
  for (const endpoint of state.endpoints.values()) advance(work, endpoint, isAlarm)
  return [...alarmCommand(work), ...work.commands, ...work.reports]
}

/** One step: what it reads, and what it has come to so far. */
interface Step {
  readonly state: TrackerState
  readonly time: TrackerTime
  readonly commands: Array<TrackerCommand>
  readonly reports: Array<TrackerCommand>
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
  if (settings.checksOnce && job.due > time.elapsed + PollSchedule.shortest) expire(step, watcher, job.lastError)
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

/** Takes a watcher off its job; the last one takes the job off the queue and interrupts its poll. */
const remove = (step: Step, watcher: Watcher): void => {
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
  job.due = never
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
const forgetLeft = ({ state, time }: Step): void => {
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

const enqueue = ({ state }: Step, job: TrackedJob): void => {
  if (job.ticket !== undefined || job.due === never || !job.isWanted) return
  endpointOf(state, job.ref.kind).queue.schedule(job)
}

const grant = ({ state }: Step, ticket: Ticket): void => {
  const endpoint = endpointOf(state, ticket.kind)
  endpoint.waiting.delete(ticket)
  endpoint.active += 1
  ticket.isGranted = true
  for (let job = endpoint.queue.take(); job !== undefined; job = endpoint.queue.take()) {
    if (!job.isWanted) continue
    ticket.job = job
    job.ticket = ticket
    // There is no next poll until this one has ended.
    job.due = never
    return
  }
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

/** Ends the watchers that wait for no pause; those whose deadline comes before its end follow in `expireAll`. */
const deny = (step: Step, endpoint: EndpointState, error: RequestError, pause: number): void => {
  endpoint.denial = { until: step.time.awake + pause, error }
  for (const watcher of [...endpoint.checks]) if (watcher.job?.ticket === undefined) expire(step, watcher, error)
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
    retryIn: job.due === never ? null : job.due - elapsed
  }
  for (const watcher of job.watchers) report(step, watcher, event)
}

const report = ({ reports }: Step, watcher: Watcher, event: JobTrackerEvent): void => {
  reports.push({ _tag: "Report", watcher, event })
}

/** Reports the last event of a watcher. */
const end = (step: Step, watcher: Watcher, event: JobTrackerEvent): void => {
  report(step, watcher, event)
  remove(step, watcher)
}

/** Ends a watcher whose time is over. A poll that is in flight counts, so this comes before leaving interrupts it. */
const expire = (step: Step, watcher: Watcher, lastError: RequestError | null): void => {
  if (watcher.job !== undefined) end(step, watcher, timeoutOf(watcher, watcher.job, lastError, step.time))
}

const dismiss = (step: Step, job: TrackedJob, cause: Cause.Cause<never>): void => {
  for (const watcher of job.watchers) {
    step.reports.push({ _tag: "Fail", watcher, cause })
    remove(step, watcher)
  }
}

const dismissAll = (step: Step): void => {
  for (const job of step.state.jobs.values()) dismiss(step, job, Cause.interrupt())
}

/** Ends what is over, makes due what is due, and asks for permits. */
const advance = (step: Step, endpoint: EndpointState, isAlarm: boolean): void => {
  if (isAlarm) expireAll(step, endpoint)
  endpoint.queue.promote(step.time.elapsed, isAlarm ? mostPromoted : fewPromoted)
  requestTickets(step, endpoint)
}

/** Ends the watchers whose time is over. */
const expireAll = (step: Step, endpoint: EndpointState): void => {
  for (let count = 0; count < mostExpired; count++) {
    const watcher = endpoint.deadlines.first()
    if (watcher?.job === undefined || endOf(endpoint, watcher, step.time.awake) > step.time.awake) return
    endpoint.deadlines.shift()
    const denial = watcher.settings.deadline > step.time.awake ? endpoint.denial : undefined
    expire(step, watcher, denial?.error ?? watcher.job.lastError)
  }
}

/** When a watcher's time is over: at its deadline, or now when the endpoint is paused past it. */
const endOf = (endpoint: EndpointState, { job, settings }: Watcher, awake: number): number => {
  // A poll that is in flight may still bring an outcome.
  const isDenied = job?.ticket === undefined && settings.deadline < (denialOf(endpoint, awake)?.until ?? 0)
  return isDenied ? awake : settings.deadline
}

const denialOf = ({ denial }: EndpointState, awake: number) =>
  denial !== undefined && denial.until > awake ? denial : undefined

/** Asks for as many permits as there are due jobs, withdraws them when there is none. */
const requestTickets = ({ commands, state, time }: Step, endpoint: EndpointState): void => {
  const { queue, waiting } = endpoint
  const until = Math.max(patienceOf(endpoint, time.awake), denialOf(endpoint, time.awake)?.until ?? 0)
  for (const ticket of waiting) {
    // In a pause, a watcher whose deadline is before the ticket's times out now.
    if (queue.dueCount > 0 && !(ticket.until > until && time.isPaused(ticket.kind))) continue
    waiting.delete(ticket)
    commands.push({ _tag: "CancelTicket", ticket })
  }
  const wanted = Math.min(queue.dueCount, state.concurrency - endpoint.active)
  while (waiting.size < wanted) {
    const job = queue.first()
    if (job === undefined) return
    const ticket: Ticket = { kind: job.ref.kind, until, isGranted: false, job: undefined }
    waiting.add(ticket)
    commands.push({ _tag: "RequestTicket", ticket, ref: job.ref })
  }
}

/** How long a pause may last without a deadline passing in it, on the awake clock. */
const patienceOf = ({ checks, deadlines }: EndpointState, awake: number): number => {
  for (const { job } of checks) if (job?.ticket === undefined) return awake
  return deadlines.first()?.settings.deadline ?? never
}

/** Sets the alarm to the first deadline, or the first poll that becomes due and has a permit to ask for. */
const alarmCommand = ({ state, time }: Step): ReadonlyArray<TrackerCommand> => {
  let at = never
  for (const endpoint of state.endpoints.values()) {
    const { active, deadlines, queue, waiting } = endpoint
    const next = deadlines.first()
    if (next !== undefined) at = Math.min(at, endOf(endpoint, next, time.awake))
    if (active + waiting.size < state.concurrency) at = Math.min(at, time.awake + queue.nextAt - time.elapsed)
  }
  if (at === state.alarmAt || Math.abs(at - state.alarmAt) < alarmPrecision) return []
  state.alarmAt = at
  return [{ _tag: "SetAlarm", at }]
}

/** The alarm is left alone when it would move by less than this, in milliseconds. */
const alarmPrecision = 0.5

/** How many watchers time out at one alarm: a few milliseconds of work. */
const mostExpired = 50

/** How many jobs become due at one alarm, and at any other event. */
const mostPromoted = 500
const fewPromoted = 8

/** How many jobs without watchers are forgotten at one event. */
const mostForgotten = 16

/** How many jobs without watchers are remembered. */
const mostRemembered = 10_000
