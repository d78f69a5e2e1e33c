/**
 * Warnings about a job that is waited for, one sentence each.
 *
 * @module
 */
import type { PollFailed, WaitEvent } from "@ttd-jobs/core"
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
      return `${problemText(event.error)}; ${retryText(pauseOf(event) ?? event.retryIn ?? 0, pauseOf(event) !== undefined)}`
    case "UnknownStatus":
      return `unknown status ${JSON.stringify(event.snapshot.status)}; still waiting`
    case "ExpiresSoon":
      return `${expiryWarning(event.snapshot, now)}: save it with ttd-jobs download ${event.ref}`
  }
}

/** The pause that the API asked for, in milliseconds; undefined for none. */
export const pauseOf = ({ error }: PollFailed): number | undefined =>
  "retryAfter" in error && error.retryAfter !== null && error.retryAfter > 0 ? error.retryAfter : undefined

/** When the next poll follows: `retrying`, `retrying in 30 s`, and why that is late. */
export const retryText = (retryIn: number, isPaused: boolean): string =>
  isPaused
    ? `the API asks for a pause: retrying in ${remainingText(retryIn)}`
    : retryIn < soon
      ? "retrying"
      : `retrying in ${remainingText(retryIn)}`

const soon = 5000
