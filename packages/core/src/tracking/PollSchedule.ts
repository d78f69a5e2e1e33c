/**
 * When to ask next, from the job's age, its progress and what is left of the time. A value and a pure function: no clock, no
 * chance, nothing to wait for in a test.
 *
 * @example
 * ```ts
 * import { PollSchedule } from "@ttd-jobs/core"
 *
 * // How often a job of ten minutes is asked for that tells its percentage.
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
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { InvalidSettingError } from "../errors/Errors.ts"

/**
 * How a job is polled. Without progress to go by, the pause is `minInterval + ageFactor × age`; with progress, part of the time that
 * seems to be left.
 */
export interface PollPolicy {
  /** How long before the first poll. */
  readonly initialDelay: Duration.Duration
  /** The shortest pause, at least 1 second. */
  readonly minInterval: Duration.Duration
  /** The longest pause; a server's `Retry-After` may be longer. */
  readonly maxInterval: Duration.Duration
  /** What part of its age a job without progress is left alone for, 0 – 1. */
  readonly ageFactor: number
  /** Each pause is made longer or shorter by up to this part of it, 0 – 1, so that clients do not fall into step. */
  readonly jitter: number
}

/**
 * A policy as it is given: `interval` for a fixed one, or the fields of an adaptive one that differ from the default. Times that are
 * numbers are milliseconds.
 */
export interface PollPolicyOptions {
  /** How long before the first poll. Default: 0. */
  readonly initialDelay?: Duration.Input | undefined
  /** Ask at this fixed interval instead of adapting, at least 1 second; the fields below say nothing then. Default: none. */
  readonly interval?: Duration.Input | undefined
  /** The shortest pause, at least 1 second. Default: 1 second. */
  readonly minInterval?: Duration.Input | undefined
  /** The longest pause; a server's `Retry-After` may be longer. Default: 5 minutes. */
  readonly maxInterval?: Duration.Input | undefined
  /** What part of its age a job without progress is left alone for, 0 – 1. Default: 0.1. */
  readonly ageFactor?: number | undefined
  /** Each pause is made longer or shorter by up to this part of it, 0 – 1. Default: 0.05. */
  readonly jitter?: number | undefined
}

/** The default: quick while a job is young, slower as it ages, never more than 5 minutes apart. */
export const adaptive: PollPolicy = {
  initialDelay: Duration.zero,
  minInterval: Duration.seconds(1),
  maxInterval: Duration.minutes(5),
  ageFactor: 0.1,
  jitter: 0.05
}

/** No job is asked for more often than once in this many milliseconds. */
export const shortest = 1000

/**
 * A policy from options; fails with `InvalidSettingError` when one cannot be used.
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
    const initialDelay = yield* time("initialDelay", options.initialDelay ?? adaptive.initialDelay, 0)
    if (options.interval !== undefined) {
      const interval = yield* time("interval", options.interval, shortest)
      return { initialDelay, minInterval: interval, maxInterval: interval, ageFactor: 0, jitter: 0 }
    }
    const minInterval = yield* time("minInterval", options.minInterval ?? adaptive.minInterval, shortest)
    return {
      initialDelay,
      minInterval,
      maxInterval: yield* time(
        "maxInterval",
        options.maxInterval ?? adaptive.maxInterval,
        Duration.toMillis(minInterval)
      ),
      ageFactor: yield* part("ageFactor", options.ageFactor ?? adaptive.ageFactor),
      jitter: yield* part("jitter", options.jitter ?? adaptive.jitter)
    }
  })

/** What a job's polls have shown so far. Times are milliseconds since the epoch. */
export interface PollState {
  /** When the wait began. */
  readonly since: number
  /** The percentage that was seen last, and when it had last moved. */
  readonly percentage: number | null
  readonly movedAt: number
  /** Between which times the job should end, if it goes on as it did; null while there is nothing to go by. */
  readonly expectedEnd: ExpectedEnd | null
  /** How many polls in a row have confirmed what was expected. */
  readonly confirmed: number
}

/** Percentages are rounded down, so each one seen gives an earliest and a latest end. Milliseconds since the epoch. */
interface ExpectedEnd {
  readonly earliest: number
  readonly latest: number
}

/** What one poll saw. */
export interface Observation {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** When the job was created, milliseconds since the epoch. */
  readonly createdAt: number
  /** Percent, 0 – 100, or null. */
  readonly percentage: number | null
  /** A number from 0 to 1, drawn at random. */
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

/** The pause after a poll, in milliseconds, and what the poll adds to the state. */
export const next = (
  policy: PollPolicy,
  state: PollState,
  seen: Observation
): { readonly pause: number; readonly state: PollState } => {
  const learnt = learn(state, seen)
  const wanted = byAge(policy, state, seen)
  const pause = learnt.expectedEnd === null ? wanted : byProgress(policy, learnt, learnt.expectedEnd, seen, wanted)
  return { pause: within(policy, pause * (1 + policy.jitter * (2 * seen.random - 1))), state: learnt }
}

/**
 * A pause cut or stretched so that the last poll comes half a second before the deadline; null when there is no time for another.
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
  // Rather one poll a little later than two that follow on each other's heels.
  return last - pause < shortest ? last : pause
}

const within = (policy: PollPolicy, pause: number) =>
  Math.min(Duration.toMillis(policy.maxInterval), Math.max(Duration.toMillis(policy.minInterval), pause))

const byAge = (policy: PollPolicy, state: PollState, { createdAt, now }: Observation): number => {
  const waited = now - state.since
  // The two clocks may differ: a wait that has just begun believes in no great age.
  const age = Math.min(Math.max(waited, now - createdAt), 20 * waited + 60_000)
  return Duration.toMillis(policy.minInterval) + policy.ageFactor * age
}

const byProgress = (policy: PollPolicy, state: PollState, end: ExpectedEnd, { now }: Observation, byAge: number) => {
  const left = (end.earliest + end.latest) / 2 - now
  const aim = left > 4000 ? left / 2 : 500 + Math.max(left, -0.3 * left)
  // Progress that stands still longer than one step of it takes promises nothing, so the pause grows with the standstill.
  const whole = end.latest - state.since
  const step = (whole * stepOf(state.percentage)) / 100
  const patience = policy.ageFactor * Math.max(0, now - state.movedAt - step)
  // Who waits for hours is served well enough within seconds.
  const grain = whole / 5000
  return Math.min(Math.max(aim, patience, grain), byAge * (1 + state.confirmed))
}

const learn = (state: PollState, { createdAt, now, percentage }: Observation): PollState => {
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

/** How much further a job may be than its percentage says: a server that sends integers rounds to them. */
const stepOf = (percentage: number | null): number => (percentage !== null && Number.isInteger(percentage) ? 1 : 0.05)

const time = (setting: string, input: Duration.Input, minimum: number) =>
  Option.match(
    Option.filter(Duration.fromInput(input), (duration) => Duration.toMillis(duration) >= minimum),
    {
      onNone: () => refuse(setting, `it is no time of at least ${minimum} ms`),
      onSome: Result.succeed
    }
  )

const part = (setting: string, value: number) =>
  value >= 0 && value <= 1 ? Result.succeed(value) : refuse(setting, "it is not within 0 – 1")

const refuse = (setting: string, reason: string) =>
  Result.fail(
    new InvalidSettingError({
      setting: `poll.${setting}`,
      reason,
      advice: 'Times are milliseconds or texts such as "30 seconds"; no job is asked for more than once a second.'
    })
  )
