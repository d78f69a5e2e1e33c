/**
 * Runs the tracker's state machine: permits from the limiter, polls as fibers, one alarm, and reports in slices, so that thousands of jobs
 * that end together do not block the event loop.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Scheduler from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import type { RequestError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import type { Limiter } from "../limiter/Limiter.ts"
import { jobKinds } from "../model/index.ts"
import { Alarm } from "../time/Alarm.ts"
import { never, type PolledStatus, type Ticket, type TrackedJob, type TrackerTime, type Watcher } from "./TrackedJob.ts"
import { TrackerClock } from "./TrackerClock.ts"
import { step } from "./TrackerMachine.ts"
import { makeState, type TicketOutcome, type TrackerCommand, type TrackerEvent } from "./TrackerState.ts"

/** Tracks jobs for watchers. Plain functions: who calls them may stand in a callback. */
export interface Tracker {
  readonly join: (watcher: Watcher) => void
  /** Does nothing for a watcher that has left, or whose job has ended. */
  readonly leave: (watcher: Watcher) => void
  /** A watcher that was busy can take events again. */
  readonly becomeReady: (watcher: Watcher) => void
  /** Takes the status of a job that another caller has seen. */
  readonly observe: (ref: JobRef, status: PolledStatus) => void
  readonly time: () => TrackerTime
  /** Runs a function in a later turn of the event loop. */
  readonly later: (run: () => void) => void
  readonly load: () => TrackerLoad
}

/** How much a tracker has to do. */
export interface TrackerLoad {
  /** How many jobs are tracked. */
  readonly jobs: number
  /** How many of them are due and wait for a permit. */
  readonly due: number
  /** For how long the first of those has been due, in milliseconds. */
  readonly lag: number
}

/** What a tracker needs. */
export interface TrackerOptions {
  readonly limiter: Limiter
  readonly host: string
  /** Polls in flight per endpoint. */
  readonly concurrency: number
  /** One request for a job's status, without limiter and retries. */
  readonly request: (ref: JobRef) => Effect.Effect<PolledStatus, RequestError>
  /** Where polls take clock, tracer and chance from. */
  readonly context: Context.Context<never>
}

/** A tracker for as long as the scope is open. */
export const make = Effect.fnUntraced(function* (
  options: TrackerOptions
): Effect.fn.Return<Tracker, never, Scope.Scope> {
  const { concurrency, host, limiter, request } = options
  // Polls are shared, so that they belong to no watcher's span. A client that was made by `runSync` has its scheduler of microtasks,
  // which would never let the event loop go on.
  const context = Context.omit(Tracer.ParentSpan, Scheduler.Scheduler)(options.context)
  const clock = new TrackerClock(Context.get(context, Clock.Clock))
  const random = Context.get(context, Random.Random)
  const state = makeState(concurrency)
  const fibers = new Map<Ticket, Fiber.Fiber<unknown>>()
  let isClosed = false

  const time = (): TrackerTime => ({
    ...clock.read(),
    isPaused: (kind) => limiter.pausedUntil(jobKinds[kind].operationId) !== null
  })

  const dispatch = (event: TrackerEvent): void => {
    const commands = step(state, event, time())
    for (const command of commands) if (isReport(command)) reports.push(command)
    for (const command of commands) execute(command)
    deliver()
  }

  const execute = (command: TrackerCommand): void => {
    switch (command._tag) {
      case "RequestTicket":
        open(command.ticket, command.ref)
        break
      case "CancelTicket":
        fibers.get(command.ticket)?.interruptUnsafe()
        break
      case "SetAlarm":
        alarm.set(clock.monotonic(command.at), context)
        break
      case "Report":
      case "Fail":
    }
  }

  const open = (ticket: Ticket, ref: JobRef): void => {
    const until = clock.monotonic(ticket.until)
    const asked = { operation: jobKinds[ticket.kind].operationId, ref: String(ref), host, until }
    const poll = Effect.suspend(() => {
      dispatch({ _tag: "TicketGranted", ticket })
      return ticket.job === undefined ? Effect.undefined : linked(ticket.job, request(ticket.job.ref))
    })
    // Not before the step that requested it has ended.
    const run = Effect.andThen(Effect.yieldNow, Effect.result(limiter.run(asked, poll)))
    const fiber = Effect.runForkWith(context)(run)
    fibers.set(ticket, fiber)
    fiber.addObserver((exit) => {
      fibers.delete(ticket)
      dispatch({ _tag: "TicketEnded", ticket, outcome: outcomeOf(ticket, exit), random: random.nextDoubleUnsafe() })
    })
  }

  const reports: Array<Report> = []
  let delivered = 0
  let isDelivering = false

  /** Delivers what there is to report, some now and the rest in later turns of the event loop, in order. */
  const deliver = (most = sliceSize): void => {
    if (isDelivering || reports.length === 0) return
    isDelivering = true
    const begun = performance.now()
    for (let count = 0; count < most && delivered < reports.length; count++) {
      if (count % 16 === 15 && performance.now() - begun > longestSlice && most === sliceSize) break
      const report = reports[delivered++]
      if (report === undefined || report.watcher.isClosed) continue
      if (report._tag === "Report") report.watcher.receive(report.event)
      else report.watcher.fail(report.cause)
    }
    isDelivering = false
    if (delivered < reports.length) {
      scheduleDelivery()
      return
    }
    reports.length = 0
    delivered = 0
  }

  let isScheduled = false
  const scheduleDelivery = () => {
    if (isScheduled) return
    isScheduled = true
    later(() => {
      isScheduled = false
      deliver()
    })
  }

  const later = (run: () => void): void => {
    Effect.runForkWith(context)(Effect.andThen(Effect.yieldNow, Effect.sync(run)))
  }

  const alarm = new Alarm(
    (monotonic) => {
      clock.reach(monotonic)
      dispatch({ _tag: "AlarmRang" })
    },
    { everyMinute: true }
  )

  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      isClosed = true
      dispatch({ _tag: "Closed" })
      deliver(never)
      alarm.clear()
    })
  )

  return {
    join: (watcher) => (isClosed ? watcher.fail(Cause.interrupt()) : dispatch({ _tag: "Joined", watcher })),
    leave: (watcher) => {
      watcher.isClosed = true
      if (watcher.job !== undefined) dispatch({ _tag: "Left", watcher })
    },
    becomeReady: (watcher) => dispatch({ _tag: "BecameReady", watcher }),
    observe: (ref, status) =>
      dispatch({ _tag: "Observed", key: String(ref), status, random: random.nextDoubleUnsafe() }),
    time,
    later,
    load: () => {
      const queues = [...state.endpoints.values()].map(({ queue }) => queue)
      const { elapsed } = time()
      const since = Math.min(...queues.map(({ longestDueSince }) => longestDueSince ?? elapsed))
      const jobs = [...state.jobs.values()].filter(({ isWatched }) => isWatched).length
      return { jobs, due: queues.reduce((due, { dueCount }) => due + dueCount, 0), lag: elapsed - since }
    }
  }
})

type Report = Extract<TrackerCommand, { readonly _tag: "Report" | "Fail" }>

const isReport = (command: TrackerCommand): command is Report => command._tag === "Report" || command._tag === "Fail"

/** How a ticket's fiber ended. */
const outcomeOf = (
  ticket: Ticket,
  exit: Exit.Exit<Result.Result<PolledStatus | undefined, RequestError>>
): TicketOutcome => {
  if (Exit.isFailure(exit)) {
    return Cause.hasInterruptsOnly(exit.cause) ? { _tag: "Unused" } : { _tag: "Died", cause: exit.cause }
  }
  const result = exit.value
  if (Result.isFailure(result) && !ticket.isGranted) {
    const { failure } = result
    return { _tag: "Denied", error: failure, pause: "retryAfter" in failure ? (failure.retryAfter ?? 0) : 0 }
  }
  if (Result.isFailure(result)) return { _tag: "Polled", result: Result.fail(result.failure) }
  return result.success === undefined ? { _tag: "Unused" } : { _tag: "Polled", result: Result.succeed(result.success) }
}

/** A poll with links to the spans of those who wait for it. */
const linked = <A, E>(job: TrackedJob, poll: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  const spans = new Set<Tracer.AnySpan>()
  for (const { settings } of job.watchers) {
    if (settings.span !== undefined) spans.add(settings.span)
    if (spans.size === mostLinks) break
  }
  return spans.size === 0 ? poll : Effect.linkSpans(poll, [...spans])
}

/** OpenTelemetry's own default limit. */
const mostLinks = 128

/** How many events are delivered in one turn of the event loop, and for how long, in milliseconds. */
const sliceSize = 128
const longestSlice = 8
