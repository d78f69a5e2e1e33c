/**
 * Polls jobs for everybody who watches them: one poll per job however many watch it, one timer for all polls and all deadlines,
 * and no more polls under way per endpoint than the gate lets through. The job that is due first is asked for first.
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
import type * as Scope from "effect/Scope"
import type { RequestError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import {
  hasten,
  isWanted,
  keyOf,
  lastDeadline,
  makeJob,
  never,
  note,
  type PolledJob,
  plan,
  type Turn,
  type Watcher
} from "./PolledJob.ts"
import type { PollPolicy } from "./PollSchedule.ts"
import { TimeQueue } from "./TimeQueue.ts"

/** Watching and leaving, as plain functions: whoever calls them stands in a callback. */
export interface JobPoller {
  readonly join: (ref: JobRef, policy: PollPolicy, watcher: Watcher, context: Context.Context<never>) => void
  /** Does nothing for a watcher that has left already. */
  readonly leave: (watcher: Watcher) => void
  /** Tells that a watcher has become ready for news. */
  readonly resume: (watcher: Watcher) => void
}

interface Lane {
  readonly turns: TimeQueue<Turn>
  /** How many polls are under way. */
  active: number
}

/** A poller for as long as the scope is open. `concurrency` is the number of polls under way per endpoint. */
export const make = Effect.fnUntraced(function* (
  poll: (ref: JobRef, until: number) => Effect.Effect<JobSnapshot, RequestError>,
  concurrency: number
): Effect.fn.Return<JobPoller, never, Scope.Scope> {
  const jobs = new Map<string, PolledJob>()
  const lanes = { standard: makeLane(), "graphql-query": makeLane(), "graphql-bulk": makeLane() }
  const deadlines = new TimeQueue<Watcher>(
    ({ job }) => job !== undefined,
    (one, other) => one.deadline - other.deadline || one.order - other.order
  )
  let orders = 0
  let timer: { readonly at: number; readonly fiber: Fiber.Fiber<void> } | undefined

  const join: JobPoller["join"] = (ref, policy, watcher, context) => {
    const key = keyOf(ref, policy)
    const now = nowIn(context)
    const job = jobs.get(key) ?? makeJob(key, ref, policy, context, now)
    jobs.set(key, job)
    job.watchers.add(watcher)
    watcher.job = job
    watcher.order = orders++
    if (watcher.deadline !== never) deadlines.push(watcher)
    if (job.poll === undefined) hasten(job, watcher, now)
    enqueue(job)
    pump(context)
  }

  const leave: JobPoller["leave"] = (watcher) => {
    const { job } = watcher
    if (job === undefined) return
    watcher.job = undefined
    job.watchers.delete(watcher)
    if (job.watchers.size > 0) return
    jobs.delete(job.key)
    job.turn = undefined
    job.due = never
    job.poll?.interruptUnsafe()
    if (jobs.size === 0) rest()
  }

  const resume: JobPoller["resume"] = ({ job }) => {
    if (job === undefined || job.turn !== undefined) return
    enqueue(job)
    pump(job.context)
  }

  const enqueue = (job: PolledJob) => {
    if (job.poll !== undefined || job.due === never || !isWanted(job)) return
    job.turn = { at: job.due, order: orders++, job }
    lanes[job.ref.kind].turns.push(job.turn)
  }

  /** Ends every watch whose time is over, and begins every poll that is due and has room. */
  const pump = (context: Context.Context<never>) => {
    const now = nowIn(context)
    for (let watcher = deadlines.first(); watcher !== undefined; watcher = deadlines.first()) {
      if (watcher.deadline > now) break
      deadlines.shift()
      expire(watcher, now)
    }
    for (const lane of Object.values(lanes)) {
      while (lane.active < concurrency) {
        const turn = lane.turns.first()
        if (turn === undefined || turn.at > now) break
        lane.turns.shift()
        begin(turn.job, lane)
      }
    }
    arm(context, now)
  }

  const begin = (job: PolledJob, lane: Lane) => {
    job.turn = undefined
    if (!isWanted(job)) return
    lane.active += 1
    // Until this poll has been answered nobody can make the next one due.
    job.due = never
    const asking = Effect.gen(function* () {
      // Polls that fail without asking would otherwise begin one another, each deeper in the stack than the last.
      yield* Effect.yieldNow
      const outcome = yield* Effect.result(poll(job.ref, lastDeadline(job)))
      settle(job, outcome, yield* Random.next)
    })
    job.poll = Effect.runForkWith(job.context)(asking)
    job.poll.addObserver((exit) => {
      lane.active -= 1
      job.poll = undefined
      if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) dismiss(job, exit.cause)
      pump(job.context)
    })
  }

  const settle = (job: PolledJob, outcome: Result.Result<JobSnapshot, RequestError>, random: number) => {
    const now = nowIn(job.context)
    job.poll = undefined
    note(job, outcome)
    keep(job, (watcher) =>
      Result.isSuccess(outcome) ? watcher.onSeen(outcome.success, now) : watcher.onTrouble(outcome.failure, now)
    )
    const open = plan(job, now, random)
    for (const watcher of [...job.watchers]) {
      if (watcher.deadline < open) expire(watcher, now)
    }
    enqueue(job)
  }

  const expire = (watcher: Watcher, now: number) => {
    const { job } = watcher
    if (job === undefined) return
    // Leaving may end the poll that is under way, which counts.
    watcher.onExpired(job, now)
    leave(watcher)
  }

  /** Keeps those of a job's watchers who want to go on. */
  const keep = (job: PolledJob, goesOn: (watcher: Watcher) => boolean) => {
    for (const watcher of [...job.watchers]) {
      // One may have made another leave.
      if (watcher.job === job && !goesOn(watcher)) leave(watcher)
    }
  }

  const dismiss = (job: PolledJob, cause: Cause.Cause<never>) =>
    keep(job, (watcher) => {
      watcher.onBroken(cause)
      return false
    })

  /** Sets the timer for the first poll that is due and has room, or the first deadline. */
  const arm = (context: Context.Context<never>, now: number) => {
    const due = Object.values(lanes).map(
      (lane) => (lane.active < concurrency ? lane.turns.first()?.at : never) ?? never
    )
    const at = Math.min(...due, deadlines.first()?.deadline ?? never)
    if (timer?.at === at) return
    disarm()
    if (at === never) return
    const fire = Effect.sync(() => {
      timer = undefined
      pump(context)
    })
    const pause = Math.min(longestTimer, Math.max(0, at - now))
    timer = { at, fiber: Effect.runForkWith(context)(Effect.delay(fire, pause)) }
  }

  const disarm = () => {
    timer?.fiber.interruptUnsafe()
    timer = undefined
  }

  /** Nobody watches anything. */
  const rest = () => {
    disarm()
    deadlines.clear()
    for (const { turns } of Object.values(lanes)) turns.clear()
  }

  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      for (const job of [...jobs.values()]) dismiss(job, Cause.interrupt())
    })
  )

  return { join, leave, resume }
})

/** Platforms' timers hold no more than 24 days; one that fires for nothing every hour costs nothing. */
const longestTimer = 3_600_000

const makeLane = (): Lane => ({
  turns: new TimeQueue<Turn>(
    (turn) => turn.job.turn === turn,
    (one, other) => one.at - other.at || one.order - other.order
  ),
  active: 0
})

const nowIn = (context: Context.Context<never>) => Context.get(context, Clock.Clock).currentTimeMillisUnsafe()
