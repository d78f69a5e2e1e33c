/**
 * What the simulator was asked: counts without end, and a log of the last requests.
 *
 * @module
 */
import { jobKinds, type OperationId } from "@ttd-jobs/core"
import type { Asked } from "./FaultScript.ts"

/** Counts of requests. */
export interface Tally {
  readonly requests: number
  /** How many answers had each status; key `none` counts requests that ended without one. */
  readonly answers: Readonly<Record<string, number>>
  /** Requests that have not been answered to the end yet. */
  readonly inFlight: number
  /** The highest `inFlight` ever. */
  readonly mostInFlight: number
}

/** One request. */
export interface RequestRecord {
  /** When it came, in milliseconds of Effect's clock since the epoch (not sped up). */
  readonly at: number
  /** Which server was asked. */
  readonly origin: "api" | "files"
  readonly method: string
  /** Without the query, which holds a link's signature. */
  readonly path: string
  readonly operation: OperationId | null
  /** The job, such as `standard:412651`; null when the path holds none. */
  readonly ref: string | null
  /** Names in lower case, without `ttd-auth`; wherever else the token stood there is a mask. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether `TTD-Auth` came, and whether it was the right one. */
  readonly token: "absent" | "right" | "wrong"
  /** What the answer was made to suffer; null for an honest one. */
  readonly fault: string | null
  /** The status of the answer; null while there is none. */
  readonly status: number | null
  /** Bytes of the body that were handed to the connection. */
  readonly bytes: number
  /** `pending` until the whole answer was handed over, or the connection was lost (by a fault, or by the client). */
  readonly outcome: "pending" | "complete" | "broken"
}

/** Counts of requests for result files. */
export interface FilesTally extends Tally {
  /** Requests that brought `TTD-Auth` to the file server, where it must never go. */
  readonly withToken: number
  /** Bytes of bodies that were handed to the connections. */
  readonly bytes: number
}

/** What the simulator was asked since it started or was reset. */
export interface SimulatorReport {
  /** By endpoint. */
  readonly endpoints: Readonly<Record<OperationId, Tally>>
  /** By job, of the first 100,000 references that were asked for; files do not count here. */
  readonly refs: Readonly<Record<string, Tally>>
  /** Requests for result files, at either origin. */
  readonly files: FilesTally
  /** Requests to the API for paths that do not exist. */
  readonly elsewhere: Tally
  /** The last requests, oldest first: as many as the option `log` says. */
  readonly requests: ReadonlyArray<RequestRecord>
  /** How many older ones were forgotten. */
  readonly forgotten: number
}

/** A request that is being answered. */
export interface OpenRequest {
  fault: string | null
  bytes: number
  readonly end: (status: number | null, complete: boolean) => void
}

/** Counts and logs. */
export interface Recorder {
  readonly begin: (asked: Asked, request: NewRequest) => OpenRequest
  readonly report: () => SimulatorReport
  readonly reset: () => void
}

/** What is known of a request when it comes. */
export type NewRequest = Pick<RequestRecord, "at" | "origin" | "method" | "path" | "headers" | "token">

/** A recorder that remembers the last `log` requests. */
export const make = (log: number): Recorder => {
  let counts = emptyCounts()
  return {
    begin: (asked, request) => {
      const own = counts
      const tallies = talliesOf(own, asked)
      const record: Mutable<RequestRecord> = { ...request, ...initial, operation: asked.operation, ref: asked.ref }
      own.requests.push(record)
      if (own.requests.length > log) {
        own.requests.shift()
        own.forgotten++
      }
      for (const tally of tallies) started(tally)
      if (asked.target === "files" && request.origin === "files" && request.token !== "absent") own.withToken++
      return {
        get fault() {
          return record.fault
        },
        set fault(fault) {
          record.fault = fault
        },
        get bytes() {
          return record.bytes
        },
        set bytes(bytes) {
          if (asked.target === "files") own.bytes += bytes - record.bytes
          record.bytes = bytes
        },
        end: (status, complete) => {
          record.status = status
          record.outcome = complete ? "complete" : "broken"
          for (const tally of tallies) ended(tally, status)
        }
      }
    },
    report: () => reportOf(counts),
    reset: () => {
      counts = emptyCounts()
    }
  }
}

type Mutable<A> = { -readonly [Key in keyof A]: A[Key] }

interface MutableTally {
  requests: number
  readonly answers: Map<string, number>
  inFlight: number
  mostInFlight: number
}

const mostRefs = 100_000

const initial = { fault: null, status: null, bytes: 0, outcome: "pending" } as const

const emptyTally = (): MutableTally => ({ requests: 0, answers: new Map(), inFlight: 0, mostInFlight: 0 })

const emptyCounts = () => ({
  endpoints: new Map(Object.values(jobKinds).map(({ operationId }) => [operationId, emptyTally()])),
  refs: new Map<string, MutableTally>(),
  files: emptyTally(),
  elsewhere: emptyTally(),
  withToken: 0,
  bytes: 0,
  requests: [] as RequestRecord[],
  forgotten: 0
})

type Counts = ReturnType<typeof emptyCounts>

const talliesOf = (counts: Counts, { operation, ref, target }: Asked): ReadonlyArray<MutableTally> => {
  if (target === "files") return [counts.files]
  const endpoint = operation === null ? undefined : counts.endpoints.get(operation)
  if (endpoint === undefined) return [counts.elsewhere]
  const known = ref === null ? undefined : counts.refs.get(ref)
  if (known !== undefined) return [endpoint, known]
  if (ref === null || counts.refs.size >= mostRefs) return [endpoint]
  const added = emptyTally()
  counts.refs.set(ref, added)
  return [endpoint, added]
}

const started = (tally: MutableTally) => {
  tally.requests++
  tally.inFlight++
  tally.mostInFlight = Math.max(tally.mostInFlight, tally.inFlight)
}

const ended = (tally: MutableTally, status: number | null) => {
  const key = String(status ?? "none")
  tally.inFlight--
  tally.answers.set(key, (tally.answers.get(key) ?? 0) + 1)
}

const tallyOf = (tally: MutableTally = emptyTally()): Tally => ({
  ...tally,
  answers: Object.fromEntries(tally.answers)
})

const reportOf = (counts: Counts): SimulatorReport => ({
  endpoints: {
    getJobStatus: tallyOf(counts.endpoints.get("getJobStatus")),
    getGraphQlQueryJobStatus: tallyOf(counts.endpoints.get("getGraphQlQueryJobStatus")),
    getGraphQlBulkJobStatus: tallyOf(counts.endpoints.get("getGraphQlBulkJobStatus"))
  },
  refs: Object.fromEntries(Array.from(counts.refs, ([ref, tally]) => [ref, tallyOf(tally)])),
  files: { ...tallyOf(counts.files), withToken: counts.withToken, bytes: counts.bytes },
  elsewhere: tallyOf(counts.elsewhere),
  requests: counts.requests.map((record) => ({ ...record })),
  forgotten: counts.forgotten
})
