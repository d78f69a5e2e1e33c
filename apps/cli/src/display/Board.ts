/**
 * The live board: all jobs of a command in so many lines and columns.
 *
 * @module
 */
import type { JobPhase } from "@ttd-jobs/core"
import { cleanLine } from "../text/CleanText.ts"
import { elapsedText } from "../text/Elapsed.ts"
import { truncate } from "../text/Text.ts"
import { type BoardJob, currentProblem, estimateText, isEnded } from "./BoardJob.ts"
import { countsText, problemTexts, summaryText } from "./BoardSummary.ts"
import type { Glyphs } from "./Glyphs.ts"
import { type JobRow, jobTable, rowOf } from "./JobTable.ts"
import type { Paint } from "./Paint.ts"
import { errorTexts, expiryText } from "./SnapshotLine.ts"

/** How to show a board. */
export interface BoardView {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** When the command began. */
  readonly startedAt: number
  readonly columns: number
  readonly rows: number
  readonly paint: Paint
  readonly glyphs: Glyphs
  /** Whether this board is the last: then nothing in it moves. */
  readonly isLast?: boolean
}

/** The board as lines: never more than there are rows, never wider than the columns. */
export const boardLines = (jobs: ReadonlyArray<BoardJob>, view: BoardView): ReadonlyArray<string> => {
  // The last row is left for the cursor, the last column so that no line wraps.
  const height = Math.max(1, view.rows - 1)
  const width = view.columns - 1
  const fit = (text: string) => truncate(text, width, view.glyphs.ellipsis)
  const dim = (text: string) => view.paint("dim", fit(text))
  const problems = view.isLast ? [] : problemTexts(jobs, view.now).slice(0, mostProblems)
  if (jobs.length === 1) {
    const { body } = tableWithNotes(jobs, view, width, true)
    return [...body, ...problems.map((text) => dim(`${indent}${text}`))].slice(0, height)
  }
  const foot = [...problems.map((text) => dim(`  ${text}`)), "", summaryLine(jobs, view, fit)]
  const room = Math.max(0, height - 1 - foot.length)
  const isFolded = jobs.length > room
  const shown = isFolded ? mostRelevant(jobs, room - 1) : jobs
  const hasNotes = !isFolded && shown.length + shown.filter((job) => noteOf(job) !== "").length <= room
  const { body, head } = tableWithNotes(shown, view, width, hasNotes)
  const folded = isFolded ? [dim(`  ${foldedText(jobs, shown)}`)] : []
  return [head, ...body, ...folded, ...foot].slice(-height)
}

/** Different problems at once are rare; the table matters more. */
const mostProblems = 3
const indent = "    "

/** The table's lines. Notes stand below their rows, or at their ends where there is no room. */
const tableWithNotes = (jobs: ReadonlyArray<BoardJob>, view: BoardView, width: number, hasNotes: boolean) => {
  const { glyphs, paint } = view
  const rows = jobs.map((job) => boardRow(job, view, !hasNotes))
  const { head, lines } = jobTable(rows, { columns: width, paint, glyphs, isLive: true })
  const body = lines.flatMap((line, index) => {
    const note = hasNotes ? noteOf(jobs[index]) : ""
    return note === "" ? [line] : [line, paint("dim", truncate(`${indent}${note}`, width, glyphs.ellipsis))]
  })
  return { head, body }
}

const boardRow = (job: BoardJob, view: BoardView, hasNoteAtEnd: boolean): JobRow => {
  const { glyphs, now } = view
  const note = hasNoteAtEnd ? noteOf(job) : ""
  const { failure, ref, snapshot } = job
  if (snapshot === undefined) {
    const isFailed = failure !== undefined
    return {
      symbol: isFailed ? glyphs.failure : glyphs.phases.queued,
      ref,
      style: isFailed ? "red" : "dim",
      status: isFailed ? "not known" : "loading",
      percentage: null,
      isTerminal: isFailed,
      time: "",
      details: note,
      isFlexible: true
    }
  }
  const row = rowOf(snapshot, { now, symbol: glyphs.phases[snapshot.phase], details: detailsOf(job, now) })
  return note === "" ? row : { ...row, details: note, isFlexible: true }
}

/** When the result expires, when the job was last seen while its polls fail, else the time that is left. */
const detailsOf = (job: BoardJob, now: number): string => {
  const { seenAt, snapshot } = job
  if (snapshot?.isTerminal) return expiryText(snapshot, now)
  if (currentProblem(job, now) === undefined) return estimateText(job, now)
  return seenAt === undefined ? "" : `seen ${elapsedText(now - seenAt)} ago`
}

/** Why a job failed, or is not known. */
const noteOf = (job: BoardJob | undefined): string =>
  cleanLine(job?.failure ?? (job?.snapshot === undefined ? "" : errorTexts(job.snapshot).join("; ")))

const summaryLine = (jobs: ReadonlyArray<BoardJob>, view: BoardView, fit: (text: string) => string): string => {
  const { glyphs, isLast, now, paint, startedAt } = view
  const summary = summaryText(jobs, now - startedAt, glyphs)
  if (isLast || jobs.every(isEnded)) return paint("dim", fit(summary))
  // The one moving thing: it shows that the program is alive.
  const line = fit(`${spinner(view)} ${summary}`)
  return paint("cyan", line.slice(0, 1)) + paint("dim", line.slice(1))
}

/** The current frame of the spinner, ten a second. */
const spinner = ({ glyphs, now }: BoardView) => glyphs.spinner[Math.floor(now / 100) % glyphs.spinner.length] ?? ""

/** Which phases are folded last when there are more jobs than lines. */
const relevance: ReadonlyArray<JobPhase> = [
  "running",
  "unknown",
  "failed",
  "cancelled",
  "partially-succeeded",
  "queued",
  "expired",
  "succeeded"
]

/** As many jobs as there is room for, the most relevant ones, in their order. */
const mostRelevant = (jobs: ReadonlyArray<BoardJob>, room: number): ReadonlyArray<BoardJob> => {
  const byPhase = Map.groupBy(jobs, ({ failure, snapshot }) =>
    failure !== undefined ? "failed" : (snapshot?.phase ?? "queued")
  )
  const chosen = new Set(relevance.flatMap((phase) => byPhase.get(phase) ?? []).slice(0, Math.max(0, room)))
  return jobs.filter((job) => chosen.has(job))
}

const foldedText = (jobs: ReadonlyArray<BoardJob>, shown: ReadonlyArray<BoardJob>) => {
  const visible = new Set(shown)
  const hidden = jobs.filter((job) => !visible.has(job))
  return `and ${hidden.length} more: ${countsText(hidden)}`
}
