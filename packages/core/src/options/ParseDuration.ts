/**
 * Durations as people type them.
 *
 * @module
 */

/**
 * Reads a duration with units, the largest first: `90s`, `1h30m`, `1 h 5 min`, `500ms`, `1.5h`, `7d`. Returns milliseconds; undefined for
 * anything else, a number without a unit included.
 *
 * @example
 * ```ts
 * import { parseDuration } from "@ttd-jobs/core"
 *
 * parseDuration("1h30m") // 5400000
 * parseDuration("90") // undefined
 * ```
 */
export const parseDuration = (text: string): number | undefined => {
  const amounts = text === "" ? null : pattern.exec(text)
  return amounts?.slice(1).reduce((sum, amount, index) => sum + Number(amount ?? 0) * (sizes[index] ?? 0), 0)
}

const sizes = [86_400_000, 3_600_000, 60_000, 1000, 1]

const pattern = new RegExp(
  `^${["d", "h", "m(?:in)?", "s", "ms"].map((unit) => `(?:(\\d+(?:\\.\\d+)?) *${unit} *)?`).join("")}$`
)
