/**
 * What a display of jobs does, and what decides about its form.
 *
 * @module
 */
import type { JobRef, WaitEvent } from "@ttd-jobs/core"
import type { Effect } from "effect"
import type { Failure } from "../exit/Failure.ts"
import type { OutputError } from "./Streams.ts"

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
