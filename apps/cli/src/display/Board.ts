/**
 * What is known of the jobs that are waited for, and how it looks in so many lines and columns.
 *
 * @module
 */
import { isTerminal, type JobPhase, type JobSnapshot } from "@ttd-jobs/core"
import { cleanLine } from "../text/CleanText.ts"
import { durationText } from "../text/DurationText.ts"
import { truncate } from "../text/Text.ts"
import type { Paint } from "./Paint.ts"
import { errorTexts, resultText } from "./SnapshotLine.ts"
import { barWidthFor, headRow, snapshotRow, symbols, yielding } from "./SnapshotTable.ts"
import { type Cell, tableLines } from "./Table.ts"

/** A job on the board. */
export interface BoardJob {
  readonly ref: string
  /** Where it stands; undefined until it was seen. */
  readonly snapshot?: JobSnapshot
  /** When that was seen, in milliseconds since the epoch. */
  readonly seenAt?: number
  /** When and at what percentage it was first seen running, for the estimate. */
  readonly since?: { readonly at: number; readonly percentage: number }
  /** What a poll met lately that failed, and when, in milliseconds since the epoch. */
  readonly trouble?: { readonly text: string; readonly metAt: number }
  /** Why no more is asked. */
  readonly failure?: string
}

/** How to show a board. */
export interface BoardView {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** When the waiting began. */
  readonly startedAt: number
  readonly columns: number
  readonly rows: number
  /** The width of the widest reference. */
  readonly refWidth: number
  readonly paint: Paint
}

/** A job after it was seen. */
export const seen = (job: BoardJob, snapshot: JobSnapshot, now: number): BoardJob => {
  const percentage = snapshot.completionPercentage
  const isProgress = job.since !== undefined && percentage !== null && percentage >= job.since.percentage
  const since =
    snapshot.phase !== "running" || percentage === null ? undefined : isProgress ? job.since : { at: now, percentage }
  return { ref: job.ref, snapshot, seenAt: now, ...(since === undefined ? {} : { since }) }
}

/** The board as lines: never more than there are rows, never wider than the columns. */
export const boardLines = (jobs: ReadonlyArray<BoardJob>, view: BoardView): ReadonlyArray<string> => {
  // The last row is left for the cursor, the last column so that no line wraps.
  const columns = view.columns - 1
  // Head, empty line, summary and cursor.
  const room = Math.max(0, view.rows - 4)
  const isFolded = jobs.length > room
  const shown = isFolded ? mostWanted(jobs, room - 1) : jobs
  const barWidth = barWidthFor(view.columns, view.refWidth)
  const table = [headRow(view.paint, true), ...shown.map((job) => rowOf(job, view, barWidth))]
  const [head = "", ...rows] = tableLines(table, columns, yielding)
  const notes = shown.map((job) => noteOf(job, view.now))
  // Notes are shown only if all of them find room, so that lines do not jump about.
  const hasRoomForNotes = !isFolded && shown.length + notes.filter((note) => note !== "").length <= room
  const dim = (text: string) => view.paint("dim", truncate(text, columns))
  const body = rows.flatMap((row, index) => {
    const note = notes[index] ?? ""
    return note === "" || !hasRoomForNotes ? [row] : [row, dim(`    ${note}`)]
  })
  const folded = isFolded ? [dim(`  ${foldedText(jobs, shown)}`)] : []
  const between = hasRoomForNotes ? "" : dim(`  ${troubleText(jobs, view.now)}`).trimEnd()
  return [head, ...body, ...folded, between, dim(summaryText(jobs, view))].slice(-Math.max(1, view.rows - 1))
}

const rowOf = (job: BoardJob, view: BoardView, barWidth: number): ReadonlyArray<Cell> => {
  const { now, paint } = view
  if (job.snapshot === undefined) {
    const [symbol, text] = job.failure === undefined ? [spinner(now), "loading"] : [symbols.failed, "not known"]
    return [
      { text: `${symbol} ${cleanLine(job.ref)}` },
      { text, paint: (cell) => paint(job.failure === undefined ? "dim" : "red", cell) }
    ]
  }
  const { phase } = job.snapshot
  return snapshotRow(job.snapshot, {
    now,
    paint,
    barWidth,
    symbol: phase === "running" && job.failure === undefined ? spinner(now) : symbols[phase],
    details: phase === "running" ? estimateText(job, job.snapshot, now) : resultText(job.snapshot, now)
  })
}

/** What a job's row has no room for: why it failed, or why it is not known. */
const noteOf = (job: BoardJob, now: number): string =>
  cleanLine(
    job.failure ?? troubleOf(job, now) ?? (job.snapshot === undefined ? "" : errorTexts(job.snapshot).join("; "))
  )

/** What a job's polls meet now. What was met long ago and not again has passed: that nothing changed since is not told. */
const troubleOf = ({ trouble }: BoardJob, now: number): string | undefined =>
  trouble === undefined || now - trouble.metAt > troubleLasts ? undefined : trouble.text

/** Longer than a failing request is waited for and repeated after, in milliseconds. */
const troubleLasts = 120_000

/** What most of the jobs meet that are in trouble, where there is no room to note it for each. */
const troubleText = (jobs: ReadonlyArray<BoardJob>, now: number): string => {
  const troubled = jobs.filter((job) => job.failure === undefined && troubleOf(job, now) !== undefined)
  const byText = Map.groupBy(troubled, (job) => troubleOf(job, now))
  const [commonest] = [...byText].toSorted(([, one], [, other]) => other.length - one.length)
  if (commonest === undefined) return ""
  const [text, met] = commonest
  return cleanLine(`${met.length === 1 ? met[0]?.ref : `${met.length} jobs`}: ${text}`)
}

/**
 * How long the rest takes if it goes on as it went from when the job was first seen until it was last seen. Nothing before it has come
 * 1 % further, nor when it should have ended already.
 */
const estimateText = (
  { seenAt, since }: BoardJob,
  { completionPercentage: percentage }: JobSnapshot,
  now: number
): string => {
  if (seenAt === undefined || since === undefined || percentage === null) return ""
  const progress = percentage - since.percentage
  const left = ((100 - percentage) * (seenAt - since.at)) / progress - (now - seenAt)
  return progress < 1 || left <= 0 ? "" : `about ${durationText(Math.max(1000, left))} left`
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const spinner = (now: number) => frames[Math.floor(now / 125) % frames.length] ?? ""

/** Which phases give way last when there are more jobs than lines. */
const wanted: ReadonlyArray<JobPhase> = [
  "running",
  "unknown",
  "failed",
  "cancelled",
  "partially-succeeded",
  "queued",
  "expired",
  "succeeded"
]

/** As many jobs as there is room for, the most interesting ones, in their order. */
const mostWanted = (jobs: ReadonlyArray<BoardJob>, room: number): ReadonlyArray<BoardJob> => {
  const byPhase = Map.groupBy(jobs, ({ failure, snapshot }) =>
    failure !== undefined ? "failed" : (snapshot?.phase ?? "queued")
  )
  const chosen = new Set(wanted.flatMap((phase) => byPhase.get(phase) ?? []).slice(0, Math.max(0, room)))
  return jobs.filter((job) => chosen.has(job))
}

const foldedText = (jobs: ReadonlyArray<BoardJob>, shown: ReadonlyArray<BoardJob>) => {
  const visible = new Set(shown)
  const hidden = jobs.filter((job) => !visible.has(job))
  return `and ${hidden.length} more: ${countsText(hidden)}`
}

/** What is counted, what goes on before what has ended. */
const counted = [
  "loading",
  "queued",
  "running",
  "unknown",
  "succeeded",
  "partially-succeeded",
  "failed",
  "cancelled",
  "expired",
  "not known"
] as const

/** `2 running, 1 succeeded`. */
const countsText = (jobs: ReadonlyArray<BoardJob>): string => {
  const byName = Map.groupBy(jobs, ({ failure, snapshot }) =>
    failure !== undefined ? "not known" : (snapshot?.phase ?? "loading")
  )
  return counted
    .map((name) => ({ name, count: byName.get(name)?.length ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ count, name }) => `${count} ${name === "partially-succeeded" ? "partial" : name}`)
    .join(", ")
}

const summaryText = (jobs: ReadonlyArray<BoardJob>, { now, startedAt }: BoardView): string => {
  const ended = jobs.filter(
    ({ failure, snapshot }) => failure !== undefined || (snapshot !== undefined && isTerminal(snapshot.phase))
  )
  return `${ended.length} of ${jobs.length} ended in ${durationText(now - startedAt)}: ${countsText(jobs)}`
}
