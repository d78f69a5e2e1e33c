/**
 * One job of a tracker, those who watch it, and its place in the poll queue: the data of the tracker's state.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import type * as Tracer from "effect/Tracer"
import type { RequestError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import type { JobKind } from "../model/index.ts"
import type { JobTrackerEvent } from "./JobEvent.ts"
import * as PollSchedule from "./PollSchedule.ts"
import type { ResumePoint } from "./ResumePoint.ts"

/** One reading of a tracker's clocks. Times are milliseconds. */
export interface TrackerTime {
  /** Monotonic time while the machine is awake: deadlines count on it. */
  readonly awake: number
  /** Awake time and the time spent in suspend: polls are due on it. */
  readonly elapsed: number
  /** Wall-clock time since the epoch: what is stored and shown. */
  readonly wall: number
  /** Whether the endpoint is paused by its limiter. */
  readonly isPaused: (kind: JobKind) => boolean
}

/** What a watcher wants. Shared by the watchers of one `waitAll`. */
export interface WatcherSettings {
  readonly policy: PollSchedule.PollPolicy
  /** When the first of the waits began, in milliseconds since the epoch. */
  readonly startedAt: number
  /** The same on the awake clock, with earlier waits by the wall clock: `elapsed` counts from it. */
  readonly startedAwake: number
  /** The deadline on the awake clock; `Infinity` for none. */
  readonly deadline: number
  /** Until when a 404, or a GraphQL response without a job, is transient; on the awake clock. */
  readonly graceUntil: number
  /** Whether it is over after one poll, whatever came of it. */
  readonly checksOnce: boolean
  readonly resume: ResumePoint | undefined
  /** The span that polls are linked to. */
  readonly span: Tracer.AnySpan | undefined
}

/** A listener of one job. Its fields are the tracker's to set, except `isClosed`. */
export abstract class Watcher<Settings extends WatcherSettings = WatcherSettings> {
  readonly ref: JobRef
  readonly settings: Settings
  /** Undefined before it joins, and after its last event. */
  job: TrackedJob | undefined = undefined
  /** When it joined, among all watchers: those with the same deadline time out in this order. */
  order = 0
  /** The last snapshot that was reported to it. */
  last: JobSnapshot | undefined = undefined
  /** The polls of the job before it joined. */
  countsBefore: PollCounts | undefined = undefined
  /** Whether an unknown status was reported to it. */
  isWarned = false
  /** Set by whoever leaves: nothing is delivered after that, not even what is queued. */
  isClosed = false

  constructor(ref: JobRef, settings: Settings) {
    this.ref = ref
    this.settings = settings
  }

  /** Whether it can take an event now; a job whose watchers are all busy is not polled. */
  get isReady(): boolean {
    return true
  }

  /** Takes an event. Called after the tracker's state is settled: joining and leaving from inside is safe. */
  abstract receive(event: JobTrackerEvent): void

  /** Takes the end of the tracking: a poll died of a defect, or the client was closed. */
  abstract fail(cause: Cause.Cause<never>): void
}

/** How many polls were sent, and how many responses came with each HTTP status, or with `none`. */
export interface PollCounts {
  readonly polls: number
  readonly responses: Readonly<Record<string, number>>
}

/** What a poll brings: the snapshot, and the job's age by the server's own clock in milliseconds; null when it sent no `Date`. */
export interface PolledStatus {
  readonly snapshot: JobSnapshot
  readonly age: number | null
}

/** A job's entry in the poll queue. */
export interface Turn {
  readonly job: TrackedJob
  /** When the poll is due, on the elapsed clock. */
  readonly at: number
  /** Among jobs that are due at the same time, the first queued goes first. */
  readonly order: number
  /** When the job is expected to end. */
  readonly expectedEnd: number
  /** The position among the jobs that have become due; undefined before. */
  dueOrder: number | undefined
}

/** A poll's place in the limiter. It belongs to no job until it is granted. */
export interface Ticket {
  readonly kind: JobKind
  /** The longest rate-limit pause that it waits for, on the awake clock. */
  readonly until: number
  isGranted: boolean
  job: TrackedJob | undefined
}

/**
 * A tracked job. Times are milliseconds on the elapsed clock, whole ones: V8 stores small integers in place, and allocates every fraction and
 * infinity. That is a tenth of a job's memory.
 */
export class TrackedJob {
  /** The reference as text. */
  readonly key: string
  readonly ref: JobRef
  /** Most jobs have one watcher, so that a set for each would be the largest part of it. */
  #watcher: Watcher | undefined = undefined
  #watchers: Set<Watcher> | undefined = undefined
  state: PollSchedule.PollState
  snapshot: JobSnapshot | null = null
  /** Why the last poll failed; null when it did not. */
  lastError: RequestError | null = null
  /** How many polls have ended; one that was never sent does not count. */
  polls = 0
  /** How many of them failed with which HTTP status, or with `none`; no map until one did. */
  failedWith: Map<string, number> | undefined = undefined
  /** How many polls in a row have failed. */
  failures = 0
  /** Since when all of them have failed with errors of the same tag. */
  failingSince = 0
  /** When the last outcome came; undefined before the first. */
  outcomeAt: number | undefined = undefined
  /** No poll before this. */
  notBefore: number
  /** When the policies want the next poll; undefined before the first is planned. */
  plannedAt: number | undefined = undefined
  /** When the next poll is due, with regard to deadlines; undefined while there is none to come. */
  due: number | undefined = undefined
  /** When it is expected to end, 0 for at once; among due jobs the soonest goes first. */
  expectedEnd = 0
  /** Its entry in the queue; undefined while a poll is in flight or no watcher is ready. */
  turn: Turn | undefined = undefined
  /** The poll in flight. */
  ticket: Ticket | undefined = undefined
  /** Whether it is kept without a watcher, until it may be polled again. */
  isRemembered = false

  constructor(ref: JobRef, now: number) {
    this.key = String(ref)
    this.ref = ref
    this.state = PollSchedule.begin(now)
    this.notBefore = now
  }

  /** Its watchers at this moment, in the order in which they joined. */
  get watchers(): ReadonlyArray<Watcher> {
    if (this.#watchers !== undefined) return [...this.#watchers]
    return this.#watcher === undefined ? [] : [this.#watcher]
  }

  get isWatched(): boolean {
    return this.#watcher !== undefined || (this.#watchers !== undefined && this.#watchers.size > 0)
  }

  /** Whether a watcher can take an event now. */
  get isWanted(): boolean {
    if (this.#watchers === undefined) return this.#watcher?.isReady === true
    for (const { isReady } of this.#watchers) if (isReady) return true
    return false
  }

  add(watcher: Watcher): void {
    if (this.#watchers !== undefined) this.#watchers.add(watcher)
    else if (this.#watcher === undefined) this.#watcher = watcher
    else {
      this.#watchers = new Set([this.#watcher, watcher])
      this.#watcher = undefined
    }
  }

  remove(watcher: Watcher): void {
    this.#watchers?.delete(watcher)
    if (this.#watcher === watcher) this.#watcher = undefined
  }
}

/** For what never happens. */
export const never: number = Number.POSITIVE_INFINITY
