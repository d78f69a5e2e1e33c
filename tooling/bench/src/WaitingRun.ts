/**
 * Ten thousand jobs waited on in a process of its own: `waitingRun` starts one and gives what it measured.
 *
 * @module
 */
import { execFile } from "node:child_process"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { createClient } from "@ttd-jobs/core/promise"
import { heap } from "./Heap.ts"
import { statusServer } from "./StatusServer.ts"

/** How the jobs are waited on: by one `waitAll`, or by a `wait` for each. */
export type Way = "waitAll" | "wait"

/** What was measured. Times are milliseconds. */
export interface WaitingRun {
  readonly bytesPerJob: number
  /** Timers of the process while four requests were in flight and every other job waited for its turn. */
  readonly timers: number
  /** How long the call that begins the waiting kept the event loop. */
  readonly start: number
  /** Event-loop delay while the jobs were polled as fast as four requests at once allow. */
  readonly delay: { readonly median: number; readonly p99: number; readonly most: number }
  readonly requestsPerSecond: number
}

export const jobs = 10_000

/** Measures one way. */
export const waitingRun = async (way: Way): Promise<WaitingRun> => {
  const args = ["--expose-gc", "--conditions=@ttd-jobs/source", fileURLToPath(import.meta.url), way]
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout)
}

const measure = async (way: Way): Promise<WaitingRun> => {
  using server = await statusServer()
  let asked = 0
  let held = false
  const released = Promise.withResolvers<void>()
  const fetch: typeof globalThis.fetch = async (input, init) => {
    asked += 1
    if (held || asked > rehearsal + jobs) {
      held = true
      await released.promise
    }
    return globalThis.fetch(input, init)
  }
  const client = createClient({ server: server.url, token: "bench-token", fetch })
  const refs = Array.from({ length: jobs }, (_, job) => `standard:${1_000_000 + job}`)
  for (let call = 0; call < rehearsal; call++) await client.get(call)
  await client.waitAll([])
  const before = await heap()

  const began = performance.now()
  const waits = way === "waitAll" ? [client.waitAll(refs)] : refs.map((ref) => client.wait(ref))
  const ends = Promise.allSettled<unknown>(waits)
  const start = performance.now() - began
  while (!held) await sleep(50)
  const bytesPerJob = ((await heap()) - before) / jobs
  const timers = process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length

  released.resolve()
  const asks = asked
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  await sleep(watched)
  delays.disable()
  const requestsPerSecond = ((asked - asks) / watched) * 1000
  await client.close()
  await ends
  const delay = { median: delays.percentile(50), p99: delays.percentile(99), most: delays.max }
  return {
    bytesPerJob,
    timers,
    start,
    delay: { median: delay.median / 1e6, p99: delay.p99 / 1e6, most: delay.most / 1e6 },
    requestsPerSecond
  }
}

/** Calls before the measurement, so that neither loading nor compiling is part of it. */
const rehearsal = 2000

/** How long the event loop is watched, in milliseconds. */
const watched = 10_000

if (import.meta.main) {
  const way = process.argv[2]
  if (way === "waitAll" || way === "wait") console.log(JSON.stringify(await measure(way)))
}
