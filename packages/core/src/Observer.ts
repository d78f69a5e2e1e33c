/**
 * Somebody who watches a job: tells changes apart from repetitions, and trouble that may pass from trouble that will not.
 *
 * @module
 */
import { Cause, DateTime, Result } from "effect"
import { JobFailedError, type RequestError, WaitTimeoutError } from "./Errors.ts"
import type { PolledJob, Watcher } from "./JobPoller.ts"
import type { JobRef } from "./JobRef.ts"
import { type JobSnapshot, mayBeGoneAt } from "./JobSnapshot.ts"
import { isSame, ResumePoint, type Seen, seenOf } from "./ResumePoint.ts"
import type { WaitEvent, WaitSettings } from "./WaitOptions.ts"

/** Why a wait ends without the job's success. */
export type WaitError = JobFailedError | WaitTimeoutError | RequestError

/** What a wait makes of news. */
export abstract class Observer implements Watcher {
  readonly ref: JobRef
  readonly settings: WaitSettings
  #seen: Seen | null
  #warned = false

  constructor(ref: JobRef, settings: WaitSettings) {
    this.ref = ref
    this.settings = settings
    this.#seen = settings.resume?.seen ?? null
  }

  abstract get isReady(): boolean
  /** The job stands elsewhere than before; a terminal snapshot is always news, and the last. */
  protected abstract onChange(snapshot: JobSnapshot): void
  protected abstract onFailure(error: WaitError): void
  abstract onBroken(cause: Cause.Cause<never>): void

  get deadline(): number {
    return this.settings.deadline
  }

  onSeen(_job: PolledJob, snapshot: JobSnapshot, now: number): boolean {
    const seen = seenOf(snapshot)
    if (this.#seen === null || snapshot.isTerminal || !isSame(this.#seen, seen)) {
      this.#seen = seen
      if (!this.#tell({ _tag: "Changed", ref: snapshot.ref, snapshot })) return false
      if (!this.#warn(snapshot, now)) return false
      this.onChange(snapshot)
    }
    return !snapshot.isTerminal
  }

  onTrouble(_job: PolledJob, error: RequestError, now: number): boolean {
    if (isPermanent(error) && !(error.status === 404 && now < this.settings.graceUntil)) {
      this.onFailure(error)
      return false
    }
    return this.#tell({ _tag: "PollFailed", ref: String(this.ref), error })
  }

  onHopeless(job: PolledJob, now: number): void {
    this.expire(job, now)
  }

  /** Ends the wait because its time is over, or will be before the job may be asked for again. */
  expire(job: PolledJob | undefined, now: number): void {
    this.onFailure(
      new WaitTimeoutError({
        ref: String(this.ref),
        snapshot: job?.snapshot ?? null,
        elapsed: now - this.settings.startedAt,
        polls: job?.polls ?? 0,
        answers: Object.fromEntries(job?.answers ?? []),
        lastError: job?.lastError ?? null,
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

  #warn(snapshot: JobSnapshot, now: number): boolean {
    const ref = snapshot.ref
    if (snapshot.phase === "unknown" && !this.#warned) {
      this.#warned = true
      return this.#tell({ _tag: "UnknownStatus", ref, snapshot })
    }
    const left = mayBeGoneAt(snapshot) - now
    return snapshot.isTerminal && snapshot.result !== null && left < anHour
      ? this.#tell({ _tag: "ExpiresSoon", ref, snapshot, left: Math.max(0, left) })
      : true
  }

  /** Whether the listener took it; one that throws ends its own wait and nobody else's. */
  #tell(event: WaitEvent): boolean {
    const told = Result.try(() => this.settings.onProgress?.(event))
    if (Result.isFailure(told)) this.onBroken(Cause.die(told.failure))
    return Result.isSuccess(told)
  }
}

/** What a wait makes of a job that has ended. */
export const outcomeOf = (
  snapshot: JobSnapshot,
  { acceptFailure }: WaitSettings
): Result.Result<JobSnapshot, JobFailedError> =>
  !acceptFailure && (snapshot.phase === "failed" || snapshot.phase === "cancelled")
    ? Result.fail(new JobFailedError({ ref: snapshot.ref, snapshot }))
    : Result.succeed(snapshot)

const anHour = 3_600_000

/** Answers that will be the same next time: redirects, and refusals other than "not now". */
const isPermanent = (error: RequestError): error is Extract<RequestError, { readonly status: number }> =>
  (error._tag === "ProblemDetailsError" || error._tag === "ApiError") &&
  !error.retryable &&
  error.status >= 300 &&
  error.status < 500
