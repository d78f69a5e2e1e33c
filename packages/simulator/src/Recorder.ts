/**
 * Records requests: counts since the start, and a log of the last requests.
 *
 * @module
 */
import { jobKinds, type OperationId } from "@ttd-jobs/core"
import type { RequestTarget } from "./FaultQueue.ts"
import { makeRingBuffer } from "./RingBuffer.ts"

/** Counts of requests. */
export interface Tally {
  readonly requests: number
  /** Responses by status; key `none` counts requests that ended without a response. */
  readonly responses: Readonly<Record<string, number>>
  /** Requests whose response is not complete yet. */
  readonly inFlight: number
  /** The highest `inFlight` so far. */
  readonly maxInFlight: number
}

/** Counts by operation. */
export type OperationTallies = Readonly<Record<OperationId, Tally>>

/** One request. */
export interface RequestRecord {
  /** When it arrived, in milliseconds of Effect's clock since the epoch (`speed` does not affect it). */
  readonly at: number
  /** The server that received it. */
  readonly origin: "api" | "files"
  readonly method: string
  /** Without the query, which contains a link's signature. */
  readonly path: string
  readonly operation: OperationId | null
  /** The job, such as `standard:412651`; null when the path contains none. */
  readonly ref: string | null
  /** Names in lower case, without `ttd-auth`; a token in any other header is redacted. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether `TTD-Auth` was sent, and whether it was a token of an account. */
  readonly token: "absent" | "valid" | "invalid"
  /** The account of a valid token, else null. */
  readonly account: string | null
  /** The fault that the response has; null for a regular response. */
  readonly fault: string | null
  /** The status of the response; null while there is none. */
  readonly status: number | null
  /** Bytes of the body that were passed to the connection. */
  readonly bytes: number
  /** Whether the simulator sends nothing more, because of a fault, and keeps the connection open. */
  readonly stalled: boolean
  /** `pending` until the whole response was passed to the connection, or the connection was lost (by a fault or by the client). */
  readonly outcome: "pending" | "complete" | "broken"
}

/** Counts of requests for result files. */
export interface FilesTally extends Tally {
  /** Requests that sent `TTD-Auth` to the file server, where it must never be sent. */
  readonly withToken: number
  /** Bytes of bodies that were passed to the connections. */
  readonly bytes: number
}

/** One attempt to send a callback. */
export interface CallbackRecord {
  /** When it was sent, in milliseconds of Effect's clock since the epoch. */
  readonly at: number
  /** The job that ended, such as `graphql-bulk:55`. */
  readonly ref: string
  /** Without query and credentials. */
  readonly url: string
  readonly fault: string | null
  /** The status of the response; null when there was none, or nothing was sent. */
  readonly status: number | null
  /** Why there was no response; null when there was one, or nothing was sent. */
  readonly error: string | null
}

/** What the simulator received since it was started or reset. */
export interface SimulatorReport {
  /** By operation. */
  readonly endpoints: OperationTallies
  /** By account and operation, of requests with a valid token. */
  readonly accounts: Readonly<Record<string, OperationTallies>>
  /** By job, of the first 100,000 requested references; requests for files are not counted here. */
  readonly refs: Readonly<Record<string, Tally>>
  /** Requests for result files, at both origins. */
  readonly files: FilesTally
  /** Requests for paths that do not exist. */
  readonly unknownPaths: Tally
  /** The last requests, oldest first: as many as the option `log` allows. */
  readonly requests: ReadonlyArray<RequestRecord>
  /** How many older requests are not in `requests` any more. */
  readonly dropped: number
  /** The last completion callbacks, oldest first: as many as the option `log` allows. */
  readonly callbacks: ReadonlyArray<CallbackRecord>
}

/** A request whose response is not complete yet. */
export interface OpenRequest {
  fault: string | null
  bytes: number
  stalled: boolean
  readonly end: (status: number | null, complete: boolean) => void
}

/** Counts and logs. */
export interface Recorder {
  readonly begin: (target: RequestTarget, request: NewRequest) => OpenRequest
  readonly addCallback: (record: CallbackRecord) => void
  readonly report: () => SimulatorReport
  readonly reset: () => void
}

/** What is known of a request when it arrives. */
export type NewRequest = Pick<RequestRecord, "at" | "origin" | "method" | "path" | "headers" | "token">

/** A recorder that keeps the last `log` requests and callbacks. */
export const makeRecorder = (log: number): Recorder => {
  let counts = emptyCounts(log)
  return {
    begin: (target, request) => {
      const own = counts
      const tallies = talliesOf(own, target)
      const { account, operation, ref } = target
      const record: Mutable<RequestRecord> = { ...request, ...initial, account, operation, ref }
      own.requests.add(record)
      for (const tally of tallies) started(tally)
      const isStray = target.server === "files" && request.origin === "files" && request.token !== "absent"
      if (isStray) own.withToken++
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
          if (target.server === "files") own.bytes += bytes - record.bytes
          record.bytes = bytes
        },
        get stalled() {
          return record.stalled
        },
        set stalled(stalled) {
          record.stalled = stalled
        },
        end: (status, complete) => {
          record.status = status
          record.outcome = complete ? "complete" : "broken"
          for (const tally of tallies) ended(tally, status)
        }
      }
    },
    addCallback: (record) => counts.callbacks.add(record),
    report: () => reportOf(counts),
    reset: () => {
      counts = emptyCounts(log)
    }
  }
}

type Mutable<A> = { -readonly [Key in keyof A]: A[Key] }

interface MutableTally {
  requests: number
  readonly responses: Map<string, number>
  inFlight: number
  maxInFlight: number
}

const maxRefs = 100_000

const initial = { fault: null, status: null, bytes: 0, stalled: false, outcome: "pending" } as const

const emptyTally = (): MutableTally => ({ requests: 0, responses: new Map(), inFlight: 0, maxInFlight: 0 })

const operationIds = Object.values(jobKinds).map(({ operationId }) => operationId)

/** A record with a value for every operation. */
const byOperation = <A>(make: (operation: OperationId) => A): Record<OperationId, A> => {
  const values: Partial<Record<OperationId, A>> = {}
  for (const operation of operationIds) values[operation] = make(operation)
  if (!isComplete(values)) throw new TypeError("An operation has no endpoint.")
  return values
}

const isComplete = <A>(values: Partial<Record<OperationId, A>>): values is Record<OperationId, A> =>
  operationIds.every((operation) => operation in values)

const emptyCounts = (log: number) => ({
  endpoints: byOperation(emptyTally),
  accounts: new Map<string, Record<OperationId, MutableTally>>(),
  refs: new Map<string, MutableTally>(),
  files: emptyTally(),
  unknownPaths: emptyTally(),
  withToken: 0,
  bytes: 0,
  requests: makeRingBuffer<RequestRecord>(log),
  callbacks: makeRingBuffer<CallbackRecord>(log)
})

type Counts = ReturnType<typeof emptyCounts>

const talliesOf = (counts: Counts, target: RequestTarget): ReadonlyArray<MutableTally> => {
  const { account, operation, ref, server } = target
  if (server === "files") return [counts.files]
  if (operation === null) return [counts.unknownPaths]
  const tallies = [counts.endpoints[operation]]
  if (account !== null) tallies.push(getOrAdd(counts.accounts, account, () => byOperation(emptyTally))[operation])
  if (ref !== null && (counts.refs.has(ref) || counts.refs.size < maxRefs)) {
    tallies.push(getOrAdd(counts.refs, ref, emptyTally))
  }
  return tallies
}

const getOrAdd = <A>(map: Map<string, A>, key: string, make: () => A): A => {
  const known = map.get(key)
  if (known !== undefined) return known
  const added = make()
  map.set(key, added)
  return added
}

const started = (tally: MutableTally) => {
  tally.requests++
  tally.inFlight++
  tally.maxInFlight = Math.max(tally.maxInFlight, tally.inFlight)
}

const ended = (tally: MutableTally, status: number | null) => {
  const key = String(status ?? "none")
  tally.inFlight--
  tally.responses.set(key, (tally.responses.get(key) ?? 0) + 1)
}

const tallyOf = (tally: MutableTally): Tally => ({ ...tally, responses: Object.fromEntries(tally.responses) })

const operationTallies = (tallies: Record<OperationId, MutableTally>): OperationTallies =>
  byOperation((operation) => tallyOf(tallies[operation]))

const mapped = <A, B>(map: ReadonlyMap<string, A>, change: (value: A) => B): Readonly<Record<string, B>> =>
  Object.fromEntries(Array.from(map, ([key, value]) => [key, change(value)]))

const reportOf = (counts: Counts): SimulatorReport => ({
  endpoints: operationTallies(counts.endpoints),
  accounts: mapped(counts.accounts, operationTallies),
  refs: mapped(counts.refs, tallyOf),
  files: { ...tallyOf(counts.files), withToken: counts.withToken, bytes: counts.bytes },
  unknownPaths: tallyOf(counts.unknownPaths),
  requests: counts.requests.values().map((record) => ({ ...record })),
  dropped: counts.requests.dropped(),
  callbacks: counts.callbacks.values()
})
