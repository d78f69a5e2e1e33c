/**
 * Errors for promises: those that hold a snapshot hold a plain one, with `Date`s. All others are the errors of the Effect entry.
 *
 * @example
 * ```ts
 * import { JobFailedError, ResultUnavailableError, WaitTimeoutError } from "@ttd-jobs/core/promise"
 *
 * // What to show to a user.
 * const sentenceFor = (error: unknown): string => {
 *   if (error instanceof JobFailedError) return `Failed: ${error.snapshot.errors.join("; ")}`
 *   if (error instanceof WaitTimeoutError) return `Not ended after ${error.elapsed / 1000} s, in ${error.polls} polls`
 *   if (error instanceof ResultUnavailableError) return `No result (${error.reason}): ${error.advice}`
 *   return String(error)
 * }
 * sentenceFor(new Error("something else")) // "Error: something else"
 * ```
 *
 * @module
 */
import { adviceOf, messageOf } from "../errors/Description.ts"
import * as Effectful from "../errors/Errors.ts"
import { printable } from "../errors/Printing.ts"
import type { ResumePoint } from "../tracking/ResumePoint.ts"
import { type JobSnapshot, plainSnapshot } from "./Snapshot.ts"

/** The job ended as `Failure` or `Cancelled`. */
export class JobFailedError extends Error {
  static {
    printable(JobFailedError)
  }
  readonly _tag = "JobFailedError"
  /** The job, such as `standard:412651`. */
  readonly ref: string
  /** The job's last snapshot, its link without a query. */
  readonly snapshot: JobSnapshot

  constructor({ ref, snapshot }: Pick<JobFailedError, "ref" | "snapshot">) {
    super()
    hideName(this)
    this.ref = ref
    this.snapshot = snapshot
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: never. */
  get transient(): boolean {
    return Effectful.isTransient(this)
  }
}

/** The deadline of a wait passed before the job ended. The job itself continues upstream. */
export class WaitTimeoutError extends Error {
  static {
    printable(WaitTimeoutError)
  }
  readonly _tag = "WaitTimeoutError"
  /** The job, such as `standard:412651`. */
  readonly ref: string
  /** The job's last snapshot, its link without a query; null when no status was seen. */
  readonly snapshot: JobSnapshot | null
  /** How long the wait lasted, in milliseconds. */
  readonly elapsed: number
  /** How many polls were sent. */
  readonly polls: number
  /** How many responses came with each HTTP status; key `none` counts the polls without a response. */
  readonly responses: Readonly<Record<string, number>>
  /** Why the last poll failed; null when it did not. */
  readonly lastError: Effectful.RequestError | null
  /** What another wait needs to continue from here. */
  readonly resume: ResumePoint
  /** Whether the wait ended before its deadline, because the server asked for a pause past it. */
  readonly isEarly: boolean
  /** What was seen of the job last, by this wait or the one it resumed; null when no status was seen. */
  readonly lastSeen: ResumePoint["seen"]

  constructor(fields: Omit<WaitTimeoutError, keyof Error | "_tag" | "advice" | "transient">) {
    super()
    hideName(this)
    this.ref = fields.ref
    this.snapshot = fields.snapshot
    this.elapsed = fields.elapsed
    this.polls = fields.polls
    this.responses = fields.responses
    this.lastError = fields.lastError
    this.resume = fields.resume
    this.isEarly = fields.isEarly
    this.lastSeen = fields.lastSeen
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: always, the job goes on. */
  get transient(): boolean {
    return Effectful.isTransient(this)
  }
}

/** There is no result to download: the job has not ended, left none, or its result has expired. */
export class ResultUnavailableError extends Error {
  static {
    printable(ResultUnavailableError)
  }
  readonly _tag = "ResultUnavailableError"
  /** The job, such as `standard:412651`. */
  readonly ref: string
  /** `not-finished`: the job has not ended. `none`: it ended and left none. `expired`: it was kept for its lifetime and is gone. */
  readonly reason: Effectful.ResultUnavailableError["reason"]
  /** The job's last snapshot, its link without a query. */
  readonly snapshot: JobSnapshot
  /** How long ago the job ended (or was created, while the end is not known), in milliseconds; null when it has not ended. */
  readonly age: number | null
  /** How long results of this kind of job are kept, in milliseconds; null when the job has not ended. */
  readonly lifetime: number | null

  constructor(fields: Pick<ResultUnavailableError, "ref" | "reason" | "snapshot" | "age" | "lifetime">) {
    super()
    hideName(this)
    this.ref = fields.ref
    this.reason = fields.reason
    this.snapshot = fields.snapshot
    this.age = fields.age
    this.lifetime = fields.lifetime
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: for a job that has not ended. */
  get transient(): boolean {
    return Effectful.isTransient(this)
  }
}

/** Any error of this package; `_tag` tells which. */
export type TtdJobsError =
  | Exclude<Effectful.TtdJobsError, { readonly _tag: "JobFailedError" | "WaitTimeoutError" | "ResultUnavailableError" }>
  | JobFailedError
  | WaitTimeoutError
  | ResultUnavailableError

/**
 * Whether a value is an error of this package, of another copy of it too. It narrows to their union, so that `_tag` tells which.
 *
 * @example
 * ```ts
 * import { createClient, isTtdJobsError } from "@ttd-jobs/core/promise"
 *
 * await using client = createClient({ server: process.env["WORKFLOWS_SERVER"] ?? "prod" })
 * try {
 *   await client.get("report 7")
 * } catch (error) {
 *   if (!isTtdJobsError(error)) throw error
 *   console.log(error._tag) // "InvalidJobRefError"
 *   console.log(error.transient) // false
 * }
 * ```
 */
export const isTtdJobsError = (error: unknown): error is TtdJobsError => Effectful.isTtdJobsError(error)

/** The error that promises reject with instead of one of Effect's. */
export const plainError = (error: unknown): unknown => {
  if (error instanceof Effectful.JobFailedError) {
    return new JobFailedError({ ref: error.ref, snapshot: plainSnapshot(error.snapshot) })
  }
  if (error instanceof Effectful.WaitTimeoutError) return plainTimeout(error)
  if (error instanceof Effectful.ResultUnavailableError) {
    const { age, lifetime, reason, ref, snapshot } = error
    return new ResultUnavailableError({ ref, reason, age, lifetime, snapshot: plainSnapshot(snapshot) })
  }
  return error
}

const plainTimeouts = new WeakMap<Effectful.WaitTimeoutError, WaitTimeoutError>()

/** The timeout of a wait with a plain snapshot: the same for the event and for the rejection. */
export const plainTimeout = (error: Effectful.WaitTimeoutError): WaitTimeoutError => {
  const known = plainTimeouts.get(error)
  if (known !== undefined) return known
  const plain = new WaitTimeoutError({
    ref: error.ref,
    snapshot: error.snapshot && plainSnapshot(error.snapshot),
    elapsed: error.elapsed,
    polls: error.polls,
    responses: error.responses,
    lastError: error.lastError,
    resume: error.resume,
    isEarly: error.isEarly,
    lastSeen: error.lastSeen
  })
  plainTimeouts.set(error, plain)
  return plain
}

/** The name as of every error: not among the fields. */
const hideName = (error: { readonly _tag: string }): void => {
  Object.defineProperty(error, "name", { value: error._tag, configurable: true, writable: true })
}
