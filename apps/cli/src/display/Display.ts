/**
 * How the progress of jobs is displayed: live, as lines, as JSON, or not at all.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
import type { Display, DisplayOptions } from "./DisplayOptions.ts"
import { snapshotJson } from "./JsonLine.ts"
import { lineDisplay } from "./LineDisplay.ts"
import { type OutputError, Streams } from "./Streams.ts"

/** The display that fits the options and the streams. Lives as long as the scope. */
export const displayFor = Effect.fnUntraced(function* (
  options: DisplayOptions
): Effect.fn.Return<Display, OutputError, Scope.Scope | Streams> {
  const { stderr, stdout } = yield* Streams
  const { changesAreResults, json, progress, quiet } = options
  // JSON on the same terminal, or the log of `--verbose`, would run into the board.
  const liveStream = changesAreResults && !json ? stdout : stderr
  const isLive =
    progress === "auto" && !quiet && !options.verbose && liveStream.canRedraw && !(json && stdout.isTerminal)
  const display = isLive
    ? yield* Effect.flatMap(
        Effect.promise(() => import("./LiveDisplay.ts")),
        ({ liveDisplay }) => liveDisplay(liveStream, options)
      )
    : yield* lineDisplay(options)
  if (!json) return display
  return {
    ...display,
    handle: (event) =>
      Effect.andThen(
        display.handle(event),
        event._tag === "Changed" ? stdout.write(snapshotJson(event.snapshot)) : Effect.void
      )
  }
})
