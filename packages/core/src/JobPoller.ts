/**
 * Polls jobs for everybody who watches them: one poll per job however many watch it, one timer however many jobs there are, and
 * no more polls under way per endpoint than the gate lets through. The job that is due first is asked for first.
 *
 * @module
 */
import { Cause, Clock, Context, Duration, Effect, Exit, type Fiber, Random, Result, type Scope } from "effect"
import TinyQueue from "tinyqueue"
import { ApiError, type RequestError } from "./Errors.ts"
import type { JobRef } from "./JobRef.ts"
import type { JobSnapshot } from "./JobSnapshot.ts"
import * as PollSchedule from "./PollSchedule.ts"
import * as RetryPolicy from "./RetryPolicy.ts"

/** Somebody who watches a job. */
export interface Watcher {
  /** When it will give up, milliseconds since the epoch. */
  readonly deadline: number
  /** Whether it can take news now; a job whose watchers are all busy is not polled. */
  readonly isReady: boolean
  /** An answer came. Returns whether it goes on watching. */
  onSeen(job: PolledJob, snapshot: JobSnapshot, now: number): boolean
  /** A poll failed. Returns whether it goes on watching. */
  onTrouble(job: PolledJob, error: RequestError, now: number): boolean
  /** The server asks for a pause that reaches past the deadline. */
  onHopeless(job: PolledJob, now: number): void
  /** A poll broke in a way that nobody foresaw, or the client was closed. */
  onBroken(cause: Cause.Cause<never>): void
}

/** A job that is polled, and what its polls have shown. */
export interface PolledJob {
  readonly ref: JobRef
  readonly policy: PollSchedule.PollPolicy
  /** Where its polls take clock, tracer and chance from: the first watcher's. */
  readonly context: Context.Context<never>
  watchers: ReadonlyArray<Watcher>
  state: PollSchedule.PollState
  snapshot: JobSnapshot | null
  lastError: RequestError | null
  polls: number
  /** How many polls came back with which HTTP status, or with `none`. */
  readonly answers: Map<string, number>
  /** How many polls have failed since the last that did not. */
  failures: number
  /** When the next poll is due, milliseconds since the epoch; infinity while there is none to come. */
  due: number
  /** Its place in the queue; undefined while a poll is under way or nobody is ready. */
  turn: Turn | undefined
  poll: Fiber.Fiber<void> | undefined
}

interface Turn {
  readonly at: number
  /** Among jobs that are due together, who came first is served first. */
  readonly order: number
  readonly job: PolledJob
}

interface Lane {
  readonly queue: TinyQueue<Turn>
  active: number
}

/** Watching and leaving, as plain functions: whoever calls them stands in a callback. */
export interface JobPoller {
  readonly join: (
    ref: JobRef,
    policy: PollSchedule.PollPolicy,
    watcher: Watcher,
    context: Context.Context<never>
  ) => PolledJob
  readonly leave: (job: PolledJob, watcher: Watcher) => void
  /** Tells that a watcher has become ready for news. */
  readonly resume: (job: PolledJob) => void
}

/** A poller for as long as the scope is open. `concurrency` is the number of polls under way per endpoint. */
export const make = Effect.fnUntraced(function* (
  poll: (ref: JobRef, until: number) => Effect.Effect<JobSnapshot, RequestError>,
  concurrency: number
): Effect.fn.Return<JobPoller, never, Scope.Scope> {
  const jobs = new Map<string, PolledJob>()
  const lanes = { standard: makeLane(), "graphql-query": makeLane(), "graphql-bulk": makeLane() }
  let orders = 0
  let timer: { readonly at: number; readonly fiber: Fiber.Fiber<void> } | undefined

  const join: JobPoller["join"] = (ref, policy, watcher, context) => {
    const key = keyOf(ref, policy)
    const now = nowIn(context)
    const job = jobs.get(key) ?? makeJob(ref, policy, context, now)
    jobs.set(key, job)
    job.watchers = [...job.watchers, watcher]
    // Who joins wants to know where the job stands now; a server in trouble is not asked any sooner for that.
    if (job.failures === 0 && job.polls > 0) job.due = now
    enqueue(job)
    pump(context)
    return job
  }

  const leave: JobPoller["leave"] = (job, watcher) => {
    job.watchers = job.watchers.filter((other) => other !== watcher)
    if (job.watchers.length > 0) return
    jobs.delete(keyOf(job.ref, job.policy))
    job.turn = undefined
    job.due = never
    job.poll?.interruptUnsafe()
    if (jobs.size === 0) disarm()
  }

  const resume: JobPoller["resume"] = (job) => {
    if (job.turn !== undefined) return
    enqueue(job)
    pump(job.context)
  }

  const enqueue = (job: PolledJob) => {
    if (job.poll !== undefined || job.due === never) return
    if (!job.watchers.some((watcher) => watcher.isReady)) return
    job.turn = { at: job.due, order: orders++, job }
    lanes[job.ref.kind].queue.push(job.turn)
  }

  /** Begins every poll that is due and has room. */
  const pump = (context: Context.Context<never>) => {
    const now = nowIn(context)
    for (const lane of Object.values(lanes)) {
      while (lane.active < concurrency) {
        const turn = nextTurn(lane)
        if (turn === undefined || turn.at > now) break
        lane.queue.pop()
        begin(turn.job, lane)
      }
    }
    arm(context, now)
  }

  const begin = (job: PolledJob, lane: Lane) => {
    lane.active += 1
    job.turn = undefined
    // Until this poll has been answered nobody can make the next one due.
    job.due = never
    const until = Math.max(...job.watchers.map((watcher) => watcher.deadline))
    const asking = Effect.gen(function* () {
      const outcome = yield* Effect.result(poll(job.ref, until))
      const random = yield* Random.next
      job.poll = undefined
      settle(job, outcome, random)
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
    job.polls += 1
    if (Result.isSuccess(outcome)) {
      count(job, "200")
      job.snapshot = outcome.success
      job.lastError = null
      job.failures = 0
      keep(job, (watcher) => watcher.onSeen(job, outcome.success, now))
    } else {
      count(job, "status" in outcome.failure ? String(outcome.failure.status) : "none")
      job.lastError = outcome.failure
      job.failures += 1
      keep(job, (watcher) => watcher.onTrouble(job, outcome.failure, now))
    }
    const { floor, pause } = pauseAfter(job, now, random)
    keep(job, (watcher) => {
      if (watcher.deadline >= now + floor) return true
      watcher.onHopeless(job, now)
      return false
    })
    const pauses = job.watchers.flatMap(({ deadline }) => {
      const cut = PollSchedule.beforeDeadline(pause, deadline - now)
      return cut === null ? [] : [Math.max(cut, floor)]
    })
    job.due = now + Math.min(...pauses)
    enqueue(job)
  }

  /** Keeps those of a job's watchers who want to go on. */
  const keep = (job: PolledJob, goesOn: (watcher: Watcher) => boolean) => {
    for (const watcher of job.watchers) {
      if (!goesOn(watcher)) leave(job, watcher)
    }
  }

  const dismiss = (job: PolledJob, cause: Cause.Cause<never>) =>
    keep(job, (watcher) => {
      watcher.onBroken(cause)
      return false
    })

  /** One timer for all jobs, set for the first poll that is due and has room. */
  const arm = (context: Context.Context<never>, now: number) => {
    const at = Math.min(...Object.values(lanes).map((lane) => (lane.active < concurrency ? dueIn(lane) : never)))
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

  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      for (const job of [...jobs.values()]) dismiss(job, Cause.interrupt())
      disarm()
    })
  )

  return { join, leave, resume }
})

const never = Number.POSITIVE_INFINITY

/** Platforms' timers hold no more than 24 days; one that fires for nothing every hour costs nothing. */
const longestTimer = 3_600_000

const makeLane = (): Lane => ({
  queue: new TinyQueue<Turn>([], (one, other) => one.at - other.at || one.order - other.order),
  active: 0
})

/** The first turn that still holds: jobs whose turn was taken away leave theirs behind. */
const nextTurn = ({ queue }: Lane): Turn | undefined => {
  let turn = queue.peek()
  while (turn !== undefined && turn.job.turn !== turn) {
    queue.pop()
    turn = queue.peek()
  }
  return turn
}

const dueIn = (lane: Lane): number => nextTurn(lane)?.at ?? never

const makeJob = (
  ref: JobRef,
  policy: PollSchedule.PollPolicy,
  context: Context.Context<never>,
  now: number
): PolledJob => ({
  ref,
  policy,
  context,
  watchers: [],
  state: PollSchedule.begin(now),
  snapshot: null,
  lastError: null,
  polls: 0,
  answers: new Map(),
  failures: 0,
  due: now + Duration.toMillis(policy.initialDelay),
  turn: undefined,
  poll: undefined
})

/** Watchers with different policies do not share polls. */
const keyOf = (ref: JobRef, policy: PollSchedule.PollPolicy) =>
  policy === PollSchedule.adaptive ? String(ref) : `${ref} ${JSON.stringify(policy)}`

const nowIn = (context: Context.Context<never>) => Context.get(context, Clock.Clock).currentTimeMillisUnsafe()

const count = ({ answers }: PolledJob, status: string) => answers.set(status, (answers.get(status) ?? 0) + 1)

/**
 * The pause after a poll and the floor that a server's `Retry-After` puts under it, in milliseconds. A poll that failed is
 * repeated by the peers' backoff, which is sooner than the next poll of an old job.
 */
const pauseAfter = (
  job: PolledJob,
  now: number,
  random: number
): { readonly pause: number; readonly floor: number } => {
  if (job.lastError === null && job.snapshot !== null) {
    const { pause, state } = PollSchedule.next(job.policy, job.state, {
      now,
      createdAt: job.snapshot.createdAt.epochMilliseconds,
      percentage: job.snapshot.completionPercentage,
      random
    })
    job.state = state
    return { pause, floor: 0 }
  }
  const floor = job.lastError instanceof ApiError ? (job.lastError.retryAfter ?? 0) : 0
  const backoff = RetryPolicy.backoff(RetryPolicy.peers, job.failures) + random * Duration.toMillis(RetryPolicy.jitter)
  const pause = Math.max(
    backoff,
    Duration.toMillis(job.policy.least),
    floor + random * Duration.toMillis(RetryPolicy.jitter)
  )
  return { pause, floor }
}
