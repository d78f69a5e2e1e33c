/**
 * Progress on a terminal: a board that is redrawn in place, and a table of the outcome that stays.
 *
 * @module
 */
import { Clock, Effect, Exit, Schedule, Scope } from "effect"
import type { Failure } from "../exit/Failure.ts"
import { problemText } from "../text/ProblemText.ts"
import { boardLines } from "./Board.ts"
import { type BoardJob, seen } from "./BoardJob.ts"
import { summaryText } from "./BoardSummary.ts"
import type { Display, DisplayOptions } from "./DisplayOptions.ts"
import { eventMessage, pauseOf } from "./EventMessage.ts"
import { glyphsFor } from "./Glyphs.ts"
import { liveRegion } from "./LiveRegion.ts"
import { paintFor } from "./Paint.ts"
import { makePollFailures } from "./PollFailures.ts"
import { snapshotPrinter } from "./SnapshotPrinter.ts"
import type { OutputError, Stream, Streams } from "./Streams.ts"

/** A board on a terminal. The outcome goes to standard output, in the form that fits it. */
export const liveDisplay = Effect.fnUntraced(function* (
  stream: Stream,
  options: DisplayOptions
): Effect.fn.Return<Display, OutputError, Scope.Scope | Streams> {
  const paint = paintFor(stream)
  const glyphs = glyphsFor(stream)
  const startedAt = yield* Clock.currentTimeMillis
  const jobs = new Map<string, BoardJob>(options.refs.map((ref) => [String(ref), { ref: String(ref) }]))
  const failures: Array<Failure> = []
  const failedPolls = makePollFailures(options.isEndless)
  const printer = yield* snapshotPrinter(options)
  // Closed before the outcome is printed, or with everything else when the wait is interrupted.
  const scope = yield* Scope.fork(yield* Effect.scope)
  const region = yield* Scope.provide(liveRegion(stream), scope)
  const draw = (isLast: boolean) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      region.draw(boardLines([...jobs.values()], { now, startedAt, paint, glyphs, isLast, ...stream.size() }))
    )
  // What was known stays on the screen when the wait is interrupted.
  yield* Scope.addFinalizerExit(scope, (exit) =>
    Exit.hasInterrupts(exit) ? Effect.andThen(Effect.ignore(draw(true)), region.leave) : Effect.void
  )
  yield* draw(false)
  yield* Effect.forkIn(Effect.ignore(Effect.repeat(draw(false), Schedule.spaced(frameInterval))), scope)

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
          const pause = pauseOf(event)
          // Of a pause the end matters; the line has room for little else.
          const retryAt = event.retryIn === null ? undefined : now + event.retryIn
          const problem =
            pause !== undefined && "status" in event.error
              ? { text: String(event.error.status), at: now, retryAt, pausedUntil: now + pause }
              : { text: problemText(event.error), at: now, retryAt }
          jobs.set(event.ref, { ...job, problem })
          const { advice, hint } = failedPolls.failed(event, now)
          if (advice !== undefined) {
            yield* region.printAbove(`warning: ${problemText(event.error)}; retrying\n  ${advice}\n`)
          }
          return hint === undefined ? undefined : yield* region.printAbove(`${hint}\n`)
        }
        case "Refused":
          failures.push(event.error)
          jobs.set(event.ref, { ...job, failure: problemText(event.error) })
          return
        case "TimedOut":
          failures.push(event.error)
          jobs.set(event.ref, { ...job, failure: "timed out" })
          return
        case "ExpiresSoon":
          return options.isDownload ? undefined : yield* region.printAbove(`${eventMessage(event, now)}\n`)
        default:
          yield* region.printAbove(`${eventMessage(event, now)}\n`)
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
      const now = yield* Clock.currentTimeMillis
      const summary = summaryText([...jobs.values()], now - startedAt, glyphs)
      if (jobs.size > 1) yield* stream.write(`\n${paint("dim", summary)}\n`)
    })
  }
})

/** Ten frames a second at most. */
const frameInterval = "100 millis"
