/**
 * How a job's completion percentage changes while the job runs.
 *
 * @module
 */

/**
 * How `completionPercentage` changes while the job runs: `steady`; `stalled` (fast to 60, unchanged most of the time); `bursty`
 * (in steps); `none` (always null, also at the end); or a function of the elapsed part of the run, from 0 to 1, whose value is sent
 * unchanged.
 */
export type ProgressCurve = "steady" | "stalled" | "bursty" | "none" | ((elapsed: number) => number | null)

/**
 * The completion percentage after a part of the run, from 0 to 1; null when it is unknown.
 *
 * @example
 * ```ts
 * import { percentageAt } from "@ttd-jobs/simulator"
 *
 * percentageAt("steady", 0.25) // 25
 * percentageAt("stalled", 0.5) // 60
 * percentageAt("none", 0.5) // null
 * ```
 */
export const percentageAt = (curve: ProgressCurve, elapsed: number): number | null => {
  switch (curve) {
    case "none":
      return null
    case "steady":
      return rounded(100 * elapsed)
    case "stalled":
      return rounded(elapsed < 0.2 ? 300 * elapsed : elapsed < 0.9 ? 60 : 60 + 400 * (elapsed - 0.9))
    case "bursty":
      return steps.findLast(([from]) => elapsed >= from)?.[1] ?? 0
    default:
      return curve(elapsed)
  }
}

/** The part of the run from which on a bursty job has which percentage. */
const steps: ReadonlyArray<readonly [from: number, percentage: number]> = [
  [0.08, 15],
  [0.35, 40],
  [0.4, 55],
  [0.75, 90]
]

const rounded = (percentage: number) => Math.round(percentage * 10_000) / 10_000
