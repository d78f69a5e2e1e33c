/**
 * The simulator for tests that do not use Effect.
 *
 * @module
 */
import type { JobRef, JobRefInput } from "@ttd-jobs/core"
import { Effect, ManagedRuntime } from "effect"
import type * as Fault from "./Fault.ts"
import type { FaultRule } from "./FaultScript.ts"
import type { JobScript } from "./JobScript.ts"
import type { SimulatorReport } from "./Recorder.ts"
import type { ResultFile } from "./ResultFile.ts"
import { Simulator, type SimulatorOptions } from "./Simulator.ts"

export * as Fault from "./Fault.ts"
export type { FaultRule, FaultTarget, RandomFaults } from "./FaultScript.ts"
export type { DateStyle, JobScript, ProgressCurve } from "./JobScript.ts"
export type { FilesTally, RequestRecord, SimulatorReport, Tally } from "./Recorder.ts"
export type { ResultFile } from "./ResultFile.ts"
export * as ResultScript from "./ResultScript.ts"
export type { SimulatorOptions } from "./Simulator.ts"

/** A simulator that runs until it is closed. Everything it is told is checked: what can mean nothing rejects. */
export interface RunningSimulator extends AsyncDisposable {
  /** The API's base URL, such as `http://127.0.0.1:40123`. */
  readonly url: string
  /** The file server's origin: the same host, another port. */
  readonly filesUrl: string
  /** What `TTD-Auth` must be. */
  readonly token: string
  /** Adds a job as of now; `String(ref)` is its reference. */
  readonly addJob: (script: JobScript) => Promise<JobRef>
  /** Adds faults to the queue. A request meets the first one that is for it. */
  readonly script: (faults: FaultRule | Fault.Fault | ReadonlyArray<FaultRule | Fault.Fault>) => Promise<void>
  /** The result file of a job, to compare with what was downloaded. Rejects when the job has none. */
  readonly resultFile: (ref: JobRefInput) => Promise<Pick<ResultFile, "size" | "bytes">>
  /** What was asked so far. */
  readonly report: () => Promise<SimulatorReport>
  /** Forgets jobs, faults and counts. */
  readonly reset: () => Promise<void>
  /** Ends every connection and frees the ports. */
  readonly close: () => Promise<void>
}

/**
 * Starts a simulator. Rejects when a port cannot be had, or an option is out of range.
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
    script: (faults) => Effect.runPromise(simulator.script(faults)),
    resultFile: (ref) => Effect.runPromise(simulator.resultFile(ref)),
    report: () => Effect.runPromise(simulator.report),
    reset: () => Effect.runPromise(simulator.reset),
    close,
    [Symbol.asyncDispose]: close
  }
}
