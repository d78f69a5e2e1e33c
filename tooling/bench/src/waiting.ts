/**
 * What it takes to wait for ten thousand jobs in one process.
 *
 * @module
 */
import { table } from "./Table.ts"
import { jobs, type WaitingRun, waitingRun } from "./WaitingRun.ts"

/** A table: memory, timers and event-loop delay, by one `waitAll` and by a `wait` for each job. */
export const waiting = async (): Promise<string> => {
  const together = await waitingRun("waitAll")
  const apart = await waitingRun("wait")
  const row = (name: string, show: (run: WaitingRun) => string) => [name, show(together), show(apart)]
  return table(
    [`${jobs.toLocaleString("en")} jobs, four requests in flight`, "one `waitAll`", "a `wait` each"],
    [
      row("memory per waiting job (bytes)", ({ bytesPerJob }) => bytesPerJob.toFixed(0)),
      row("timers while the gate is full", ({ timers }) => String(timers)),
      row("the call that begins it (ms)", ({ start }) => start.toFixed(0)),
      row("event-loop delay, median (ms)", ({ delay }) => delay.median.toFixed(1)),
      row("event-loop delay, 99 % (ms)", ({ delay }) => delay.p99.toFixed(1)),
      row("event-loop delay, most (ms)", ({ delay }) => delay.most.toFixed(1)),
      row("requests per second", ({ requestsPerSecond }) => requestsPerSecond.toFixed(0))
    ]
  )
}
