/**
 * What polling costs and how soon it notices the end: core's adaptive schedule beside what people write by hand.
 *
 * @module
 */
import { PollingSimulation } from "@ttd-jobs/simulator"
import { Duration, Effect, Random } from "effect"
import { table } from "./Table.ts"

const pollers = {
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
      const summaries = Object.values(pollers).map((poller) =>
        Effect.runSync(PollingSimulation.summarize(poller, job, jobs).pipe(Random.withSeed("polling")))
      )
      return [
        `${duration}, ${progress === "none" ? "no percentage" : progress}`,
        ...summaries.map(({ requests }) => `${requests.median} / ${requests.p95}`),
        ...summaries.map(({ lateness }) => `${seconds(lateness.median)} / ${seconds(lateness.p95)}`)
      ]
    })
  )
  const names = Object.keys(pollers)
  const head = [
    "job",
    ...names.map((name) => `requests, ${name}`),
    ...names.map((name) => `noticed after, ${name} (s)`)
  ]
  return `Median / 95th percentile of ${jobs} simulated jobs each.\n\n${table(head, rows)}`
}

const jobs = 500

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)
