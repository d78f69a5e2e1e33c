/**
 * Many jobs in a few words: how many are in which phase, and which problems their polls share.
 *
 * @module
 */

import { cleanLine } from "../text/CleanText.ts"
import { elapsedText, remainingText } from "../text/Elapsed.ts"
import { type BoardJob, currentProblem, isEnded } from "./BoardJob.ts"
import { retryText } from "./EventMessage.ts"
import type { Glyphs } from "./Glyphs.ts"

/** What is counted; open phases before those that have ended. */
const counted = [
  "loading",
  "queued",
  "running",
  "unknown",
  "succeeded",
  "partially-succeeded",
  "failed",
  "cancelled",
  "expired",
  "not known"
] as const

const countedAs = ({ failure, snapshot }: BoardJob): (typeof counted)[number] =>
  failure !== undefined ? "not known" : (snapshot?.phase ?? "loading")

/** `2 running, 1 succeeded`. */
export const countsText = (jobs: ReadonlyArray<BoardJob>): string => {
  const byName = Map.groupBy(jobs, countedAs)
  return counted
    .map((name) => ({ name, count: byName.get(name)?.length ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ count, name }) => `${count} ${name === "partially-succeeded" ? "partial" : name}`)
    .join(", ")
}

/** `14 s · 3 of 8 ended · 5 running, 3 succeeded`; once all have ended `8 of 8 ended in 25 s: 8 succeeded`. */
export const summaryText = (jobs: ReadonlyArray<BoardJob>, elapsed: number, { separator }: Glyphs): string => {
  const ended = jobs.filter(isEnded).length
  const counts = `${ended} of ${jobs.length} ended`
  return ended === jobs.length
    ? `${counts} in ${elapsedText(elapsed)}: ${countsText(jobs)}`
    : [elapsedText(elapsed), counts, countsText(jobs)].join(` ${separator} `)
}

/** A problem of one job. */
interface JobProblem {
  readonly ref: string
  readonly text: string
  /** When the next poll follows, in milliseconds since the epoch. */
  readonly retryAt: number
  readonly isPaused: boolean
  /** Whether another job of the endpoint met the problem. */
  readonly isWaiting: boolean
}

/**
 * The problems of the jobs' last polls, each once, with the next poll: `7 jobs: connection refused; retrying in 12 s`. While the API asks for a
 * pause, the other jobs of the endpoint wait too.
 */
export const problemTexts = (jobs: ReadonlyArray<BoardJob>, now: number): ReadonlyArray<string> => {
  const open = jobs.filter((job) => !isEnded(job))
  const pauses = pausesOf(open, now)
  const problems = open.map((job) => problemOf(job, pauses, now)).filter((problem) => problem !== undefined)
  return [...Map.groupBy(problems, ({ isPaused, text }) => `${text} ${isPaused}`).values()]
    .toSorted((one, other) => other.length - one.length)
    .map((met) => (jobs.length === 1 ? "" : `${whom(met)}: `) + sharedText(met, now))
}

const whom = (met: ReadonlyArray<JobProblem>) =>
  met.length === 1 ? cleanLine(met[0]?.ref ?? "") : `${met.length} jobs`

const sharedText = (met: ReadonlyArray<JobProblem>, now: number): string => {
  const left = Math.min(...met.map(({ retryAt }) => retryAt)) - now
  const [{ isPaused = false, isWaiting = false, text = "" } = {}] = met
  return isWaiting
    ? `waiting with the others, ${remainingText(left)}`
    : `${cleanLine(text)}; ${retryText(Math.max(0, left), isPaused)}`
}

const problemOf = (job: BoardJob, pauses: ReadonlyMap<string, number>, now: number): JobProblem | undefined => {
  const { ref } = job
  const problem = currentProblem(job, now)
  if (problem !== undefined) {
    const { pausedUntil = 0, retryAt = 0, text } = problem
    const isPaused = pausedUntil > now
    return { ref, text, retryAt: isPaused ? pausedUntil : retryAt, isPaused, isWaiting: false }
  }
  const pausedUntil = pauses.get(kindOf(job))
  return pausedUntil === undefined
    ? undefined
    : { ref, text: "", retryAt: pausedUntil, isPaused: true, isWaiting: true }
}

/** The end of the pause of each endpoint that is paused now, by the kind of job it is for. */
const pausesOf = (jobs: ReadonlyArray<BoardJob>, now: number): ReadonlyMap<string, number> => {
  const pauses = new Map<string, number>()
  for (const job of jobs) {
    const until = job.problem?.pausedUntil ?? 0
    if (until > now) pauses.set(kindOf(job), Math.max(until, pauses.get(kindOf(job)) ?? 0))
  }
  return pauses
}

const kindOf = ({ ref }: BoardJob) => ref.slice(0, ref.indexOf(":"))
