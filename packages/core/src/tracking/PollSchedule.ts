/**
 * Adaptive poll schedule: when to poll next, from the job's age, its progress and the time left. A value and pure functions, testable
 * without time.
 *
 * @example
 * ```ts
 * import { PollSchedule } from "@ttd-jobs/core"
 *
 * // How many polls a job of ten minutes takes that reports its percentage.
 * const duration = 10 * 60_000
 * let state = PollSchedule.begin(0)
 * let now = 0
 * let polls = 1
 * while (now < duration) {
 *   const percentage = Math.floor((100 * now) / duration)
 *   const after = PollSchedule.next(PollSchedule.adaptive, state, { now, createdAt: 0, percentage, random: 0.5 })
 *   state = after.state
 *   now += Math.max(after.pause, PollSchedule.shortest)
 *   polls++
 * }
 * console.log(`${polls} polls`)
 * ```
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type { InvalidSettingError } from "../errors/Errors.ts"
import { readDuration, readNumber } from "../options/Options.ts"

/**
 * How a job is polled. Without a percentage the poll interval is `minInterval + ageFactor × age`; with one, a fraction of the estimated
 * time left.
 */
export interface PollPolicy {
  /** The delay before the first poll. */
  readonly initialDelay: Duration.Duration
  /** The shortest poll interval, at least 1 second. */
  readonly minInterval: Duration.Duration
  /** The longest poll interval; a server's `Retry-After` may be longer. */
  readonly maxInterval: Duration.Duration
  /** Without progress: the poll interval as a fraction of the job's age, 0 – 1. */
  readonly ageFactor: number
  /** Each interval is made longer or shorter at random by up to this fraction of it, 0 – 1. */
  readonly jitter: number
}

/**
 * The options of a policy: `interval` for a fixed one, or the fields of an adaptive one that differ from the default. Times that are
 * numbers are milliseconds.
 */
export interface PollPolicyOptions {
  /** The delay before the first poll. Default: 0. */
  readonly initialDelay?: Duration.Input | undefined
  /** A fixed poll interval, at least 1 second; the fields below are ignored then. Default: none. */
  readonly interval?: Duration.Input | undefined
  /** The shortest poll interval, at least 1 second. Default: 1 second. */
  readonly minInterval?: Duration.Input | undefined
  /** The longest poll interval; a server's `Retry-After` may be longer. Default: 5 minutes. */
  readonly maxInterval?: Duration.Input | undefined
  /** Without progress: the poll interval as a fraction of the job's age, 0 – 1. Default: 0.1. */
  readonly ageFactor?: number | undefined
  /** Each interval is made longer or shorter at random by up to this fraction of it, 0 – 1. Default: 0.05. */
  readonly jitter?: number | undefined
}

/** The default: frequent polls while a job is young, fewer as it ages, never more than 5 minutes apart. */
export const adaptive: PollPolicy = {
  initialDelay: Duration.zero,
  minInterval: Duration.seconds(1),
  maxInterval: Duration.minutes(5),
  ageFactor: 0.1,
  jitter: 0.05
}

/** The shortest time between two polls of one job, in milliseconds, whatever the policies of its watchers. */
export const shortest = 1000

/**
 * A policy from options; fails with `InvalidSettingError` when one is invalid.
 *
 * @example
 * ```ts
 * import { PollSchedule } from "@ttd-jobs/core"
 * import { Duration, Result } from "effect"
 *
 * const everyTenSeconds = Result.getOrThrow(PollSchedule.make({ interval: "10 seconds" }))
 * Duration.toMillis(everyTenSeconds.maxInterval) // 10000
 * ```
 */
export const make = (options: PollPolicyOptions = {}): Result.Result<PollPolicy, InvalidSettingError> =>
  Result.gen(function* () {
    const initialDelay = yield* readDuration("poll.initialDelay", options.initialDelay ?? adaptive.initialDelay, {
      min: 0
    })
    if (options.interval !== undefined) {
      const interval = yield* readDuration("poll.interval", options.interval, { min: shortest })
      return { initialDelay, minInterval: interval, maxInterval: interval, ageFactor: 0, jitter: 0 }
    }
    const minInterval = yield* readDuration("poll.minInterval", options.minInterval ?? adaptive.minInterval, {
      min: shortest
    })
    return {
      initialDelay,
      minInterval,
      maxInterval: yield* readDuration("poll.maxInterval", options.maxInterval ?? adaptive.maxInterval, {
        min: Duration.toMillis(minInterval)
      }),
      ageFactor: yield* readNumber("poll.ageFactor", options.ageFactor ?? adaptive.ageFactor, 0, 1),
      jitter: yield* readNumber("poll.jitter", options.jitter ?? adaptive.jitter, 0, 1)
    }
  })

/** What a job's polls have shown so far. Times are milliseconds, all on one clock, whichever it is. */
export interface PollState {
  /** When the wait began. */
  readonly since: number
  /** The percentage seen last, and since when it has not changed. */
  readonly percentage: number | null
  readonly movedAt: number
  /** Between which times the job should end at its present speed; null while unknown. */
  readonly expectedEnd: ExpectedEnd | null
  /** How many polls in a row have confirmed that. */
  readonly confirmed: number
}

/** Percentages are rounded down, so each one gives an earliest and a latest end. */
export interface ExpectedEnd {
  readonly earliest: number
  readonly latest: number
}

/** What one poll saw. Times are milliseconds on the clock of the `PollState`. */
export interface Observation {
  readonly now: number
  /** When the job was created. It is trusted: compare the server's time of creation with the server's own `Date`, not with a local clock. */
  readonly createdAt: number
  /** Percent, 0 – 100, or null. */
  readonly percentage: number | null
  /** A random number from 0 to 1. */
  readonly random: number
}

/** The state at the beginning of a wait. */
export const begin = (now: number): PollState => ({
  since: now,
  percentage: null,
  movedAt: now,
  expectedEnd: null,
  confirmed: 0
})

/** The interval until the next poll, in milliseconds, and the state after this one. */
export const next = (
  policy: PollPolicy,
  state: PollState,
  seen: Observation
): { readonly pause: number; readonly state: PollState } => {
  const learned = observe(state, seen)
  return { pause: pauseAfter(policy, learned, seen), state: learned }
}

/**
 * The interval until the next poll, in milliseconds, by a state that `observe` has brought up to date: for several policies of one job.
 *
 * @example
 * ```ts
 * import { PollSchedule } from "@ttd-jobs/core"
 *
 * const seen = { now: 60_000, createdAt: 0, percentage: null, random: 0.5 }
 * const state = PollSchedule.observe(PollSchedule.begin(0), seen)
 * PollSchedule.pauseAfter(PollSchedule.adaptive, state, seen) // 7000
 * ```
 */
export const pauseAfter = (policy: PollPolicy, state: PollState, seen: Observation): number => {
  const wanted = byAge(policy, state, seen)
  const pause = state.expectedEnd === null ? wanted : byProgress(policy, state, state.expectedEnd, seen, wanted)
  return within(policy, pause * (1 + policy.jitter * (2 * seen.random - 1)))
}

/**
 * An interval shortened or extended so that the last poll is half a second before the deadline; null when there is no time for another.
 * Times are milliseconds.
 *
 * @example
 * ```ts
 * import { PollSchedule } from "@ttd-jobs/core"
 *
 * PollSchedule.beforeDeadline(60_000, 10_000) // 9500
 * PollSchedule.beforeDeadline(60_000, 1_000) // null
 * ```
 */
export const beforeDeadline = (pause: number, timeLeft: number): number | null => {
  const last = timeLeft - 500
  if (last < shortest) return null
  // One poll a little later is better than two within a second.
  return last - pause < shortest ? last : pause
}

const within = (policy: PollPolicy, pause: number) =>
  Math.min(Duration.toMillis(policy.maxInterval), Math.max(Duration.toMillis(policy.minInterval), pause))

const byAge = (policy: PollPolicy, state: PollState, { createdAt, now }: Observation): number =>
  Duration.toMillis(policy.minInterval) + policy.ageFactor * (now - Math.min(state.since, createdAt))

const byProgress = (policy: PollPolicy, state: PollState, end: ExpectedEnd, { now }: Observation, byAge: number) => {
  const left = (end.earliest + end.latest) / 2 - now
  const aim = left > 4000 ? left / 2 : 500 + Math.max(left, -0.3 * left)
  // A percentage that has not changed for longer than one step takes predicts nothing, so the interval grows with that time.
  const whole = end.latest - state.since
  const step = (whole * stepOf(state.percentage)) / 100
  const patience = policy.ageFactor * Math.max(0, now - state.movedAt - step)
  // In a wait of hours a few seconds do not matter.
  const grain = whole / 5000
  return Math.min(Math.max(aim, patience, grain), byAge * (1 + state.confirmed))
}

/**
 * The state after a poll, whatever the policy.
 *
 * @example
 * ```ts
 * import { PollSchedule } from "@ttd-jobs/core"
 *
 * const state = PollSchedule.observe(PollSchedule.begin(0), { now: 60_000, createdAt: 0, percentage: 50, random: 0.5 })
 * state.expectedEnd?.latest // 120000
 * ```
 */
export const observe = (state: PollState, { createdAt, now, percentage }: Observation): PollState => {
  if (percentage === null) return state
  const movedAt = percentage === state.percentage ? state.movedAt : now
  const seen = { ...state, percentage, movedAt }
  if (percentage <= 0) return { ...seen, expectedEnd: null, confirmed: 0 }
  const began = Math.min(createdAt, state.since)
  const earliest = began + ((now - began) * 100) / (percentage + stepOf(percentage))
  const latest = began + ((now - began) * 100) / percentage
  if (state.expectedEnd === null) return { ...seen, expectedEnd: { earliest, latest } }
  const narrowed = {
    earliest: Math.max(earliest, state.expectedEnd.earliest),
    latest: Math.min(latest, state.expectedEnd.latest)
  }
  return narrowed.earliest - narrowed.latest <= 0.01 * (now - began)
    ? { ...seen, expectedEnd: narrowed, confirmed: Math.min(4, state.confirmed + 1) }
    : { ...seen, expectedEnd: { earliest, latest }, confirmed: 0 }
}

/** By how much a percentage may have been rounded down: a server that sends integers rounds to them. */
const stepOf = (percentage: number | null): number => (percentage !== null && Number.isInteger(percentage) ? 1 : 0.05)
