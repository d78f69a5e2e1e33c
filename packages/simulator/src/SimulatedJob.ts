/**
 * A job and where it stands at a given time.
 *
 * @module
 */
import { JobRef } from "@ttd-jobs/core"
import { Duration, Hash, Result } from "effect"
import * as Bounds from "./Bounds.ts"
import type { JobScript, ProgressCurve } from "./JobScript.ts"
import * as ResultScript from "./ResultScript.ts"

/** How long a result is kept after its job has ended (contract, "Life of a job"). */
export const resultLifetime: Duration.Duration = Duration.hours(24)

/** A job, its script's defaults filled in. Times are milliseconds since the epoch. */
export interface SimulatedJob {
  readonly ref: JobRef
  /** The id in the answer's body, an int64 also where the reference holds another text. */
  readonly bodyId: string
  readonly createdAt: number
  readonly startsAt: number
  readonly endsAt: number
  readonly status: string
  readonly progress: ProgressCurve
  readonly result: ResultScript.ResultScript
  readonly script: JobScript
}

/** Where a job stands. */
export interface JobState {
  readonly status: string
  readonly ended: boolean
  readonly percentage: number | null
  readonly completedAt: number | null
  /** The result, as long as it is there. */
  readonly result: ResultScript.ResultScript
}

/** A job as of `now`. Throws `InvalidJobRefError` on an id that its kind cannot have, `RangeError` on a time that is none. */
export const make = (script: JobScript, now: number, drawnId: string): SimulatedJob => {
  const ref = Result.getOrThrow(JobRef.of(script.kind ?? "standard", script.id ?? drawnId))
  const createdAt = now - Bounds.within("age", Bounds.time("age", script.age ?? 0), 0, mostAge)
  const startsAt = createdAt + Bounds.time("queued", script.queued ?? 0)
  const status = script.status ?? "Success"
  return {
    ref,
    bodyId: int64Of(ref.id) ?? String(1_000_000 + (Hash.string(ref.id) >>> 0)),
    createdAt,
    startsAt,
    endsAt: startsAt + Bounds.time("duration", script.duration ?? "60 seconds"),
    status,
    progress: script.progress ?? "steady",
    result: script.result ?? (successes.has(status) ? shortResult : ResultScript.none),
    script
  }
}

/** Where the job stands at a time. */
export const stateAt = (job: SimulatedJob, now: number): JobState => {
  if (now < job.startsAt) {
    const status = job.ref.kind === "standard" ? "InProgress" : "Queued"
    return { ...running, status, percentage: job.progress === "none" ? null : 0 }
  }
  if (now < job.endsAt) {
    const elapsed = Number.isFinite(job.endsAt) ? (now - job.startsAt) / (job.endsAt - job.startsAt) : 0
    return { ...running, status: "InProgress", percentage: percentageAt(job.progress, elapsed) }
  }
  const expires = job.ref.kind === "standard" && isResultGone(job, now) && terminal.has(job.status)
  return {
    status: expires ? "ResultsExpired" : job.status,
    ended: true,
    percentage: job.progress === "none" || !(expires || successes.has(job.status)) ? null : 100,
    completedAt: job.endsAt,
    result: expires ? ResultScript.none : job.result
  }
}

/** Whether the job's result is no longer kept at a time. */
export const isResultGone = (job: SimulatedJob, now: number): boolean =>
  now >= job.endsAt + Duration.toMillis(resultLifetime)

/** A century: dates of older jobs could not be written. */
const mostAge = Duration.toMillis(Duration.days(36_525))

const running = { ended: false, completedAt: null, result: ResultScript.none }

const successes: ReadonlySet<string> = new Set(["Success", "PartialSuccess"])
const terminal: ReadonlySet<string> = new Set([...successes, "Failure"])

const shortResult = ResultScript.inline("date,impressions,clicks\n2026-11-22,48213,512\n2026-11-23,51007,544\n")

/** The digits of an int64 as JSON allows them: without leading zeros. */
const int64Of = (id: string): string | undefined => {
  if (!/^-?\d{1,20}$/.test(id)) return undefined
  const value = BigInt(id)
  return BigInt.asIntN(64, value) === value ? String(value) : undefined
}

const percentageAt = (curve: ProgressCurve, elapsed: number): number | null => {
  switch (curve) {
    case "none":
      return null
    case "steady":
      return rounded(100 * elapsed)
    case "stalled":
      return rounded(elapsed < 0.2 ? 300 * elapsed : elapsed < 0.9 ? 60 : 60 + 400 * (elapsed - 0.9))
    case "bursty":
      return leaps.findLast(([from]) => elapsed >= from)?.[1] ?? 0
    default:
      return curve(elapsed)
  }
}

/** From which part of the run on a bursty job stands at which percentage. */
const leaps: ReadonlyArray<readonly [from: number, percentage: number]> = [
  [0.08, 15],
  [0.35, 40],
  [0.4, 55],
  [0.75, 90]
]

const rounded = (percentage: number) => Math.round(percentage * 10_000) / 10_000
