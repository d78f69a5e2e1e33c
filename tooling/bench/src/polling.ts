/**
 * Compares polling schedules: requests and lateness of core's adaptive schedule, a fixed interval and doubling.
 *
 * @module
 */

import { Duration, Effect, Random } from "effect"
import * as PollingSimulation from "./PollingSimulation.ts"
import { table } from "./Table.ts"

const schedules = {
  adaptive: PollingSimulation.adaptive,
  "fixed 5 s": PollingSimulation.fixed(Duration.seconds(5)),
  doubling: PollingSimulation.doubling
}
const durations = ["5 seconds", "1 minute", "10 minutes", "1 hour", "10 hours"] as const
const curves = ["none", "steady", "stalled", "bursty"] as const

/** A table: requests and lateness, each as median and 95th percentile. */
export const polling = async (): Promise<string> => {
  const rows = durations.flatMap((duration) =>
    curves.map((progress) => {
      const job = { duration: Duration.fromInputUnsafe(duration), progress }
      const summaries = Object.values(schedules).map((schedule) =>
        Effect.runSync(PollingSimulation.summarize(schedule, job, jobs).pipe(Random.withSeed("polling")))
      )
      return [
        `${duration}, ${progress === "none" ? "no percentage" : progress}`,
        ...summaries.map(({ requests }) => `${requests.median} / ${requests.p95}`),
        ...summaries.map(({ lateness }) => `${seconds(lateness.median)} / ${seconds(lateness.p95)}`)
      ]
    })
  )
  const names = Object.keys(schedules)
  const head = [
    "job",
    ...names.map((name) => `requests, ${name}`),
    ...names.map((name) => `noticed after, ${name} (s)`)
  ]
  return `Median / 95th percentile of ${jobs} simulated jobs each.\n\n${table(head, rows)}`
}

const jobs = 500

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)
