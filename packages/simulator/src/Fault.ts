/**
 * Every fault of the simulator, as a tagged union, with a constructor for each.
 *
 * @module
 */
import type { CallbackFault } from "./CallbackFault.ts"
import * as Connection from "./ConnectionFault.ts"
import type { FileFault } from "./FileFault.ts"
import type { JsonFault } from "./JsonFault.ts"
import * as Response from "./ResponseFault.ts"

export * from "./CallbackFault.ts"
export * from "./ConnectionFault.ts"
export * from "./FileFault.ts"
export * from "./JsonFault.ts"
export * from "./ResponseFault.ts"

/**
 * A fault: of the connection, of any response, of the API's JSON, of a result file, or of a completion callback. A request or
 * callback that a fault does not apply to is handled regularly.
 *
 * @example
 * ```ts
 * import { Fault } from "@ttd-jobs/simulator"
 *
 * const busy: Fault.Fault = Fault.latency("300 millis", Fault.tooManyRequests(2))
 * ```
 */
export type Fault =
  | Connection.NoFault
  | Connection.Latency<Fault>
  | Connection.TransferFault
  | Response.ResponseFault
  | JsonFault
  | FileFault
  | CallbackFault

/**
 * The default faults at random: those of a busy service and of the gateways in front of it. None of them hangs.
 *
 * @example
 * ```ts
 * import { Fault, startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * const kinds = [...Fault.common, Fault.hang]
 * await using simulator = await startSimulator({ seed: "monday", randomFaults: { rate: 0.2, kinds } })
 * ```
 */
export const common: ReadonlyArray<Fault> = [
  Connection.latency("400 millis"),
  Connection.latency("1200 millis"),
  Response.tooManyRequests(1),
  Response.serverError(500),
  Response.serverError(503, 1),
  Response.htmlPage(502),
  Response.emptyBody(504),
  Connection.truncatedBody(),
  Connection.connectionReset
]

/**
 * The name of a fault in the report.
 *
 * @example
 * ```ts
 * import { Fault } from "@ttd-jobs/simulator"
 *
 * Fault.nameOf(Fault.tooManyRequests(1)) // "tooManyRequests"
 * Fault.nameOf(Fault.truncatedBody()) // "TruncatedBody"
 * ```
 */
export const nameOf = (fault: Fault): string => (fault._tag === "FixedResponse" ? fault.name : fault._tag)
