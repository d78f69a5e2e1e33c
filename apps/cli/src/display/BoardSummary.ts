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

/** A problem and whom it concerns. */
interface SharedProblem {
  readonly text: string
  readonly refs: ReadonlyArray<string>
}

/**
 * The problems of the jobs' last polls, each once: `7 jobs: connection refused; retrying`. While the API asks for a pause, the other jobs of the
 * endpoint wait too.
 */
export const problemTexts = (jobs: ReadonlyArray<BoardJob>, now: number): ReadonlyArray<string> => {
  const open = jobs.filter((job) => !isEnded(job))
  const pauses = pausesOf(open, now)
  const texts = open.flatMap((job): ReadonlyArray<SharedProblem> => {
    const text = problemText(job, pauses, now)
    return text === undefined ? [] : [{ text, refs: [job.ref] }]
  })
  return [...Map.groupBy(texts, ({ text }) => text)]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([text, met]) => (jobs.length === 1 ? text : `${whom(met)}: ${text}`))
}

const whom = (met: ReadonlyArray<SharedProblem>) =>
  met.length === 1 ? cleanLine(met[0]?.refs[0] ?? "") : `${met.length} jobs`

const problemText = (job: BoardJob, pauses: ReadonlyMap<string, number>, now: number): string | undefined => {
  const problem = currentProblem(job, now)
  const left = (problem?.pausedUntil ?? 0) - now
  if (problem !== undefined) return cleanLine(`${problem.text}; ${retryText(left > 0 ? left : undefined)}`)
  const pausedUntil = pauses.get(kindOf(job))
  return pausedUntil === undefined ? undefined : `waiting with the others, ${remainingText(pausedUntil - now)}`
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
