/** Runs the tracker's state machine in simulated time: no fibers, no clock, no network. */
import type { JobTrackerEvent, RequestError } from "@ttd-jobs/core"
import { JobRef, JobSnapshot, PollSchedule, RateLimitedError } from "@ttd-jobs/core"
import { type Cause, DateTime, Result } from "effect"
import {
  type PolledStatus,
  type Ticket,
  type TrackerTime,
  Watcher,
  type WatcherSettings
} from "../../src/tracking/TrackedJob.ts"
import { step } from "../../src/tracking/TrackerMachine.ts"
import { makeState, type TrackerCommand, type TrackerEvent } from "../../src/tracking/TrackerState.ts"

/** The outcome of a poll at a time. */
export type Respond = (ref: string, now: number) => PolledStatus | RequestError

/** How the machine is run. Times are milliseconds. */
export interface MachineOptions {
  readonly respond: Respond
  readonly concurrency?: number
  /** How long a request takes. */
  readonly latency?: number
  readonly random?: () => number
}

/** A watcher that records its events. */
export class RecordingWatcher extends Watcher {
  readonly events: Array<JobTrackerEvent> = []
  isBusy = false
  onEvent: ((event: JobTrackerEvent) => void) | undefined

  override get isReady(): boolean {
    return !this.isBusy
  }

  override receive(event: JobTrackerEvent): void {
    this.events.push(event)
    this.onEvent?.(event)
  }

  override fail(cause: Cause.Cause<never>): void {
    throw new Error(String(cause))
  }

  get tags(): ReadonlyArray<string> {
    return this.events.map(({ _tag }) => _tag)
  }
}

/** A poll that was sent. */
export interface SentPoll {
  readonly ref: string
  readonly at: number
  isInterrupted: boolean
}

/** The machine, its time and what it has sent. */
export class MachineRun {
  readonly state
  readonly polls: Array<SentPoll> = []
  /** How many events the machine was given, and how many reports came of the largest. */
  steps = 0
  mostReports = 0
  awake = 0
  /** How far the machine was suspended, which the awake clock does not count. */
  suspended = 0
  /** How far the wall clock was set by hand. */
  wallOffset = 0
  /** Until when the limiter denies permits, on the awake clock. */
  pausedUntil = 0
  readonly #options: Required<MachineOptions>
  readonly #waiting: Array<Ticket> = []
  readonly #inFlight = new Map<Ticket, { readonly poll: SentPoll; readonly endsAt: number }>()
  #alarmAt = Number.POSITIVE_INFINITY

  constructor(options: MachineOptions) {
    this.#options = { concurrency: 4, latency: 100, random: () => 0.5, ...options }
    this.state = makeState(this.#options.concurrency)
  }

  get time(): TrackerTime {
    const elapsed = this.awake + this.suspended
    return {
      awake: this.awake,
      elapsed,
      wall: elapsed + this.wallOffset,
      isPaused: () => this.pausedUntil > this.awake
    }
  }

  /** A watcher that joins now. */
  watch(ref: string | number, settings: Partial<WatcherSettings> = {}): RecordingWatcher {
    const watcher = new RecordingWatcher(Result.getOrThrow(JobRef.parse(ref)), {
      policy: PollSchedule.adaptive,
      startedAt: this.time.wall,
      startedAwake: this.awake,
      deadline: Number.POSITIVE_INFINITY,
      graceUntil: 0,
      checksOnce: false,
      resume: undefined,
      span: undefined,
      ...settings
    })
    this.dispatch({ _tag: "Joined", watcher })
    return watcher
  }

  leave(watcher: Watcher): void {
    watcher.isClosed = true
    this.dispatch({ _tag: "Left", watcher })
  }

  dispatch(event: TrackerEvent): void {
    const commands = step(this.state, event, this.time)
    this.steps += 1
    for (const command of commands) this.#execute(command)
    const reports = commands.filter((command) => command._tag === "Report")
    this.mostReports = Math.max(this.mostReports, reports.length)
    for (const { event, watcher } of reports) if (!watcher.isClosed) watcher.receive(event)
  }

  /** Lets time pass up to a moment of the awake clock. */
  runUntil(end: number): void {
    while (true) {
      const ends = [...this.#inFlight.values()].map(({ endsAt }) => endsAt)
      const grants = this.#waiting.length > 0 && this.#inFlight.size < this.#options.concurrency
      const next = Math.min(
        this.#alarmAt,
        ...ends,
        grants ? Math.max(this.awake, this.pausedUntil) : Number.POSITIVE_INFINITY
      )
      if (next > end) break
      this.awake = Math.max(this.awake, next)
      this.#advance()
    }
    this.awake = Math.max(this.awake, end)
  }

  /** The machine sleeps, and so do its timers; the alarm rings within a minute after it. */
  suspend(milliseconds: number): void {
    this.suspended += milliseconds
    this.#alarmAt = Math.min(this.#alarmAt, this.awake + 60_000)
  }

  times(ref: string): ReadonlyArray<number> {
    return this.polls.filter((poll) => poll.ref === ref).map(({ at }) => at)
  }

  #advance(): void {
    for (const [ticket, { endsAt, poll }] of this.#inFlight) {
      if (endsAt > this.awake) continue
      this.#inFlight.delete(ticket)
      const outcome = this.#options.respond(poll.ref, this.awake)
      const result = "snapshot" in outcome && "age" in outcome ? Result.succeed(outcome) : Result.fail(outcome)
      this.#end(ticket, { _tag: "Polled", result })
    }
    while (this.#waiting.length > 0 && this.#inFlight.size < this.#options.concurrency) {
      if (this.pausedUntil > this.awake) break
      const ticket = this.#waiting.shift()
      if (ticket !== undefined) this.#grant(ticket)
    }
    if (this.#alarmAt > this.awake) return
    this.#alarmAt = Number.POSITIVE_INFINITY
    this.dispatch({ _tag: "AlarmRang" })
  }

  #grant(ticket: Ticket): void {
    this.dispatch({ _tag: "TicketGranted", ticket })
    if (ticket.job === undefined) {
      this.#end(ticket, { _tag: "Unused" })
      return
    }
    const poll = { ref: ticket.job.key, at: this.awake, isInterrupted: false }
    this.polls.push(poll)
    this.#inFlight.set(ticket, { poll, endsAt: this.awake + this.#options.latency })
  }

  #end(ticket: Ticket, outcome: Extract<TrackerEvent, { readonly _tag: "TicketEnded" }>["outcome"]): void {
    this.dispatch({ _tag: "TicketEnded", ticket, outcome, random: this.#options.random() })
  }

  #execute(command: TrackerCommand): void {
    if (command._tag === "SetAlarm") this.#alarmAt = command.at
    if (command._tag === "RequestTicket") this.#request(command.ticket, String(command.ref))
    if (command._tag === "CancelTicket") this.#cancel(command.ticket)
  }

  #request(ticket: Ticket, ref: string): void {
    if (this.pausedUntil <= this.awake || this.pausedUntil <= ticket.until) {
      this.#waiting.push(ticket)
      return
    }
    const pause = this.pausedUntil - this.awake
    const about = { operation: "getJobStatus", ref, host: "api.example" }
    const error = new RateLimitedError({ ...about, retryAfter: pause, status: 429 })
    this.#end(ticket, { _tag: "Denied", error, pause })
  }

  #cancel(ticket: Ticket): void {
    const place = this.#waiting.indexOf(ticket)
    if (place !== -1) this.#waiting.splice(place, 1)
    const inFlight = this.#inFlight.get(ticket)
    if (inFlight !== undefined) inFlight.poll.isInterrupted = true
    this.#inFlight.delete(ticket)
    this.#end(ticket, { _tag: "Unused" })
  }
}

/** A status of a standard job; `createdAt` in milliseconds since the epoch. */
export const statusOf = (
  ref: string,
  {
    age = null,
    createdAt = 0,
    ...fields
  }: Partial<Omit<typeof JobSnapshot.Encoded, "createdAt">> & {
    readonly createdAt?: number
    readonly age?: number | null
  } = {}
): PolledStatus => ({
  age,
  snapshot: JobSnapshot.fromJson({
    ref,
    kind: "standard",
    id: ref.slice(ref.indexOf(":") + 1),
    phase: "running",
    status: "InProgress",
    completionPercentage: null,
    createdAt: DateTime.formatIso(DateTime.makeUnsafe(createdAt)),
    completedAt: null,
    expiresAt: null,
    result: null,
    errors: [],
    ...fields
  })
})

/** The status of a job that has ended. */
export const endedStatusOf = (ref: string): PolledStatus =>
  statusOf(ref, { phase: "succeeded", status: "Success", completionPercentage: 100 })
