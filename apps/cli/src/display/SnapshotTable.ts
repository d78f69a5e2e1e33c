/**
 * Snapshots as a table on a terminal, each job's errors below it.
 *
 * @module
 */
import type { JobSnapshot } from "@ttd-jobs/core"
import { wrap } from "../text/Text.ts"
import { glyphsFor } from "./Glyphs.ts"
import { jobTable, rowOf } from "./JobTable.ts"
import { paintFor } from "./Paint.ts"
import { errorTexts, resultText } from "./SnapshotLine.ts"
import type { Stream } from "./Streams.ts"

/** Several jobs as a table that fits the stream; a single one needs no head. */
export const snapshotTable = (snapshots: ReadonlyArray<JobSnapshot>, now: number, stream: Stream): string => {
  const paint = paintFor(stream)
  const glyphs = glyphsFor(stream)
  const { columns } = stream.size()
  const rows = snapshots.map((snapshot) =>
    rowOf(snapshot, { now, symbol: glyphs.phases[snapshot.phase], details: resultText(snapshot, now) })
  )
  const { head, lines } = jobTable(rows, { columns, paint, glyphs })
  const withErrors = lines.flatMap((line, index) => [
    line,
    ...errorLines(snapshots[index], columns).map((text) => `${indent}${paint("red", text)}`)
  ])
  return `${[...(snapshots.length === 1 ? [] : [head]), ...withErrors].join("\n")}\n`
}

const indent = "    "

const errorLines = (snapshot: JobSnapshot | undefined, columns: number) =>
  snapshot === undefined ? [] : errorTexts(snapshot).flatMap((text) => wrap(text, columns - indent.length))
