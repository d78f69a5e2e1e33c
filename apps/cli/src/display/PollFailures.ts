/**
 * Rate limit for reports of failed polls: when a server is down, thousands of jobs fail for the same cause.
 *
 * @module
 */
import type { WaitEvent } from "@ttd-jobs/core"

/** A poll that failed. */
export type PollFailed = Extract<WaitEvent, { readonly _tag: "PollFailed" }>

/** The failed polls of a command. */
export interface PollFailures {
  /** A poll succeeded. */
  readonly succeeded: () => void
  /** A poll failed, at this time in milliseconds since the epoch. */
  readonly failed: (event: PollFailed, now: number) => FailureReport
}

/** What to report of a failed poll. */
export interface FailureReport {
  /** Whether a warning is due: once a minute for each cause, whichever job it is. */
  readonly isDue: boolean
  /** What to do about the cause, the first time it occurs. */
  readonly advice: string | undefined
  /** How to stop, once, when no poll succeeded so far and nothing else ends the command. */
  readonly hint: string | undefined
}

/** No failures yet. `isEndless`: the command has no deadline. */
export const makePollFailures = (isEndless: boolean): PollFailures => {
  const reportedAt = new Map<string, number>()
  let failures = 0
  let isHintWanted = isEndless
  return {
    succeeded: () => {
      isHintWanted = false
    },
    failed: (event, now) => {
      const cause = causeOf(event)
      const lastReport = reportedAt.get(cause)
      const isDue = lastReport === undefined || now - lastReport >= reportInterval
      if (isDue) reportedAt.set(cause, now)
      failures += 1
      const isHintDue = isHintWanted && failures >= failuresBeforeHint
      if (isHintDue) isHintWanted = false
      const isConnection = event.error._tag === "TransportError"
      return {
        isDue,
        advice: lastReport === undefined && isConnection ? event.error.advice : undefined,
        hint: isHintDue ? hint : undefined
      }
    }
  }
}

const hint = "No poll has succeeded so far. Press Ctrl-C to stop, or set a limit with --timeout."

const reportInterval = 60_000

/** How many failures look like more than a moment's outage. */
const failuresBeforeHint = 3

/** What failures with the same cause have in common, whichever job they are about. */
const causeOf = ({ error }: PollFailed): string =>
  "status" in error ? `${error._tag} ${error.status}` : "reason" in error ? error.reason : error._tag
