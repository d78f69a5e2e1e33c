/**
 * Durations as people read them.
 *
 * @module
 */

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]

type Step = readonly [below: number, unit: string, size: number, smallerUnit: string, smallerSize: number]

/** Each duration is written as in the first row that it is below of. Without a smaller unit the rest is a decimal. */
const steps: ReadonlyArray<Step> = [
  [second, "ms", 1, "", 1],
  [10 * second, "s", second, "", 100],
  [minute, "s", second, "", second],
  [hour, "min", minute, "s", second],
  [2 * day, "h", hour, "min", minute],
  [Number.POSITIVE_INFINITY, "d", day, "h", hour]
]

/**
 * A duration in milliseconds, in its two largest units and rounded: `2 d 3 h`, `1 h 5 min`, `2 min`, `1.5 s`, `300 ms`. Up to two days it is
 * in hours. With `precision` 1 there is only the largest unit, rounded down: `1 h`. Infinity is `unlimited`.
 *
 * @example
 * ```ts
 * import { formatDuration } from "@ttd-jobs/core/text"
 *
 * formatDuration(3_900_000) // "1 h 5 min"
 * formatDuration(3_900_000, 1) // "1 h"
 * formatDuration(86_400_000) // "24 h"
 * formatDuration(1500) // "1.5 s"
 * ```
 */
export const formatDuration = (milliseconds: number, precision: 1 | 2 = 2): string => {
  for (const [below, unit, size, smallerUnit, smallerSize] of steps) {
    const time = Math.max(0, milliseconds)
    const rounded = precision === 1 ? time : Math.round(time / smallerSize) * smallerSize
    if (rounded >= below) continue
    const count = Math.floor(rounded / size)
    const rest = Math.round((rounded % size) / smallerSize)
    if (precision === 1 || rest === 0) return `${count} ${unit}`
    return smallerUnit === "" ? `${count}.${rest} ${unit}` : `${count} ${unit} ${rest} ${smallerUnit}`
  }
  return "unlimited"
}
