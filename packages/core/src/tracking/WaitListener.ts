/**
 * The watcher of a wait: passes events on to `onProgress`, and a listener that throws ends its own wait and no other.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Result from "effect/Result"
import { JobFailedError, type RequestError, type WaitTimeoutError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import { isFailed } from "../model/index.ts"
import type { JobTrackerEvent, WaitEvent } from "./JobEvent.ts"
import { Watcher } from "./TrackedJob.ts"
import type { Tracker } from "./Tracker.ts"
import type { WaitSettings } from "./WaitOptions.ts"

/** Why a wait ends without the job's success. */
export type WaitError = JobFailedError | WaitTimeoutError | RequestError

/** The watcher of a wait. */
export abstract class WaitListener extends Watcher<WaitSettings> {
  protected readonly tracker: Tracker

  constructor(tracker: Tracker, ref: JobRef, settings: WaitSettings) {
    super(ref, settings)
    this.tracker = tracker
  }

  protected abstract onChange(snapshot: JobSnapshot): void
  protected abstract onEnd(snapshot: JobSnapshot): void
  protected abstract onError(error: RequestError | WaitTimeoutError): void

  override receive(event: JobTrackerEvent): void {
    if (event._tag === "Ended") this.onEnd(event.snapshot)
    else if (!this.#passOn(event)) return
    else if (event._tag === "Changed") this.onChange(event.snapshot)
    else if (event._tag === "Refused" || event._tag === "TimedOut") this.onError(event.error)
  }

  /** Returns whether the listener took the event. */
  #passOn(event: WaitEvent): boolean {
    const returned = Result.try(() => this.settings.onProgress?.(event))
    if (Result.isFailure(returned)) {
      this.#break(returned.failure)
      return false
    }
    // An async function is accepted as a listener too, whose rejection would be lost.
    if (returned.success instanceof Promise) returned.success.catch((error) => this.#break(error))
    return true
  }

  #break(error: unknown): void {
    this.tracker.leave(this)
    this.fail(Cause.die(error))
  }
}

/** What a wait makes of a job that has ended. */
export const outcomeOf = (
  snapshot: JobSnapshot,
  { acceptFailure }: WaitSettings
): Result.Result<JobSnapshot, JobFailedError> =>
  !acceptFailure && isFailed(snapshot.phase)
    ? Result.fail(JobFailedError.of({ ref: snapshot.ref, snapshot }))
    : Result.succeed(snapshot)
