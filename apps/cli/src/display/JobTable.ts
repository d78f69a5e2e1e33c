/**
 * Jobs as a table that fits a terminal: reference, status, percentage, bar, time, details.
 *
 * @module
 */
import type { JobPhase, JobSnapshot } from "@ttd-jobs/core"
import { displayWidth } from "effect/cli/CliOutput"
import { cleanLine } from "../text/CleanText.ts"
import { distinctWidth, truncate, truncateMiddle } from "../text/Text.ts"
import { bar, type Glyphs } from "./Glyphs.ts"
import { type Paint, phaseStyles } from "./Paint.ts"
import { ageText, durationOf } from "./SnapshotLine.ts"
import { type Cell, naturalWidth, tableLines, type Yielding } from "./Table.ts"

/** A job's row. */
export interface JobRow {
  /** One character before the reference. */
  readonly symbol: string
  readonly ref: string
  readonly style: Parameters<Paint>[0]
  readonly status: string
  readonly percentage: number | null
  readonly isTerminal: boolean
  /** How long it has been running, or took. */
  readonly time: string
  readonly details: string
  /** Whether the details take what is left of the line, without making their column wider. */
  readonly isFlexible?: boolean
}

/** How to draw the table. */
export interface JobTableOptions {
  readonly columns: number
  readonly paint: Paint
  readonly glyphs: Glyphs
  /** Whether rows change: then columns have room for what is common, so that they do not move. */
  readonly isLive?: boolean
}

/** The head of the table and a line for each row. */
export const jobTable = (
  rows: ReadonlyArray<JobRow>,
  options: JobTableOptions
): { readonly head: string; readonly lines: ReadonlyArray<string> } => {
  const { isLive = false } = options
  const cellsWith = (barWidth: number) => [headCells(options), ...rows.map((row) => rowCells(row, barWidth, options))]
  const left = options.columns - naturalWidth(cellsWith(0)) - 2
  const barWidth = barWidthFor(rows, left, isLive)
  const [head = "", ...lines] = tableLines(cellsWith(barWidth), {
    columns: options.columns,
    ellipsis: options.glyphs.ellipsis,
    yielding: yieldingFor(rows, isLive && barWidth > 0)
  })
  return { head, lines }
}

/** The row of a job that has been seen. */
export const rowOf = (
  snapshot: JobSnapshot,
  { details, now, symbol }: { readonly now: number; readonly symbol: string; readonly details: string }
): JobRow => ({
  symbol,
  ref: snapshot.ref,
  style: phaseStyles[snapshot.phase],
  status: shortStatus(snapshot),
  percentage: snapshot.completionPercentage,
  isTerminal: snapshot.isTerminal,
  time: snapshot.isTerminal ? durationOf(snapshot) : ageText(snapshot, now),
  details
})

const shortPhases: Partial<Record<JobPhase, string>> = { "partially-succeeded": "partial" }

const shortStatus = ({ phase, status }: JobSnapshot) =>
  phase === "unknown" ? truncate(cleanLine(status), widestStatus) : (shortPhases[phase] ?? phase)

/** One long unknown status does not take the room of all other columns. */
const widestStatus = 14

const headCells = ({ isLive = false, paint }: JobTableOptions): ReadonlyArray<Cell> => {
  const head = (text: string, least: number, align: "left" | "right" = "left"): Cell => ({
    text,
    align,
    paint: (cell) => paint("dim", cell),
    ...(isLive ? { least } : {})
  })
  return [
    head("  JOB", 0),
    head("STATUS", "succeeded".length),
    head("DONE", 0, "right"),
    head("", 0),
    head("TIME", "59 min".length, "right"),
    head("", 0)
  ]
}

const rowCells = (row: JobRow, barWidth: number, { glyphs, paint }: JobTableOptions): ReadonlyArray<Cell> => {
  const { details, isFlexible = false, isTerminal, percentage, ref, status, style, symbol, time } = row
  const painted = (text: string) => paint(style, text)
  const calm = (text: string) => (isTerminal ? paint("dim", text) : painted(text))
  return [
    {
      text: `${symbol} ${cleanLine(ref)}`,
      cut: (text, width, ellipsis) => text.slice(0, 2) + truncateMiddle(text.slice(2), width - 2, ellipsis),
      paint: (text) => painted(text.slice(0, 1)) + text.slice(1)
    },
    { text: status, paint: painted },
    { text: percentage === null ? "" : `${Math.floor(percentage)}%`, align: "right", paint: calm },
    { text: hasBar(row) ? bar(percentage ?? 0, barWidth, glyphs) : "", paint: painted },
    { text: time, align: "right", paint: (text) => paint("dim", text) },
    { text: details, isFlexible, paint: (text) => paint("dim", text) }
  ]
}

/** A full bar for each job that has ended would be the loudest thing on the screen. */
const hasBar = ({ isTerminal, percentage }: JobRow) => !isTerminal && percentage !== null

/**
 * The bar takes what the other columns leave, within limits; none where that is too little. While it moves it is worth more than the middle
 * of a long reference.
 */
const barWidthFor = (rows: ReadonlyArray<JobRow>, left: number, isLive: boolean): number => {
  if (!rows.some(hasBar)) return 0
  const refWidth = Math.max(...rows.map(({ ref }) => displayWidth(cleanLine(ref))))
  const gain = isLive ? Math.max(0, refWidth - liveRefWidth(rows)) : 0
  const width = left >= narrowestBar ? left : left + gain >= narrowestBar ? narrowestBar : 0
  return Math.min(widestBar, width)
}

const narrowestBar = 8
const widestBar = 20

/**
 * What gives way in a narrow terminal. A reference is cut in its middle, and only as far as those that are shown still differ; the
 * percentage stays longest.
 */
const yieldingFor = (rows: ReadonlyArray<JobRow>, isBarFirst: boolean): ReadonlyArray<Yielding> => [
  ...(isBarFirst ? [{ column: 0, to: 2 + liveRefWidth(rows) }] : []),
  { column: 3, to: 0 },
  { column: 4, to: 0 },
  { column: 5, to: 0 },
  {
    column: 0,
    to: 2 + distinctRefWidth(rows, narrowestRef)
  },
  { column: 1, to: 0 },
  { column: 0, to: 4 },
  { column: 2, to: 0 },
  { column: 0, to: 1 }
]

const narrowestRef = 14

const distinctRefWidth = (rows: ReadonlyArray<JobRow>, from: number) =>
  distinctWidth(
    rows.map(({ ref }) => cleanLine(ref)),
    from
  )

/** How far a reference gives way to the bar. */
const liveRefWidth = (rows: ReadonlyArray<JobRow>) => distinctRefWidth(rows, 22)
