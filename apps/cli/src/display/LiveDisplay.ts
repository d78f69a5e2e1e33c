/**
 * Progress on a terminal: a board that is redrawn in place, and a plain summary that stays.
 *
 * @module
 */
import { Clock, Effect, Exit, Schedule, Scope } from "effect"
import type { Failure } from "../exit/Failure.ts"
import { briefText } from "../exit/FailureText.ts"
import { problemText } from "../text/ProblemText.ts"
import { type BoardJob, boardLines, seen } from "./Board.ts"
import type { Display, DisplayOptions } from "./Display.ts"
import { eventMessage } from "./EventMessage.ts"
import { liveRegion } from "./LiveRegion.ts"
import { paintFor } from "./Paint.ts"
import { makePollFailures } from "./PollFailures.ts"
import { snapshotPrinter } from "./SnapshotPrinter.ts"
import { widestOf } from "./SnapshotTable.ts"

import type { OutputError, Stream, Streams } from "./Streams.ts"

/** A board on a terminal. The summary goes to standard output, in the form that fits it. */
export const liveDisplay = Effect.fnUntraced(function* (
  stream: Stream,
  options: DisplayOptions
): Effect.fn.Return<Display, OutputError, Scope.Scope | Streams> {
  const paint = paintFor(stream)
  const startedAt = yield* Clock.currentTimeMillis
  const jobs = new Map<string, BoardJob>(options.refs.map((ref) => [String(ref), { ref: String(ref) }]))
  const refWidth = widestOf([...jobs.keys()])
  const failures: Array<Failure> = []
  const failedPolls = makePollFailures(options.isEndless)
  const printer = yield* snapshotPrinter(options)
  // Closed before the summary is printed, or with everything else when the wait is broken off.
  const scope = yield* Scope.fork(yield* Effect.scope)
  const region = yield* Scope.provide(liveRegion(stream), scope)
  const redraw = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    region.draw(boardLines([...jobs.values()], { now, startedAt, refWidth, paint, ...stream.size() }))
  )
  yield* redraw
  yield* Effect.forkIn(Effect.ignore(Effect.repeat(redraw, Schedule.spaced(frameInterval))), scope)

  return {
    handle: Effect.fnUntraced(function* (event) {
      const job = jobs.get(event.ref) ?? { ref: event.ref }
      const now = yield* Clock.currentTimeMillis
      switch (event._tag) {
        case "Changed":
          failedPolls.succeeded()
          jobs.set(event.ref, seen(job, event.snapshot, now))
          return
        case "PollFailed": {
          jobs.set(event.ref, { ...job, trouble: { text: `${problemText(event.error)}; retrying`, metAt: now } })
          const { hint } = failedPolls.failed(event, now)
          return hint === undefined ? undefined : yield* region.printAbove(`${hint}\n`)
        }
        case "Refused":
        case "TimedOut":
          failures.push(event.error)
          jobs.set(event.ref, { ...job, failure: briefText(event.error) })
          return
        default:
          yield* region.printAbove(`${eventMessage(event)}\n`)
      }
    }),
    finish: Effect.gen(function* () {
      yield* Scope.close(scope, Exit.void)
      if (!options.json) {
        yield* Effect.forEach(jobs.values(), ({ snapshot }) =>
          snapshot === undefined ? Effect.void : printer.print(snapshot)
        )
        yield* printer.end
      }
      yield* Effect.forEach(failures, options.report)
    })
  }
})

/** Ten frames a second at most. */
const frameInterval = "100 millis"
