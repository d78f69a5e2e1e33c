/**
 * The table of phases: where a job stands, in one vocabulary for all kinds of job, and the server's statuses that mean it.
 *
 * @module
 */

/** What is known about one phase. */
export interface PhaseTraits {
  /** The server's statuses that mean this phase. */
  readonly statuses: ReadonlyArray<string>
  /** Whether the job has ended: nothing changes any more but that its result expires. */
  readonly terminal: boolean
  /** Whether the job ended without doing its work: failed or cancelled. */
  readonly failed: boolean
  /** Place in lists and counts: active phases before terminal ones, success before failure. */
  readonly order: number
}

/**
 * The phases of a job (contract, "Life of a job"). A status that is in no row is phase `unknown`, which is not terminal.
 *
 * @example
 * ```ts
 * import { phases } from "@ttd-jobs/core/model"
 *
 * phases["partially-succeeded"].statuses // ["PartialSuccess"]
 * phases.cancelled.failed // true
 * ```
 */
export const phases = {
  queued: { statuses: ["Queued"], terminal: false, failed: false, order: 0 },
  running: { statuses: ["InProgress"], terminal: false, failed: false, order: 1 },
  succeeded: { statuses: ["Success"], terminal: true, failed: false, order: 3 },
  "partially-succeeded": { statuses: ["PartialSuccess"], terminal: true, failed: false, order: 4 },
  failed: { statuses: ["Failure"], terminal: true, failed: true, order: 5 },
  cancelled: { statuses: ["Cancelled"], terminal: true, failed: true, order: 6 },
  expired: { statuses: ["ResultsExpired"], terminal: true, failed: false, order: 7 },
  unknown: { statuses: [], terminal: false, failed: false, order: 2 }
} as const satisfies Readonly<Record<string, PhaseTraits>>

/** Where a job stands: a key of `phases`. */
export type JobPhase = keyof typeof phases

/**
 * Whether a text is the name of a phase.
 *
 * @example
 * ```ts
 * import { isJobPhase } from "@ttd-jobs/core/model"
 *
 * isJobPhase("running") // true
 * isJobPhase("InProgress") // false, a status
 * ```
 */
export const isJobPhase = (name: string): name is JobPhase => Object.hasOwn(phases, name)

/**
 * The names of all phases, in the table's order.
 *
 * @example
 * ```ts
 * import { jobPhaseNames, phases } from "@ttd-jobs/core/model"
 *
 * const byOrder = jobPhaseNames.toSorted((one, other) => phases[one].order - phases[other].order)
 * byOrder.slice(0, 3) // ["queued", "running", "unknown"]
 * ```
 */
export const jobPhaseNames: ReadonlyArray<JobPhase> = /* @__PURE__ */ Object.keys(phases).filter(isJobPhase)

/**
 * The phase that a status of the server means; `unknown` for a status that is newer than this package.
 *
 * @example
 * ```ts
 * import { phaseOf } from "@ttd-jobs/core/model"
 *
 * phaseOf("InProgress") // "running"
 * phaseOf("Archived") // "unknown"
 * ```
 */
export const phaseOf = (status: string): JobPhase =>
  jobPhaseNames.find((phase) => traitsOf(phase).statuses.includes(status)) ?? "unknown"

const traitsOf = (phase: JobPhase): PhaseTraits => phases[phase]

/**
 * Whether a job in this phase has ended for good.
 *
 * @example
 * ```ts
 * import { isTerminal } from "@ttd-jobs/core/model"
 *
 * isTerminal("expired") // true
 * isTerminal("unknown") // false
 * ```
 */
export const isTerminal = (phase: JobPhase): boolean => phases[phase].terminal

/**
 * Whether a job in this phase ended without doing its work: failed or cancelled.
 *
 * @example
 * ```ts
 * import { isFailed } from "@ttd-jobs/core/model"
 *
 * isFailed("cancelled") // true
 * isFailed("partially-succeeded") // false
 * ```
 */
export const isFailed = (phase: JobPhase): boolean => phases[phase].failed
