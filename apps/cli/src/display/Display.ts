/**
 * What is shown while jobs are waited for, and in which form: live, as lines, as JSON, or not at all.
 *
 * @module
 */
import type { JobRef, WaitEvent } from "@ttd-jobs/core"
import { Effect, type Scope } from "effect"
import type { Failure } from "../exit/Failure.ts"
import { snapshotJson } from "./JsonLine.ts"
import { lineDisplay } from "./LineDisplay.ts"
import { type OutputError, Streams } from "./Streams.ts"

/** Takes what happens, in its order. */
export interface Display {
  readonly take: (event: WaitEvent) => Effect.Effect<void, OutputError>
  /** Shows what is left to show, once nothing more happens. */
  readonly end: Effect.Effect<void, OutputError>
}

/** What decides about the form. */
export interface DisplayOptions {
  readonly refs: ReadonlyArray<JobRef>
  /** Whether changes are what the user asked for, or only tell that something goes on. */
  readonly changesAreResults: boolean
  readonly progress: "auto" | "plain" | "none"
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  /** Whether only the jobs' ends end it. */
  readonly isEndless: boolean
  readonly report: (failure: Failure) => Effect.Effect<void>
}

/** The display that fits what was asked and where it goes. Lives as long as the scope. */
export const displayFor = Effect.fnUntraced(function* (
  options: DisplayOptions
): Effect.fn.Return<Display, OutputError, Scope.Scope | Streams> {
  const { stderr, stdout } = yield* Streams
  const { changesAreResults, json, progress, quiet } = options
  // JSON on the same terminal, or what `--verbose` tells, would run into the board.
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
    take: (event) =>
      Effect.andThen(
        display.take(event),
        event._tag === "Changed" ? stdout.write(snapshotJson(event.snapshot)) : Effect.void
      )
  }
})
