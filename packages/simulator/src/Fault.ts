/**
 * Everything the simulator can do wrong, as a tagged union, with a constructor for each.
 *
 * @module
 */
import type { BodyFault } from "./BodyFault.ts"
import type { FileFault } from "./FileFault.ts"
import * as Wire from "./WireFault.ts"

export * from "./BodyFault.ts"
export * from "./FileFault.ts"
export * from "./WireFault.ts"

/**
 * A fault: of any answer (`WireFault`), of the JSON of the API (`BodyFault`), or of a result file (`FileFault`). A server that a
 * fault says nothing about answers honestly.
 *
 * @example
 * ```ts
 * import { Fault } from "@ttd-jobs/simulator"
 *
 * const busy: Fault.Fault = Fault.latency("300 millis", Fault.tooManyRequests(2))
 * ```
 */
export type Fault = Wire.WireFault | BodyFault | FileFault

/**
 * What goes wrong at random when nothing else is asked for: what a busy service and the gateways in front of it do.
 *
 * @example
 * ```ts
 * import { Fault, startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * const kinds = [...Fault.everyday, Fault.hang]
 * await using simulator = await startSimulator({ seed: "monday", randomFaults: { rate: 0.2, kinds } })
 * ```
 */
export const everyday: ReadonlyArray<Fault> = [
  Wire.latency("400 millis"),
  Wire.latency("1200 millis"),
  Wire.tooManyRequests(1),
  Wire.serverError(500),
  Wire.serverError(503, 1),
  Wire.htmlPage(502),
  Wire.emptyBody(504),
  Wire.truncatedBody(),
  Wire.connectionReset
]

/**
 * What the report calls a fault.
 *
 * @example
 * ```ts
 * import { Fault } from "@ttd-jobs/simulator"
 *
 * Fault.nameOf(Fault.tooManyRequests(1)) // "tooManyRequests"
 * Fault.nameOf(Fault.truncatedBody()) // "Cut"
 * ```
 */
export const nameOf = (fault: Fault): string => (fault._tag === "Answer" ? fault.name : fault._tag)
