/**
 * The tracker's state, and the events and commands of its state machine.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import type * as Result from "effect/Result"
import type { RequestError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import type { JobKind } from "../model/index.ts"
import type { JobTrackerEvent } from "./JobEvent.ts"
import { PollQueue } from "./PollQueue.ts"
import { PriorityQueue } from "./PriorityQueue.ts"
import { never, type PolledStatus, type Ticket, type TrackedJob, type Watcher } from "./TrackedJob.ts"

/** What happens to a tracker. `random` is a number from 0 to 1. */
export type TrackerEvent =
  | { readonly _tag: "Joined"; readonly watcher: Watcher }
  | { readonly _tag: "Left"; readonly watcher: Watcher }
  /** A watcher that was busy can take events again. */
  | { readonly _tag: "BecameReady"; readonly watcher: Watcher }
  /** Another caller has seen the status of a job, named by its reference as text. */
  | { readonly _tag: "Observed"; readonly key: string; readonly status: PolledStatus; readonly random: number }
  /** The limiter grants a permit: `ticket.job` is the job to poll then, undefined when none is due any more. */
  | { readonly _tag: "TicketGranted"; readonly ticket: Ticket }
  | { readonly _tag: "TicketEnded"; readonly ticket: Ticket; readonly outcome: TicketOutcome; readonly random: number }
  | { readonly _tag: "AlarmRang" }
  | { readonly _tag: "Closed" }

/** How a ticket ended. */
export type TicketOutcome =
  | { readonly _tag: "Polled"; readonly result: Result.Result<PolledStatus, RequestError> }
  /** No permit: the endpoint is paused for so many milliseconds, longer than the ticket waits. Nothing was sent. */
  | { readonly _tag: "Denied"; readonly error: RequestError; readonly pause: number }
  /** Withdrawn, interrupted, or granted when no job was due any more. */
  | { readonly _tag: "Unused" }
  | { readonly _tag: "Died"; readonly cause: Cause.Cause<never> }

/** What a tracker wants done. */
export type TrackerCommand =
  /** Ask the endpoint's limiter for a permit. `ref` is the job that is polled next as things are. */
  | { readonly _tag: "RequestTicket"; readonly ticket: Ticket; readonly ref: JobRef }
  /** Withdraw the request for a permit, or interrupt the poll that was sent with it. */
  | { readonly _tag: "CancelTicket"; readonly ticket: Ticket }
  /** Ring at this time of the awake clock; `Infinity` for not at all. */
  | { readonly _tag: "SetAlarm"; readonly at: number }
  | { readonly _tag: "Report"; readonly watcher: Watcher; readonly event: JobTrackerEvent }
  | { readonly _tag: "Fail"; readonly watcher: Watcher; readonly cause: Cause.Cause<never> }

/** The state of a tracker. */
export interface TrackerState {
  /** The number of polls in flight per endpoint. */
  readonly concurrency: number
  /** By reference as text. */
  readonly jobs: Map<string, TrackedJob>
  readonly endpoints: Map<JobKind, EndpointState>
  /** Jobs that somebody left, remembered until they may be polled again. */
  readonly left: PriorityQueue<LeftJob>
  leftCount: number
  /** How many watchers have joined so far. */
  joins: number
  alarmAt: number
}

/** A job that was left, and until when it is remembered, on the elapsed clock. */
export interface LeftJob {
  readonly job: TrackedJob
  readonly until: number
}

/** The polls of one endpoint. */
export interface EndpointState {
  readonly queue: PollQueue
  readonly deadlines: PriorityQueue<Watcher>
  /** Watchers that wait for one poll, and for no pause. */
  readonly checks: Set<Watcher>
  /** Tickets that wait for a permit. */
  readonly waiting: Set<Ticket>
  /** How many permits are in use. */
  active: number
  /** The limiter's error, and until when it denies permits, on the awake clock. */
  denial: { readonly until: number; readonly error: RequestError } | undefined
}

/** A tracker without jobs. `concurrency` is the number of polls in flight per endpoint. */
export const makeState = (concurrency: number): TrackerState => ({
  concurrency,
  jobs: new Map(),
  endpoints: new Map(),
  left: new PriorityQueue<LeftJob>(
    () => true,
    (one, other) => one.until - other.until
  ),
  leftCount: 0,
  joins: 0,
  alarmAt: never
})

/** The polls of the endpoint for a kind of job. */
export const endpointOf = ({ endpoints }: TrackerState, kind: JobKind): EndpointState => {
  const known = endpoints.get(kind)
  if (known !== undefined) return known
  const endpoint: EndpointState = {
    queue: new PollQueue(),
    deadlines: new PriorityQueue<Watcher>(
      ({ job }) => job !== undefined,
      (one, other) => one.settings.deadline - other.settings.deadline || one.order - other.order
    ),
    checks: new Set(),
    waiting: new Set(),
    active: 0,
    denial: undefined
  }
  endpoints.set(kind, endpoint)
  return endpoint
}
