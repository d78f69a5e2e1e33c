/**
 * The simulator with promises, for tests that do not use Effect.
 *
 * @module
 */
import type { JobRef, JobRefInput } from "@ttd-jobs/core"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { AccountOptions } from "./Accounts.ts"
import type * as Fault from "./Fault.ts"
import type { FaultRule, RandomFaults } from "./FaultQueue.ts"
import type { JobScript } from "./JobScript.ts"
import type { SimulatorReport } from "./Recorder.ts"
import type { ResultFile } from "./ResultFile.ts"
import { type ServerName, Simulator, type SimulatorOptions } from "./Simulator.ts"

export type { AccountOptions, RateLimit } from "./Accounts.ts"
export type { DateStyle } from "./DateText.ts"
export * as Fault from "./Fault.ts"
export type { FaultRule, FaultTarget, RandomFaults } from "./FaultQueue.ts"
export type { CallbackHeader, CallbackScript, JobScript } from "./JobScript.ts"
export type { BulkJobLimits } from "./JobStore.ts"
export type { ProgressCurve } from "./ProgressCurve.ts"
export type { CallbackRecord, FilesTally, OperationTallies, RequestRecord, SimulatorReport, Tally } from "./Recorder.ts"
export type { ResultFile } from "./ResultFile.ts"
export * as ResultScript from "./ResultScript.ts"
export type { ServerName, SimulatorOptions } from "./Simulator.ts"

/** A simulator that runs until it is closed. Invalid arguments reject. */
export interface RunningSimulator extends AsyncDisposable {
  /** The API's base URL, such as `http://127.0.0.1:40123`. */
  readonly url: string
  /** The file server's origin: the same host, another port. */
  readonly filesUrl: string
  /** The token of the account `default`, for `TTD-Auth`. */
  readonly token: string
  /** Adds a job as of now; `String(ref)` is its reference. */
  readonly addJob: (script: JobScript) => Promise<JobRef>
  /** Adds faults to the queue. A request meets the first one that applies to it. */
  readonly addFaults: (faults: FaultRule | Fault.Fault | ReadonlyArray<FaultRule | Fault.Fault>) => Promise<void>
  /** Removes all faults that `addFaults` added. */
  readonly clearFaults: () => Promise<void>
  /** Replaces the faults at random; undefined for none. */
  readonly setRandomFaults: (faults: RandomFaults | undefined) => Promise<void>
  /** Adds an account, or replaces its tokens and rate limit. */
  readonly setAccount: (name: string, options: AccountOptions) => Promise<void>
  /** Removes an account, so that its tokens are rejected. Its jobs stay. */
  readonly removeAccount: (name: string) => Promise<void>
  /** Closes all connections of a server, or of both, and refuses new ones until `start`. Jobs, faults and counts are kept. */
  readonly stop: (server?: ServerName) => Promise<void>
  /** Lets a server, or both, listen on its port again. Rejects when the port is in use. */
  readonly start: (server?: ServerName) => Promise<void>
  /** The result file of a job, to compare with a download. Rejects when the job has none. */
  readonly resultFile: (ref: JobRefInput) => Promise<Pick<ResultFile, "size" | "bytes">>
  /** Counts and logs of the requests so far. */
  readonly report: () => Promise<SimulatorReport>
  /** Removes jobs, faults and counts; accounts stay. */
  readonly reset: () => Promise<void>
  /** Closes every connection and frees the ports. */
  readonly close: () => Promise<void>
}

/**
 * Starts a simulator. Rejects when a port is in use, or an option is invalid.
 *
 * @example
 * ```ts
 * import { createClient } from "@ttd-jobs/core/promise"
 * import { startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * await using simulator = await startSimulator()
 * await using client = createClient({ server: simulator.url, token: simulator.token })
 * const ref = await simulator.addJob({ duration: "10 seconds" })
 * console.log((await client.get(ref)).phase) // "running"
 * ```
 */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<RunningSimulator> => {
  const runtime = ManagedRuntime.make(Simulator.layer(options))
  const simulator = await runtime.runPromise(Simulator)
  const close = () => runtime.dispose()
  return {
    url: simulator.url,
    filesUrl: simulator.filesUrl,
    token: simulator.token,
    addJob: (script) => Effect.runPromise(simulator.addJob(script)),
    addFaults: (faults) => Effect.runPromise(simulator.addFaults(faults)),
    clearFaults: () => Effect.runPromise(simulator.clearFaults),
    setRandomFaults: (faults) => Effect.runPromise(simulator.setRandomFaults(faults)),
    setAccount: (name, account) => Effect.runPromise(simulator.setAccount(name, account)),
    removeAccount: (name) => Effect.runPromise(simulator.removeAccount(name)),
    stop: (server) => Effect.runPromise(simulator.stop(server)),
    start: (server) => Effect.runPromise(simulator.start(server)),
    resultFile: (ref) => Effect.runPromise(simulator.resultFile(ref)),
    report: () => Effect.runPromise(simulator.report),
    reset: () => Effect.runPromise(simulator.reset),
    close,
    [Symbol.asyncDispose]: close
  }
}
