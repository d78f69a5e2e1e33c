/**
 * Date-times as a .NET service writes them.
 *
 * @module
 */

/**
 * The format of date-times: `utc` as `2026-11-23T20:49:00.1234567Z`, `no-offset` without the `Z`, `offset` with `+00:00`,
 * `seconds` as `2026-11-23T20:49:00Z`.
 */
export type DateStyle = "utc" | "no-offset" | "offset" | "seconds"

/** A time in a style. .NET ticks are 100 ns: seven digits, of which the last four come from a seed. */
export const dateText = (time: number, style: DateStyle, seed: number): string => {
  const iso = new Date(time).toISOString()
  if (style === "seconds") return `${iso.slice(0, 19)}Z`
  const ticks = String((seed >>> 0) % 10_000).padStart(4, "0")
  return `${iso.slice(0, -1)}${ticks}${offsets[style]}`
}

const offsets = { utc: "Z", "no-offset": "", offset: "+00:00" }
