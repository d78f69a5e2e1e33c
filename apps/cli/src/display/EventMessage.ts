/**
 * Warnings about a job that is waited for, one sentence each.
 *
 * @module
 */
import type { WaitEvent } from "@ttd-jobs/core"
import { cleanLine } from "../text/CleanText.ts"
import { remainingText } from "../text/Elapsed.ts"
import { problemText } from "../text/ProblemText.ts"
import { expiryWarning } from "./SnapshotLine.ts"

/** An event that is neither a change nor an end. */
export type WarningEvent = Extract<WaitEvent, { readonly _tag: "PollFailed" | "UnknownStatus" | "ExpiresSoon" }>

/** A warning about an event, as one line. */
export const eventMessage = (event: WarningEvent, now: number): string =>
  cleanLine(`warning: ${event.ref}: ${messageOf(event, now)}`)

const messageOf = (event: WarningEvent, now: number): string => {
  switch (event._tag) {
    case "PollFailed":
      return `${problemText(event.error)}; ${retryText(pauseOf(event))}`
    case "UnknownStatus":
      return `unknown status ${JSON.stringify(event.snapshot.status)}; still waiting`
    case "ExpiresSoon":
      return `${expiryWarning(event.snapshot, now)}: save it with ttd-jobs download ${event.ref}`
  }
}

/** The pause that the API asked for, in milliseconds; undefined for none. */
export const pauseOf = ({ error }: Extract<WarningEvent, { readonly _tag: "PollFailed" }>): number | undefined =>
  "retryAfter" in error && error.retryAfter !== null && error.retryAfter > 0 ? error.retryAfter : undefined

/** When the next poll follows, `pause` milliseconds from now if the API asked for a pause. */
export const retryText = (pause: number | undefined): string =>
  pause === undefined ? "retrying" : `the API asks for a pause: retrying in ${remainingText(pause)}`
