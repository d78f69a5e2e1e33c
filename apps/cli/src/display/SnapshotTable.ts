/**
 * Jobs as a table for a terminal.
 *
 * @module
 */
import type { JobPhase, JobSnapshot } from "@ttd-jobs/core"
import { displayWidth } from "effect/cli/CliOutput"
import { cleanLine } from "../text/CleanText.ts"
import { type Paint, paintFor, phaseStyles } from "./Paint.ts"
import { ageText, errorTexts, resultText } from "./SnapshotLine.ts"
import type { Stream } from "./Streams.ts"
import { type Cell, tableLines, type Yielding } from "./Table.ts"

/** Several jobs as a table that fits the stream, each job's errors below it. */
export const snapshotTable = (snapshots: ReadonlyArray<JobSnapshot>, now: number, stream: Stream): string => {
  const paint = paintFor(stream)
  const { columns } = stream.size()
  const barWidth = barWidthFor(columns, widestOf(snapshots.map(({ ref }) => ref)))
  const rows = snapshots.map((snapshot) =>
    snapshotRow(snapshot, {
      now,
      paint,
      barWidth,
      symbol: symbols[snapshot.phase],
      details: resultText(snapshot, now)
    })
  )
  const [head = "", ...lines] = tableLines([headRow(paint), ...rows], columns, yielding)
  const withErrors = lines.flatMap((line, index) => [
    line,
    ...errorTextsOf(snapshots[index]).map((text) => `    ${paint("red", text)}`)
  ])
  return `${[head, ...withErrors].join("\n")}\n`
}

const errorTextsOf = (snapshot: JobSnapshot | undefined) => (snapshot === undefined ? [] : errorTexts(snapshot))

/** What a row is made with. */
export interface RowOptions {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly paint: Paint
  /** The width of a full bar, in characters. */
  readonly barWidth: number
  /** What stands before the job. */
  readonly symbol: string
  /** What stands in the last column. */
  readonly details: string
}

/** What columns are expected to need, in characters: the widest texts that are common. */
const statusWidth = "succeeded".length
const ageWidth = "59 min".length
const detailsWidth = "1.5 MB, expires in 23 h".length

/** The head of the table. One that `isLive` keeps room for what is still to come, so that columns do not move. */
export const headRow = (paint: Paint, isLive = false): ReadonlyArray<Cell> => {
  const head = (text: string, least: number): Cell => ({
    text,
    paint: (cell) => paint("dim", cell),
    ...(isLive ? { least } : {})
  })
  return [
    head("  JOB", 0),
    head("STATUS", statusWidth),
    head("PROGRESS", 0),
    { ...head("AGE", ageWidth), align: "right" },
    head("", detailsWidth)
  ]
}

/** A job as a row of the table. */
export const snapshotRow = (snapshot: JobSnapshot, options: RowOptions): ReadonlyArray<Cell> => {
  const { barWidth, details, now, paint, symbol } = options
  const painted = (text: string) => paint(phaseStyles[snapshot.phase], text)
  return [
    { text: `${symbol} ${cleanLine(snapshot.ref)}`, paint: (text) => painted(text.slice(0, 1)) + text.slice(1) },
    { text: shortStatus(snapshot), paint: painted },
    { text: progressText(snapshot.completionPercentage, barWidth), paint: painted },
    { text: ageText(snapshot, now), align: "right" },
    { text: details, paint: (text) => paint("dim", text) }
  ]
}

const shortStatus = ({ phase, status }: JobSnapshot) =>
  phase === "partially-succeeded" ? "partial" : phase === "unknown" ? cleanLine(status) : phase

/**
 * What gives way in a narrow terminal: of a long reference its end, then what is said last, the bar, and so on. A line is never
 * wider than the terminal.
 */
export const yielding: ReadonlyArray<Yielding> = [
  { column: 0, to: 24 },
  { column: 4, to: 0 },
  { column: 1, to: 9 },
  { column: 2, to: 0 },
  { column: 3, to: 0 },
  { column: 1, to: 0 },
  { column: 0, to: 1 }
]

/** A sign for each phase, for those who see no colours. */
export const symbols: Readonly<Record<JobPhase, string>> = {
  queued: "·",
  running: "▸",
  succeeded: "✓",
  "partially-succeeded": "!",
  failed: "✗",
  cancelled: "✗",
  expired: "○",
  unknown: "?"
}

/** The width of a bar, from what the other columns leave of a line. */
export const barWidthFor = (columns: number, refWidth: number): number => {
  const others = ["✓ ", "100% ", ...Array.from({ length: 4 }, () => "  ")].join("").length
  const left = columns - 1 - others - refWidth - statusWidth - ageWidth - detailsWidth
  return Math.min(30, Math.max(6, left))
}

/** The width of the widest reference. */
export const widestOf = (refs: ReadonlyArray<string>): number =>
  refs.reduce((widest, ref) => Math.max(widest, displayWidth(cleanLine(ref))), 0)

const progressText = (percentage: number | null, barWidth: number) =>
  percentage === null ? "" : `${bar(percentage, barWidth)} ${`${Math.floor(percentage)}%`.padStart(4)}`

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

/** A bar of a percentage, exact to an eighth of a character. */
export const bar = (percentage: number, width: number): string => {
  const filled = Math.floor((percentage / 100) * width * 8)
  const drawn = "█".repeat(filled >> 3) + (eighths[filled & 7] ?? "")
  return drawn + "░".repeat(width - drawn.length)
}
