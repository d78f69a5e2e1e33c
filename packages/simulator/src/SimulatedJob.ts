/**
 * A simulated job and its state at a given time.
 *
 * @module
 */
import { type JobKind, JobRef, jobKinds } from "@ttd-jobs/core"
import * as Duration from "effect/Duration"
import * as Hash from "effect/Hash"
import * as Result from "effect/Result"
import type { JobScript } from "./JobScript.ts"
import * as OptionChecks from "./OptionChecks.ts"
import { type ProgressCurve, percentageAt } from "./ProgressCurve.ts"
import * as ResultScript from "./ResultScript.ts"

/** A job, with the defaults of its script. Times are milliseconds since the epoch. */
export interface SimulatedJob {
  readonly ref: JobRef
  /** The id in the response body: an int64 also where the reference has other text. */
  readonly bodyId: string
  readonly account: string
  readonly createdAt: number
  readonly startsAt: number
  readonly endsAt: number
  /** When the result is deleted. */
  readonly expiresAt: number
  readonly status: string
  readonly progress: ProgressCurve
  readonly result: ResultScript.ResultScript
  readonly script: JobScript
}

/** The state of a job. */
export interface JobState {
  readonly status: string
  readonly ended: boolean
  readonly percentage: number | null
  readonly completedAt: number | null
  /** The result; none before the job ended and after it expired. */
  readonly result: ResultScript.ResultScript
}

/** What a job needs beyond its script. */
export interface JobContext {
  readonly now: number
  readonly generatedId: string
  /** How long the result exists after the job ended, in milliseconds. */
  readonly resultLifetime: number
  /** The time at which work can start when it is due at `ready`. */
  readonly startAt: (ready: number) => number
}

/** The account of jobs and of the option `token`. */
export const defaultAccount = "default"

/** A job as of `now`. Throws `InvalidJobRefError` for an id that its kind cannot have, `RangeError` for an invalid duration. */
export const makeJob = (script: JobScript, context: JobContext): SimulatedJob => {
  const ref = Result.getOrThrow(JobRef.of(script.kind ?? "standard", script.id ?? context.generatedId))
  const age = OptionChecks.inRange("age", OptionChecks.duration("age", script.age ?? 0), 0, maxAge)
  const createdAt = context.now - age
  const startsAt = context.startAt(createdAt + OptionChecks.duration("queued", script.queued ?? 0))
  const endsAt = startsAt + OptionChecks.duration("duration", script.duration ?? "60 seconds")
  const status = script.status ?? "Success"
  return {
    ref,
    bodyId: int64Of(ref.id) ?? String(1_000_000 + (Hash.string(ref.id) >>> 0)),
    account: script.account ?? defaultAccount,
    createdAt,
    startsAt,
    endsAt,
    expiresAt: endsAt + context.resultLifetime,
    status,
    progress: script.progress ?? "steady",
    result: script.result ?? (successes.has(status) ? shortResult : ResultScript.none),
    script
  }
}

/** The job's state at a time. */
export const stateAt = (job: SimulatedJob, now: number): JobState => {
  if (now < job.startsAt) {
    const status = hasStatus(job.ref.kind, "Queued") ? "Queued" : "InProgress"
    return { ...running, status, percentage: job.progress === "none" ? null : 0 }
  }
  if (now < job.endsAt) {
    const elapsed = Number.isFinite(job.endsAt) ? (now - job.startsAt) / (job.endsAt - job.startsAt) : 0
    return { ...running, status: "InProgress", percentage: percentageAt(job.progress, elapsed) }
  }
  const isExpired = now >= job.expiresAt
  // Where the operation has no such status, the status stays, and `url` and `rawResult` become null.
  const showsExpiry = isExpired && hasStatus(job.ref.kind, "ResultsExpired") && expiring.has(job.status)
  return {
    status: showsExpiry ? "ResultsExpired" : job.status,
    ended: true,
    percentage: job.progress === "none" || !(showsExpiry || successes.has(job.status)) ? null : 100,
    completedAt: job.endsAt,
    result: isExpired ? ResultScript.none : job.result
  }
}

const hasStatus = (kind: JobKind, status: string) => {
  const statuses: ReadonlyArray<string> = jobKinds[kind].statuses
  return statuses.includes(status)
}

/** A century: dates of older jobs cannot be written. */
const maxAge = Duration.toMillis(Duration.days(36_525))

const running = { ended: false, completedAt: null, result: ResultScript.none }

const successes: ReadonlySet<string> = new Set(["Success", "PartialSuccess"])

/** Statuses that `ResultsExpired` follows. */
const expiring: ReadonlySet<string> = new Set([...successes, "Failure"])

const shortResult = ResultScript.text("date,impressions,clicks\n2026-11-22,48213,512\n2026-11-23,51007,544\n")

/** The digits of an int64 as JSON allows them: without leading zeros. */
const int64Of = (id: string): string | undefined => {
  if (!/^-?\d{1,20}$/.test(id)) return undefined
  const value = BigInt(id)
  return BigInt.asIntN(64, value) === value ? String(value) : undefined
}
