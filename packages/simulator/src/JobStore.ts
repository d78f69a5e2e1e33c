/**
 * The simulated jobs, by reference and by the name of their files.
 *
 * @module
 */
import type { JobKind } from "@ttd-jobs/core"
import type { JobScript } from "./JobScript.ts"
import { defaultAccount, makeJob, type SimulatedJob } from "./SimulatedJob.ts"

/** How many GraphQL bulk jobs of one account may run and wait at a time (contract, "Life of a job"). */
export interface BulkJobLimits {
  /** Jobs that run at a time; further ones stay `Queued`. Default 10. */
  readonly active?: number | undefined
  /** Jobs that wait at a time; a further one is rejected. Default 20. */
  readonly queued?: number | undefined
}

interface QueueLimits {
  readonly active: number
  readonly queued: number
}

/** Settings of a job store. */
export interface JobStoreOptions {
  /** How long results of a kind exist after the end of the job, in milliseconds. */
  readonly resultLifetime: (kind: JobKind) => number
  readonly bulkJobLimits: QueueLimits | undefined
  /** How many jobs are kept; beyond that the oldest one is removed. */
  readonly maxJobs: number
  /** The first generated id. */
  readonly firstId: number
}

/** The jobs. */
export interface JobStore {
  /** Adds a job as of `now`, and replaces one with the same reference. */
  readonly add: (script: JobScript, now: number) => SimulatedJob
  readonly byRef: (ref: string) => SimulatedJob | undefined
  readonly byFile: (name: string) => SimulatedJob | undefined
  readonly clear: () => void
}

/** The last part of the link to a job's file. */
export const fileNameOf = ({ ref }: SimulatedJob): string => `${ref.kind}-${ref.id}.csv`

/** An empty store. */
export const makeJobStore = (options: JobStoreOptions): JobStore => {
  const byRef = new Map<string, SimulatedJob>()
  const byFile = new Map<string, SimulatedJob>()
  let nextId = options.firstId
  const remove = (job: SimulatedJob) => {
    byRef.delete(String(job.ref))
    if (byFile.get(fileNameOf(job)) === job) byFile.delete(fileNameOf(job))
  }
  return {
    add: (script, now) => {
      const { kind = "standard", account = defaultAccount } = script
      while (byRef.has(`${kind}:${nextId}`)) nextId++
      const limits = kind === "graphql-bulk" ? options.bulkJobLimits : undefined
      const job = makeJob(script, {
        now,
        generatedId: String(nextId++),
        resultLifetime: options.resultLifetime(kind),
        startAt: (ready) => (limits === undefined ? ready : limitedStart(byRef, { account, limits, now, ready }))
      })
      const replaced = byRef.get(String(job.ref))
      if (replaced !== undefined) remove(replaced)
      byRef.set(String(job.ref), job)
      byFile.set(fileNameOf(job), job)
      const [oldest] = byRef.values()
      if (byRef.size > options.maxJobs && oldest !== undefined) remove(oldest)
      return job
    },
    byRef: (ref) => byRef.get(ref),
    byFile: (name) => byFile.get(name),
    clear: () => {
      byRef.clear()
      byFile.clear()
    }
  }
}

/** The earliest time from `ready` on at which fewer bulk jobs of the account run than allowed; jobs start in the order of submission. */
const limitedStart = (
  jobs: ReadonlyMap<string, SimulatedJob>,
  request: {
    readonly account: string
    readonly limits: QueueLimits
    readonly now: number
    readonly ready: number
  }
): number => {
  const { account, limits, now, ready } = request
  const others = [...jobs.values()].filter((job) => job.ref.kind === "graphql-bulk" && job.account === account)
  const queued = others.filter(({ startsAt }) => startsAt > now)
  if (queued.length >= limits.queued) {
    throw new RangeError(`account "${account}" has ${queued.length} queued bulk jobs already (limit ${limits.queued})`)
  }
  const first = Math.max(ready, ...queued.map(({ startsAt }) => startsAt))
  const isFree = (time: number) =>
    others.filter(({ endsAt, startsAt }) => startsAt <= time && time < endsAt).length < limits.active
  const times = [first, ...others.map(({ endsAt }) => endsAt).filter((end) => end > first)]
  return times.toSorted((one, other) => one - other).find(isFree) ?? Number.POSITIVE_INFINITY
}
