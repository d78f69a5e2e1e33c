/**
 * The progress of a transfer as text: name, bar, bytes, speed, time left.
 *
 * @module
 */
import type { DownloadEvent } from "@ttd-jobs/core"
import { formatBytes } from "@ttd-jobs/core/text"
import { displayWidth } from "effect/cli/CliOutput"
import { bar, type Glyphs } from "../display/Glyphs.ts"
import type { Paint } from "../display/Paint.ts"
import { expiryWarning } from "../display/SnapshotLine.ts"
import { type Cell, tableLines, type Yielding } from "../display/Table.ts"
import { cleanLine } from "../text/CleanText.ts"
import { remainingText } from "../text/Elapsed.ts"

/** How many bytes there were at a time, in milliseconds since the epoch. */
export interface Sample {
  readonly at: number
  readonly bytes: number
}

/** A transfer in progress. */
export interface Transferring {
  /** What is being saved. */
  readonly name: string
  readonly bytes: number
  /** Null when the server does not say. */
  readonly size: number | null
  /** The last samples, for the speed, the oldest first. */
  readonly samples: ReadonlyArray<Sample>
}

/** A transfer as a line that fits so many columns: name, bar, bytes, speed, time left. */
export const transferLine = (
  { bytes, name, samples, size }: Transferring,
  columns: number,
  paint: Paint,
  glyphs: Glyphs
): string => {
  const speed = speedOf(samples)
  const dim = (text: string) => paint("dim", text)
  const amountWidth = amountText(size ?? bytes, size).length
  const barWidth = Math.min(30, Math.max(6, columns - displayWidth(name) - amountWidth - othersWidth))
  const progress = size === null ? "" : `${bar(percentOf(bytes, size), barWidth, glyphs)} ${percentText(bytes, size)}`
  const cells: ReadonlyArray<Cell> = [
    { text: name },
    { text: progress, paint: (text) => paint("cyan", text) },
    { text: amountText(bytes, size), align: "right", least: amountWidth },
    { text: speed === undefined ? "" : `${formatBytes(speed)}/s`, paint: dim, align: "right", least: speedWidth },
    { text: leftText(bytes, size, speed), paint: dim }
  ]
  const [line = ""] = tableLines([cells], { columns: columns - 1, yielding, ellipsis: glyphs.ellipsis })
  return line
}

const speedWidth = "12.5 MB/s".length

/** The width of all but the name, the bar and the amount; gaps and the last column are included. */
const othersWidth = " 100%".length + speedWidth + "59 min left".length + 4 * 2 + 1

/** What gives way in a narrow terminal: the end of a long name, then the time left, and so on. */
const yielding: ReadonlyArray<Yielding> = [
  { column: 0, to: 16 },
  { column: 4, to: 0 },
  { column: 3, to: 0 },
  { column: 1, to: 0 },
  { column: 0, to: 0 },
  { column: 2, to: 1 }
]

/** `11.2 MB of 25 MB`. */
export const amountText = (bytes: number, size: number | null): string =>
  size === null ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(size)}`

const percentOf = (bytes: number, size: number) => (size === 0 ? 100 : Math.min(100, (bytes / size) * 100))

const percentText = (bytes: number, size: number) => `${Math.floor(percentOf(bytes, size))}%`.padStart(4)

/** Bytes per second; undefined before half a second of samples. */
export const speedOf = (samples: ReadonlyArray<Sample>): number | undefined => {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined || last.at - first.at < 500) return undefined
  return Math.max(0, Math.round(((last.bytes - first.bytes) * 1000) / (last.at - first.at)))
}

const leftText = (bytes: number, size: number | null, speed: number | undefined) =>
  size === null || speed === undefined || speed <= 0 ? "" : `${remainingText(((size - bytes) * 1000) / speed)} left`

/** An event worth a line of its own; undefined for the others. */
export const transferNote = (event: DownloadEvent, now: number): string | undefined => {
  switch (event._tag) {
    case "Started":
      return event.bytes === 0 ? undefined : `resuming ${event.ref} after ${amountText(event.bytes, event.file.size)}`
    case "Progress":
      return undefined
    case "Interrupted":
      return `warning: ${event.ref}: interrupted after ${formatBytes(event.bytes)} (${cleanLine(event.reason)}); resuming ${pauseText(event.pause)}`
    case "LinkExpired":
      return `warning: ${event.ref}: the link to the result has expired; getting a new one`
    case "StartedOver":
      return `warning: ${event.ref}: the partial download cannot be resumed, the file may have changed; starting over`
    case "ExpiresSoon":
      return `warning: ${event.ref}: ${expiryWarning(event.snapshot, now)}`
  }
}

const pauseText = (pause: number): string => (pause < 1000 ? "at once" : `in ${remainingText(pause)}`)
