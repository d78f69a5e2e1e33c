/**
 * How snapshots reach standard output: JSON, a table on a terminal, plain lines in a pipe.
 *
 * @module
 */
import type { JobSnapshot } from "@ttd-jobs/core"
import { Clock, Effect } from "effect"
import { snapshotJson } from "./JsonLine.ts"
import { snapshotLine } from "./SnapshotLine.ts"
import { type OutputError, Streams } from "./Streams.ts"

/** Prints snapshots. */
export interface SnapshotPrinter {
  /** Takes the next; prints it at once where the form allows. */
  readonly print: (snapshot: JobSnapshot) => Effect.Effect<void, OutputError>
  /** Prints what was held back. */
  readonly end: Effect.Effect<void, OutputError>
}

/** The printer for the options. Only a terminal loads the table. */
export const snapshotPrinter = Effect.fnUntraced(function* (options: {
  readonly json: boolean
}): Effect.fn.Return<SnapshotPrinter, never, Streams> {
  const { stdout } = yield* Streams
  if (options.json) return { print: (snapshot) => stdout.write(snapshotJson(snapshot)), end: Effect.void }
  if (!stdout.isTerminal) {
    return {
      print: (snapshot) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => stdout.write(`${snapshotLine(snapshot, now)}\n`)),
      end: Effect.void
    }
  }
  const { snapshotTable } = yield* Effect.promise(() => import("./SnapshotTable.ts"))
  const snapshots: Array<JobSnapshot> = []
  return {
    print: (snapshot) => Effect.sync(() => void snapshots.push(snapshot)),
    end: Effect.suspend(() =>
      snapshots.length === 0
        ? Effect.void
        : Effect.flatMap(Clock.currentTimeMillis, (now) => stdout.write(snapshotTable(snapshots, now, stdout)))
    )
  }
})
