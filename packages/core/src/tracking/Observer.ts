/**
 * Somebody who watches a job: tells changes apart from repetitions, and trouble that may pass from trouble that will not.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import {
  type ApiError,
  JobFailedError,
  type ProblemDetailsError,
  type RequestError,
  WaitTimeoutError
} from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import { expiringIn, type JobSnapshot } from "../JobSnapshot.ts"
import { isFailed } from "../model/index.ts"
import { type PolledJob, pollsOf, responsesOf, type Watcher } from "./PolledJob.ts"
import { isSame, ResumePoint, type Seen, seenOf } from "./ResumePoint.ts"
import type { WaitEvent, WaitSettings } from "./WaitOptions.ts"

/** Why a wait ends without the job's success. */
export type WaitError = JobFailedError | WaitTimeoutError | RequestError

/** What a wait makes of news. */
export abstract class Observer implements Watcher {
  readonly ref: JobRef
  readonly settings: WaitSettings
  job: PolledJob | undefined
  order = 0
  #last: JobSnapshot | null = null
  #warned = false

  constructor(ref: JobRef, settings: WaitSettings) {
    this.ref = ref
    this.settings = settings
  }

  abstract get isReady(): boolean
  /** The job stands elsewhere than before; a terminal snapshot is always news, and the last. */
  protected abstract onChange(snapshot: JobSnapshot): void
  protected abstract onFailure(error: WaitError): void
  abstract onBroken(cause: Cause.Cause<never>): void

  get deadline(): number {
    return this.settings.deadline
  }

  onSeen(snapshot: JobSnapshot, now: number): boolean {
    const seen = this.#seen
    this.#last = snapshot
    if (seen === null || snapshot.isTerminal || !isSame(seen, seenOf(snapshot))) {
      if (!this.#tell({ _tag: "Changed", ref: snapshot.ref, snapshot })) return false
      if (!this.#warn(snapshot, now)) return false
      this.onChange(snapshot)
    }
    return !snapshot.isTerminal
  }

  onTrouble(error: RequestError, now: number): boolean {
    if (isPermanent(error) && !(isMissing(error) && now < this.settings.graceUntil)) {
      this.#giveUp(error)
      return false
    }
    return this.#tell({ _tag: "PollFailed", ref: String(this.ref), error })
  }

  onExpired(job: PolledJob, now: number): void {
    this.#giveUp(
      new WaitTimeoutError({
        ref: String(this.ref),
        snapshot: job.snapshot,
        elapsed: now - this.settings.startedAt,
        polls: pollsOf(job),
        responses: responsesOf(job),
        lastError: job.lastError,
        resume: new ResumePoint({
          version: 1,
          ref: String(this.ref),
          startedAt: DateTime.makeUnsafe(this.settings.startedAt),
          deadline: Number.isFinite(this.deadline) ? DateTime.makeUnsafe(this.deadline) : null,
          seen: this.#seen
        })
      })
    )
  }

  #giveUp(error: RequestError | WaitTimeoutError): void {
    const ref = String(this.ref)
    const event: WaitEvent =
      error instanceof WaitTimeoutError ? { _tag: "TimedOut", ref, error } : { _tag: "Refused", ref, error }
    if (this.#tell(event)) this.onFailure(error)
  }

  get #seen(): Seen | null {
    return this.#last === null ? (this.settings.resume?.seen ?? null) : seenOf(this.#last)
  }

  #warn(snapshot: JobSnapshot, now: number): boolean {
    const ref = snapshot.ref
    if (snapshot.phase === "unknown" && !this.#warned) {
      this.#warned = true
      return this.#tell({ _tag: "UnknownStatus", ref, snapshot })
    }
    const left = expiringIn(snapshot, now)
    return left === null ? true : this.#tell({ _tag: "ExpiresSoon", ref, snapshot, left })
  }

  /** Whether the listener took it; one that throws ends its own wait and nobody else's. */
  #tell(event: WaitEvent): boolean {
    const told = Result.try(() => this.settings.onProgress?.(event))
    if (Result.isSuccess(told)) {
      // An async function is taken for a listener as well, and nobody else would hear what it rejects with.
      if (told.success instanceof Promise) told.success.catch((error) => this.onBroken(Cause.die(error)))
      return true
    }
    this.onBroken(Cause.die(told.failure))
    return false
  }
}

/** What a wait makes of a job that has ended. */
export const outcomeOf = (
  snapshot: JobSnapshot,
  { acceptFailure }: WaitSettings
): Result.Result<JobSnapshot, JobFailedError> =>
  !acceptFailure && isFailed(snapshot.phase)
    ? Result.fail(new JobFailedError({ ref: snapshot.ref, snapshot }))
    : Result.succeed(snapshot)

/** Answers that will be the same next time: no job, redirects, and refusals other than "not now". */
const isPermanent = (error: RequestError): error is Refusal =>
  (error._tag === "ProblemDetailsError" || error._tag === "ApiError") &&
  !error.transient &&
  (error.status === 200 || (error.status >= 300 && error.status < 500))

/** Answers that a job gets which was submitted a moment ago. */
const isMissing = ({ status }: Refusal) => status === 404 || status === 200

type Refusal = ProblemDetailsError | ApiError
