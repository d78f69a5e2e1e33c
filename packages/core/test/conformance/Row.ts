/** One row of the conformance table: what the server does, and what the client must do about it. */
import type { JobStatusOptions, JobStatusService } from "@ttd-jobs/core"
import type { Fault, FaultRule, JobScript, Simulator } from "@ttd-jobs/simulator"
import type { Effect } from "effect"
import type { Must } from "./Must.ts"

export interface Row {
  /** The promise that the row proves, such as `P3`. */
  readonly promise?: string
  /** What the server does, in words. */
  readonly server: string
  /** The same as a script of the simulator. Default: honest answers. */
  readonly faults?: ReadonlyArray<FaultRule | Fault.Fault>
  /** The job, where it is not `standard:412651`, ended as `Success` a moment ago. */
  readonly job?: JobScript
  /** Settings of the client. Default: no retries. */
  readonly client?: JobStatusOptions
  /** What is asked. Default: where the job stands. */
  readonly call?: Call
  readonly must: Must
}

/** Asks something of a client. */
export type Call = (jobs: JobStatusService, ref: string) => Effect.Effect<unknown, unknown, Simulator>

/** What a row is called. */
export const titleOf = ({ promise, server }: Row): string =>
  promise === undefined ? `the server ${server}` : `${promise} the server ${server}`

/** Rows about one thing. */
export interface Section {
  readonly title: string
  readonly rows: ReadonlyArray<Row>
}
