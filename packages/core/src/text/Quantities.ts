/**
 * Sizes and percentages as people read them.
 *
 * @module
 */

/**
 * A number of bytes in decimal units, with one decimal at most: `0 B`, `1.2 MB`.
 *
 * @example
 * ```ts
 * import { formatBytes } from "@ttd-jobs/core/text"
 *
 * formatBytes(999) // "999 B"
 * formatBytes(1_249_000) // "1.2 MB"
 * ```
 */
export const formatBytes = (bytes: number): string => {
  let amount = bytes
  let unit = 0
  while (amount >= 999.95 && unit < units.length - 1) {
    amount /= 1000
    unit += 1
  }
  return `${Math.round(amount * 10) / 10} ${units[unit]}`
}

const units = ["B", "kB", "MB", "GB", "TB"]

/**
 * A percentage with one decimal at most, or the given number of decimals. It is rounded down, so that 99.99 is not 100.
 *
 * @example
 * ```ts
 * import { formatPercentage } from "@ttd-jobs/core/text"
 *
 * formatPercentage(42.5) // "42.5 %"
 * formatPercentage(99.99, 0) // "99 %"
 * ```
 */
export const formatPercentage = (percentage: number, decimals = 1): string =>
  // 0.29 × 100 is 28.999…
  `${Math.floor(percentage * 10 ** decimals + 1e-9) / 10 ** decimals} %`
