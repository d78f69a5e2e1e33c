/**
 * A simulator of The Trade Desk's Workflows API: real HTTP, scripted jobs, faults on demand.
 *
 * @module
 */
export type { AccountOptions, RateLimit } from "./Accounts.ts"
export type { ByteSource } from "./ByteSource.ts"
export type { DateStyle } from "./DateText.ts"
export * as Fault from "./Fault.ts"
export type { FaultRule, FaultTarget, RandomFaults } from "./FaultQueue.ts"
export type { CallbackHeader, CallbackScript, JobScript } from "./JobScript.ts"
export type { BulkJobLimits } from "./JobStore.ts"
export { type ProgressCurve, percentageAt } from "./ProgressCurve.ts"
export type { CallbackRecord, FilesTally, OperationTallies, RequestRecord, SimulatorReport, Tally } from "./Recorder.ts"
export type { ResultFile } from "./ResultFile.ts"
export * as ResultScript from "./ResultScript.ts"
export { type ServerName, Simulator, type SimulatorOptions } from "./Simulator.ts"
