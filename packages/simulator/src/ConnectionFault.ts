/**
 * Faults of timing and of the connection: latency, resets, and bodies that are cut off, stalled or slow.
 *
 * @example
 * ```ts
 * import { Fault, startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * await using simulator = await startSimulator()
 * // One request each, in this order; afterwards requests succeed again.
 * await simulator.addFaults([
 *   Fault.none,
 *   Fault.latency("200 millis", Fault.tooManyRequests(2)),
 *   Fault.connectionReset,
 *   Fault.hang,
 *   Fault.truncatedBody(100),
 *   Fault.truncatedChunks(),
 *   Fault.stall(100),
 *   Fault.slowBody({ bytes: 10, every: "50 millis" })
 * ])
 * ```
 *
 * @module
 */
import * as Duration from "effect/Duration"

/** No fault: the regular response. */
export interface NoFault {
  readonly _tag: "NoFault"
}

/** A pause before anything is sent, on Effect's clock (`speed` does not shorten it); then another fault or the regular response. */
export interface Latency<Next> {
  readonly _tag: "Latency"
  readonly duration: Duration.Duration
  readonly next: Next
}

/** The connection is reset (TCP RST) before anything is sent. */
export interface ConnectionReset {
  readonly _tag: "ConnectionReset"
}

/** Nothing is ever sent. Ends when the client disconnects or the simulator closes. */
export interface Hang {
  readonly _tag: "Hang"
}

/** The head and `after` bytes of the body are sent, then the connection is closed. */
export interface TruncatedBody {
  readonly _tag: "TruncatedBody"
  /** Bytes of the body that are sent; half of it when undefined. */
  readonly after: number | undefined
  /** Whether the body is chunked and lacks its last chunk, or is shorter than its `Content-Length`. */
  readonly chunked: boolean
}

/** The head and `after` bytes of the body are sent, then nothing; the connection stays open. */
export interface Stall {
  readonly _tag: "Stall"
  readonly after: number
}

/** The body is sent `bytes` at a time, with a pause before each part. */
export interface SlowBody {
  readonly _tag: "SlowBody"
  readonly bytes: number
  readonly every: Duration.Duration
}

/** How the transfer of a response fails. */
export type TransferFault = ConnectionReset | Hang | TruncatedBody | Stall | SlowBody

/** No fault: a placeholder between faults, as in "fail, succeed, fail". */
export const none: NoFault = { _tag: "NoFault" }

/** A pause (milliseconds, or text such as `"2 seconds"`), then another fault or, by default, the regular response. */
export const latency: {
  (duration: Duration.Input): Latency<NoFault>
  <Next>(duration: Duration.Input, next: Next): Latency<Next>
} = <Next>(duration: Duration.Input, next?: Next): Latency<Next | NoFault> => ({
  _tag: "Latency",
  duration: Duration.fromInputUnsafe(duration),
  next: next ?? none
})

/** The connection is reset before a response. */
export const connectionReset: ConnectionReset = { _tag: "ConnectionReset" }

/** No response, ever. */
export const hang: Hang = { _tag: "Hang" }

/** `Content-Length` announces the whole body, `after` bytes are sent (half when undefined), then the connection is closed. */
export const truncatedBody = (after?: number): TruncatedBody => ({ _tag: "TruncatedBody", after, chunked: false })

/** `after` bytes of a chunked body are sent (half when undefined), but not its end. */
export const truncatedChunks = (after?: number): TruncatedBody => ({ _tag: "TruncatedBody", after, chunked: true })

/** `after` bytes are sent, then nothing more; the connection stays open. `stall()`: a body that never starts after its headers. */
export const stall = (after = 0): Stall => ({ _tag: "Stall", after })

/**
 * The body is sent `bytes` at a time with a pause before each part, on Effect's clock (`speed` does not shorten it). Default: 1
 * byte every 100 ms.
 */
export const slowBody = (options: { readonly bytes?: number; readonly every?: Duration.Input } = {}): SlowBody => ({
  _tag: "SlowBody",
  bytes: options.bytes ?? 1,
  every: Duration.fromInputUnsafe(options.every ?? 100)
})
