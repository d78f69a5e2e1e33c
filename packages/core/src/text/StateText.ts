/**
 * Where a job stands, in words.
 *
 * @module
 */
import type { JobPhase, JobState } from "../model/index.ts"
import { formatPercentage } from "./Quantities.ts"

/**
 * A phase in words; a status that this package does not know is named: `unknown (Archived)`.
 *
 * @example
 * ```ts
 * import { phaseText } from "@ttd-jobs/core/text"
 *
 * phaseText({ phase: "partially-succeeded", status: "PartialSuccess" }) // "partially succeeded"
 * phaseText({ phase: "unknown", status: "Archived" }) // "unknown (Archived)"
 * ```
 */
export const phaseText = ({ phase, status }: { readonly phase: JobPhase; readonly status: string }): string =>
  phase === "unknown" ? `${phase} (${status})` : words(phase)

/**
 * Phase and progress in words: `running, 42.5 %`.
 *
 * @example
 * ```ts
 * import { progressText } from "@ttd-jobs/core/text"
 *
 * progressText({ phase: "running", status: "InProgress", completionPercentage: 42.5 }) // "running, 42.5 %"
 * ```
 */
export const progressText = (state: Omit<JobState, "errors">): string =>
  withPercentage(phaseText(state), state.completionPercentage)

/** A text with a percentage behind it, if there is one. */
export const withPercentage = (text: string, percentage: number | null): string =>
  percentage === null ? text : `${text}, ${formatPercentage(percentage)}`

/** A code such as `connection-refused` in words. */
export const words = (code: string): string => code.replaceAll("-", " ")
