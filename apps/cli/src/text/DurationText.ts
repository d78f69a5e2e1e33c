/**
 * Durations as people read them.
 *
 * @module
 */
const units = [
  ["d", "d", 86_400_000],
  ["h", "h", 3_600_000],
  ["m", "min", 60_000],
  ["s", "s", 1000],
  ["ms", "ms", 1]
] as const

/** A span of milliseconds in its largest unit, rounded down: `45 s`, `3 min`, `21 h`, `2 d`. */
export const durationText = (milliseconds: number): string => {
  const [, name, size] = units.find(([unit, , size]) => unit !== "ms" && milliseconds >= size) ?? units[3]
  return `${Math.floor(Math.max(0, milliseconds) / size)} ${name}`
}

/** The time that is left until a deadline: `24 h`, `9 h 59 min`, `59 min`; the minutes count when there are few hours. */
export const remainingText = (milliseconds: number): string => {
  const minutes = Math.round(milliseconds / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours < 1 || hours >= 48) return durationText(milliseconds)
  if (hours >= 10) return `${Math.round(minutes / 60)} h`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}
