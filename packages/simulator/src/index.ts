/**
 * A stand-in for The Trade Desk's Workflows API: real HTTP, scripted jobs, faults on demand.
 *
 * @module
 */
export type { ByteSource } from "./ByteSource.ts"
export * as Fault from "./Fault.ts"
export type { FaultRule, FaultTarget, RandomFaults } from "./FaultScript.ts"
export type { DateStyle, JobScript, ProgressCurve } from "./JobScript.ts"
export * as PollingSimulation from "./PollingSimulation.ts"
export type { FilesTally, RequestRecord, SimulatorReport, Tally } from "./Recorder.ts"
export type { ResultFile } from "./ResultFile.ts"
export * as ResultScript from "./ResultScript.ts"
export { Simulator, type SimulatorOptions } from "./Simulator.ts"
