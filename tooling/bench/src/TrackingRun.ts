/**
 * 100,000 jobs of a `JobTracker` in a process of its own: `trackingRun` starts one and gives what it measured.
 *
 * @module
 */
import { execFile } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { JobStatus, JobTracker } from "@ttd-jobs/core"
import { DateTime, Effect, Layer, ManagedRuntime, Stream } from "effect"
import { heap } from "./Heap.ts"
import { type Turns, turnsOf } from "./Turns.ts"

/** What was measured. */
export interface TrackingRun {
  /** Memory per tracked job, each of which was seen once. */
  readonly bytesPerJob: number
  readonly pollsPerSecond: number
  /** While jobs are polled as fast as four requests at once allow. */
  readonly polling: Turns
  /** While ten thousand jobs time out together, and are reported. */
  readonly ending: Turns
}

export const trackedJobs = 100_000
export const endingJobs = 10_000

/** Measures in a process of its own. */
export const trackingRun = async (): Promise<TrackingRun> => {
  const args = ["--expose-gc", "--conditions=@ttd-jobs/source", fileURLToPath(import.meta.url)]
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout)
}

const measure = async (): Promise<TrackingRun> => {
  let polls = 0
  const body = JSON.stringify({ id: 1, createdAtUtc: new Date().toISOString(), status: "InProgress" })
  const fetch: typeof globalThis.fetch = async (input) => {
    polls += 1
    const url = String(input instanceof Request ? input.url : input)
    const id = /standardjob\/(\d+)/.exec(url)?.[1] ?? "1"
    return new Response(body.replace('"id":1', `"id":${id}`), { headers: { "content-type": "application/json" } })
  }
  const client = JobStatus.layer({ server: "http://127.0.0.1:9", token: "bench-token", fetch })
  const runtime = ManagedRuntime.make(Layer.provideMerge(JobTracker.layer, client))
  const track = (first: number, count: number, deadline?: DateTime.Utc) =>
    runtime.runPromise(
      JobTracker.use((tracker) =>
        Effect.forEach(
          Array.from({ length: count }, (_, job) => `standard:${first + job}`),
          (ref) => tracker.track(ref, { deadline }),
          { discard: true }
        )
      )
    )
  let reports = 0
  const counting = JobTracker.use(({ events }) => Stream.runForEach(events, () => Effect.sync(() => reports++)))
  runtime.runFork(counting)
  // So that neither loading nor compiling is part of the measurement.
  await track(1, 2000)
  while (polls < 2000) await sleep(50)

  const before = await heap()
  await track(1_000_000, trackedJobs)
  const polling = await turnsOf(async () => {
    const begun = performance.now()
    const sent = polls
    while (reports < 2000 + trackedJobs) await sleep(100)
    return ((polls - sent) / (performance.now() - begun)) * 1000
  })
  const bytesPerJob = ((await heap()) - before) / trackedJobs

  const seen = reports
  await track(5_000_000, endingJobs, DateTime.makeUnsafe(Date.now() + 5000))
  const ending = await turnsOf(async () => {
    while (reports < seen + endingJobs) await sleep(50)
  })
  process.stdout.write(
    JSON.stringify({ bytesPerJob, pollsPerSecond: polling.result, polling: polling.turns, ending: ending.turns })
  )
  process.exit(0)
}

if (import.meta.main) await measure()
