/**
 * How the progress of jobs is displayed: live, as lines, as JSON, or not at all.
 *
 * @module
 */
import type { JobRef, WaitEvent } from "@ttd-jobs/core"
import { Effect, type Scope } from "effect"
import type { Failure } from "../exit/Failure.ts"
import { snapshotJson } from "./JsonLine.ts"
import { lineDisplay } from "./LineDisplay.ts"
import { type OutputError, Streams } from "./Streams.ts"

/** Shows the events of a wait. */
export interface Display {
  /** Takes the next event. */
  readonly handle: (event: WaitEvent) => Effect.Effect<void, OutputError>
  /** Shows the outcome, once there are no more events. */
  readonly finish: Effect.Effect<void, OutputError>
}

/** What decides about the form. */
export interface DisplayOptions {
  readonly refs: ReadonlyArray<JobRef>
  /** Whether each change is a result (`watch`), or only progress (`wait`). */
  readonly changesAreResults: boolean
  readonly progress: "auto" | "plain" | "none"
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  /** Whether the command has no deadline. */
  readonly isEndless: boolean
  /** Whether a download follows, which warns by itself of a result that expires soon. */
  readonly isDownload: boolean
  readonly report: (failure: Failure) => Effect.Effect<void>
}

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
