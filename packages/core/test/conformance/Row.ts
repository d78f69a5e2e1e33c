/** One row of the conformance table: what the server does, and what is expected of the client. */
import type { JobStatusOptions, JobStatusService } from "@ttd-jobs/core"
import type { Fault, FaultRule, JobScript, Simulator } from "@ttd-jobs/simulator"
import type { Effect } from "effect"
import type { Expectation } from "./Expectation.ts"

export interface Row {
  /** The promise that the row proves, such as `P3`. */
  readonly promise?: string
  /** What the server does, in words. */
  readonly server: string
  /** The same as a script of the simulator. Default: no faults. */
  readonly faults?: ReadonlyArray<FaultRule | Fault.Fault>
  /** The job, where it is not `standard:412651`, which has just ended as `Success`. */
  readonly job?: JobScript
  /** Options of the client. Default: no retries. */
  readonly client?: JobStatusOptions
  /** The call. Default: `get` of the job. */
  readonly call?: Call
  readonly expected: Expectation
}

/** A call of a client. */
export type Call = (jobs: JobStatusService, ref: string) => Effect.Effect<unknown, unknown, Simulator>

/** The title of a row. */
export const titleOf = ({ promise, server }: Row): string =>
  promise === undefined ? `the server ${server}` : `${promise} the server ${server}`

/** Rows about one subject. */
export interface Section {
  readonly title: string
  readonly rows: ReadonlyArray<Row>
}
