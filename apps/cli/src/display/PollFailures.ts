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
  /** What to do about the cause, once, when it does not seem to pass. */
  readonly advice: string | undefined
  /** How to stop, once, when no poll succeeded so far and nothing else ends the command. */
  readonly hint: string | undefined
}

/** No failures yet. `isEndless`: the command has no deadline. */
export const makePollFailures = (isEndless: boolean): PollFailures => {
  const reportedAt = new Map<string, number>()
  const advised = new Set<string>()
  /** Since the last success, by cause. */
  const counts = new Map<string, number>()
  let hasSucceeded = false
  let isHinted = false

  /** The advice on a connection that keeps failing, or is likely to. */
  const adviceOn = ({ error }: PollFailed, cause: string, count: number) => {
    const isDue = error._tag === "TransportError" && (count >= manyFailures || lasting.test(error.reason))
    if (!isDue || advised.has(cause)) return undefined
    advised.add(cause)
    return error.advice
  }
  const hintAfter = (failures: number) => {
    if (!isEndless || hasSucceeded || isHinted || failures < manyFailures) return undefined
    isHinted = true
    return hint
  }
  return {
    succeeded: () => {
      hasSucceeded = true
      counts.clear()
    },
    failed: (event, now) => {
      const cause = causeOf(event)
      const count = (counts.get(cause) ?? 0) + 1
      counts.set(cause, count)
      const isDue = now - (reportedAt.get(cause) ?? Number.NEGATIVE_INFINITY) >= reportInterval
      if (isDue) reportedAt.set(cause, now)
      const failures = Array.from(counts.values()).reduce((sum, each) => sum + each, 0)
      return { isDue, advice: adviceOn(event, cause, count), hint: hintAfter(failures) }
    }
  }
}

const hint = "No poll has succeeded so far. Press Ctrl-C to stop, or set a limit with --timeout."

const reportInterval = 60_000

/** How many failures look like more than a moment's outage. */
const manyFailures = 3

/** Reasons that seldom pass by themselves. */
const lasting = /^(?:certificate-|host-not-found|connection-refused)/

/** What failures with the same cause have in common, whichever job they are about. */
const causeOf = ({ error }: PollFailed): string =>
  "status" in error ? `${error._tag} ${error.status}` : "reason" in error ? error.reason : error._tag
