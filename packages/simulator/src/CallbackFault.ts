/**
 * Faults of completion callbacks: lost, late, repeated, for an unknown job, with a wrong secret.
 *
 * @example
 * ```ts
 * import { Fault, startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * await using simulator = await startSimulator()
 * // One callback each, in this order; afterwards callbacks are regular again.
 * await simulator.addFaults([
 *   Fault.lostCallback,
 *   Fault.lateCallback("10 minutes"),
 *   Fault.repeatedCallback(2),
 *   Fault.unknownJobCallback(),
 *   Fault.wrongSecretCallback
 * ])
 * Fault.isCallbackFault(Fault.lostCallback) // true
 * ```
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as OptionChecks from "./OptionChecks.ts"

/** The callback is not sent. */
export interface LostCallback {
  readonly _tag: "LostCallback"
}

/** The callback is sent later, by Effect's clock (`speed` does not shorten it). */
export interface LateCallback {
  readonly _tag: "LateCallback"
  readonly by: Duration.Duration
}

/** The callback is sent several times, one after the other. */
export interface RepeatedCallback {
  readonly _tag: "RepeatedCallback"
  readonly times: number
}

/** The callback names another job. */
export interface UnknownJobCallback {
  readonly _tag: "UnknownJobCallback"
  readonly id: string
}

/** The values of the callback's own headers are wrong. */
export interface WrongSecretCallback {
  readonly _tag: "WrongSecretCallback"
}

/** A fault of a completion callback. */
export type CallbackFault = LostCallback | LateCallback | RepeatedCallback | UnknownJobCallback | WrongSecretCallback

/** The callback is not sent. */
export const lostCallback: LostCallback = { _tag: "LostCallback" }

/** The callback is sent later by this duration. */
export const lateCallback = (by: Duration.Input): LateCallback => ({
  _tag: "LateCallback",
  by: Duration.fromInputUnsafe(by)
})

/** The callback is sent `times` times. Default 2. */
export const repeatedCallback = (times = 2): RepeatedCallback => ({
  _tag: "RepeatedCallback",
  times: OptionChecks.integer("times", times, 1)
})

/** The callback is for a job that does not exist. */
export const unknownJobCallback = (id: string | bigint = "9223372036854775806"): UnknownJobCallback => ({
  _tag: "UnknownJobCallback",
  id: String(id)
})

/** Every header that the job's submitter gave has another value. */
export const wrongSecretCallback: WrongSecretCallback = { _tag: "WrongSecretCallback" }

const tags: ReadonlySet<string> = new Set<CallbackFault["_tag"]>([
  "LostCallback",
  "LateCallback",
  "RepeatedCallback",
  "UnknownJobCallback",
  "WrongSecretCallback"
])

/** Whether a fault is one of a completion callback. */
export const isCallbackFault = (fault: { readonly _tag: string }): fault is CallbackFault => tags.has(fault._tag)
