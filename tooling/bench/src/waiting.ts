/**
 * What it takes to wait for ten thousand jobs, and to track a hundred thousand, in one process.
 *
 * @module
 */
import { against, table } from "./Table.ts"
import { endingJobs, trackedJobs, trackingRun } from "./TrackingRun.ts"
import { jobs, type WaitingRun, waitingRun } from "./WaitingRun.ts"

/** Two tables: memory, timers and event-loop delay of waits, and those of a tracker with its targets. */
export const waiting = async (): Promise<string> => `${await waits()}\n\n${await tracking()}`

const waits = async (): Promise<string> => {
  const together = await waitingRun("waitAll")
  const apart = await waitingRun("wait")
  const row = (name: string, show: (run: WaitingRun) => string) => [name, show(together), show(apart)]
  return table(
    [`${jobs.toLocaleString("en")} jobs, four requests in flight`, "one `waitAll`", "a `wait` each"],
    [
      row("memory per waiting job (bytes)", ({ bytesPerJob }) => bytesPerJob.toFixed(0)),
      row("timers while all permits are in use", ({ timers }) => String(timers)),
      row("the call that begins it (ms)", ({ start }) => start.toFixed(0)),
      row("event-loop delay, median (ms)", ({ delay }) => delay.median.toFixed(1)),
      row("event-loop delay, 99 % (ms)", ({ delay }) => delay.p99.toFixed(1)),
      row("event-loop delay, most (ms)", ({ delay }) => delay.most.toFixed(1)),
      row("requests per second", ({ requestsPerSecond }) => requestsPerSecond.toFixed(0))
    ]
  )
}

const tracking = async (): Promise<string> => {
  const { bytesPerJob, ending, polling, pollsPerSecond } = await trackingRun()
  return table(
    [`${trackedJobs.toLocaleString("en")} jobs of a \`JobTracker\``, "measured (target)"],
    [
      ["memory per job (bytes)", against(bytesPerJob, 1024, "≤")],
      ["polls per second", pollsPerSecond.toFixed(0)],
      ["polling: CPU time of a turn, 99 % (ms)", against(polling.cpu.p99, 10, "≤")],
      ["polling: event-loop delay, median / 99 % (ms)", delayText(polling.delay)],
      [
        `${endingJobs.toLocaleString("en")} jobs time out together: CPU time of a turn, 99 % (ms)`,
        against(ending.cpu.p99, 20, "≤")
      ],
      ["the same: the longest turn (ms)", ending.cpu.most.toFixed(1)],
      ["the same: event-loop delay, median / 99 % (ms)", delayText(ending.delay)]
    ]
  )
}

const delayText = ({ median, p99 }: { readonly median: number; readonly p99: number }) =>
  `${median.toFixed(1)} / ${p99.toFixed(1)}`
