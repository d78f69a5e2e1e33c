/**
 * Deadlines and permits of the tracker's state machine: which watchers time out, which polls are due, and when the alarm rings.
 *
 * @module
 */
import type { RequestError } from "../errors/Errors.ts"
import { never, type Ticket, type Watcher } from "./TrackedJob.ts"
import { type EndpointState, endpointOf, type TrackerCommand } from "./TrackerState.ts"
import { expire, type Step } from "./TrackerWatchers.ts"

/** Ends what is over, makes due what is due, and asks for permits. */
export const advance = (step: Step, endpoint: EndpointState, isAlarm: boolean): void => {
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
export const alarmCommand = ({ state, time }: Step): ReadonlyArray<TrackerCommand> => {
  let at = never
  for (const endpoint of state.endpoints.values()) {
    const { active, deadlines, queue, waiting } = endpoint
    const next = deadlines.first()
    if (next !== undefined) at = Math.min(at, endOf(endpoint, next, time.awake))
    // Jobs that are due are ranked even when all permits are in use.
    if (active + waiting.size < state.concurrency || queue.nextAt <= time.elapsed) {
      at = Math.min(at, time.awake + queue.nextAt - time.elapsed)
    }
  }
  if (at === state.alarmAt || Math.abs(at - state.alarmAt) < alarmPrecision) return []
  state.alarmAt = at
  return [{ _tag: "SetAlarm", at }]
}

/** Gives a permit to the due job that goes next. */
export const grant = ({ state }: Step, ticket: Ticket): void => {
  const endpoint = endpointOf(state, ticket.kind)
  endpoint.waiting.delete(ticket)
  endpoint.active += 1
  ticket.isGranted = true
  for (let job = endpoint.queue.take(); job !== undefined; job = endpoint.queue.take()) {
    if (!job.isWanted) continue
    ticket.job = job
    job.ticket = ticket
    // There is no next poll until this one has ended.
    job.due = undefined
    return
  }
}

/** Ends the watchers that wait for no pause; those whose deadline comes before its end follow in `expireAll`. */
export const deny = (step: Step, endpoint: EndpointState, error: RequestError, pause: number): void => {
  endpoint.denial = { until: step.time.awake + pause, error }
  for (const watcher of [...endpoint.checks]) if (watcher.job?.ticket === undefined) expire(step, watcher, error)
}

/** The alarm is left alone when it would move by less than this, in milliseconds. */
const alarmPrecision = 0.5

/** How many watchers time out at one alarm: a few milliseconds of work. */
const mostExpired = 50

/** How many jobs become due at one alarm, and at any other event. */
const mostPromoted = 500
const fewPromoted = 8
