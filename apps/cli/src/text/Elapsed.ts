/**
 * Times of a display that is redrawn: in whole seconds, so that they change once a second, and in few characters.
 *
 * @module
 */
import { formatDuration } from "@ttd-jobs/core/text"

/** How long something has lasted, in its largest unit, rounded down: `0 s`, `45 s`, `3 min`, `21 h`. */
export const elapsedText = (milliseconds: number): string =>
  milliseconds < second ? "0 s" : formatDuration(milliseconds, 1)

/** How long is left, at least a second: `24 h`, `9 h 59 min`, `59 min`; the minutes count when there are few hours. */
export const remainingText = (milliseconds: number): string => {
  if (milliseconds < hour) return formatDuration(Math.max(second, milliseconds), 1)
  return milliseconds < 10 * hour ? formatDuration(milliseconds) : formatDuration(roundTo(hour, milliseconds), 1)
}

const second = 1000
const hour = 3_600_000
const roundTo = (unit: number, milliseconds: number) => Math.round(milliseconds / unit) * unit
