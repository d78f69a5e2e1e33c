/**
 * Trouble that may pass, told as often as it helps: when a server is down, each of thousands of jobs meets the same.
 *
 * @module
 */
import type { WaitEvent } from "@ttd-jobs/core"

/** A poll that failed. */
export type PollFailed = Extract<WaitEvent, { readonly _tag: "PollFailed" }>

/** The troubles that the jobs of a command have met. */
export interface Troubles {
  /** A job was seen, so there is a server that answers. */
  readonly answered: () => void
  /** A poll failed, at this time in milliseconds since the epoch. */
  readonly met: (event: PollFailed, now: number) => Telling
}

/** What is to be told of a poll that failed. */
export interface Telling {
  /** Whether it is worth a warning; the same trouble is once a minute, whichever job meets it. */
  readonly isNews: boolean
  /** What to do, told once, when it looks as if no answer would ever come and nothing else ends the command. */
  readonly hint: string | undefined
}

/** No troubles so far. `isEndless` tells that nothing but the jobs' ends ends the command. */
export const makeTroubles = (isEndless: boolean): Troubles => {
  const toldAt = new Map<string, number>()
  let unanswered = 0
  let isHintWanted = isEndless
  return {
    answered: () => {
      isHintWanted = false
    },
    met: (event, now) => {
      const cause = causeOf(event)
      const isNews = now - (toldAt.get(cause) ?? Number.NEGATIVE_INFINITY) >= aMinute
      if (isNews) toldAt.set(cause, now)
      unanswered += 1
      const isHintDue = isHintWanted && unanswered >= patience
      if (isHintDue) isHintWanted = false
      return { isNews, hint: isHintDue ? `${hint}\n  ${event.error.advice}` : undefined }
    }
  }
}

const hint = "no answer about any job so far: Ctrl-C stops asking, --timeout limits it"

const aMinute = 60_000

/** How many failures look like more than a bad moment. */
const patience = 3

/** What two failures have in common that have the same cause, whichever job they are about. */
const causeOf = ({ error }: PollFailed): string =>
  "status" in error ? `${error._tag} ${error.status}` : "reason" in error ? error.reason : error._tag
