/**
 * Spans of time as people read them.
 *
 * @module
 */

/** A span of milliseconds in the unit that suits it: `300 ms`, `1.5 s`, `61 s`, `2 min`, `24.1 h`, `3 d`. */
export const timeText = (milliseconds: number): string => {
  const [unit, size] = units.find(([, , least]) => milliseconds >= least) ?? smallest
  return `${Math.round((10 * milliseconds) / size) / 10} ${unit}`
}

const smallest = ["ms", 1, 0] as const

/** Each with its length, and the shortest span it is used for, in milliseconds. */
const units: ReadonlyArray<readonly [unit: string, size: number, least: number]> = [
  ["d", 86_400_000, 172_800_000],
  ["h", 3_600_000, 7_200_000],
  ["min", 60_000, 120_000],
  ["s", 1000, 1000]
]
