/**
 * A job's changes as a pull: the consumer sets the pace.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Pull from "effect/Pull"
import type * as Scope from "effect/Scope"
import type { RequestError, WaitTimeoutError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import type { Tracker } from "./Tracker.ts"
import { type WaitError, WaitListener } from "./WaitListener.ts"
import type { WaitSettings } from "./WaitOptions.ts"

/** A job's changes as a pull, for as long as the scope is open. */
export const changesOf = Effect.fnUntraced(function* (
  tracker: Tracker,
  ref: JobRef,
  settings: WaitSettings
): Effect.fn.Return<Pull.Pull<JobSnapshot, WaitError>, never, Scope.Scope> {
  const watch = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const watch = new Watch(tracker, ref, settings)
      tracker.join(watch)
      return watch
    }),
    (watch) => Effect.sync(() => tracker.leave(watch))
  )
  return watch.pull
})

class Watch extends WaitListener {
  /** The change that was not pulled yet: a newer one takes its place, so that a slow consumer costs no memory. */
  #change: JobSnapshot | undefined
  #end: Exit.Exit<never, WaitError | Cause.Done> | undefined
  #take: ((next: Exit.Exit<JobSnapshot, WaitError | Cause.Done>) => void) | undefined

  /** Only a consumer that pulls the next change makes the job be polled. */
  override get isReady(): boolean {
    return this.#take !== undefined
  }

  readonly pull: Pull.Pull<JobSnapshot, WaitError> = Effect.callback((resume) => {
    this.#take = resume
    this.#give()
    if (this.isReady) this.tracker.becomeReady(this)
    return Effect.sync(() => {
      this.#take = undefined
    })
  })

  protected override onChange(snapshot: JobSnapshot): void {
    this.#change = snapshot
    this.#give()
  }

  protected override onEnd(): void {
    this.#finish(Exit.fail(Cause.Done()))
  }

  protected override onError(error: RequestError | WaitTimeoutError): void {
    this.#finish(Exit.fail(error))
  }

  override fail(cause: Cause.Cause<never>): void {
    this.#finish(Exit.failCause(cause))
  }

  #finish(end: Exit.Exit<never, WaitError | Cause.Done>): void {
    this.#end ??= end
    this.#give()
  }

  /** Gives what there is to a consumer that pulls: first the last change, then the end. */
  #give(): void {
    const next = this.#change === undefined ? this.#end : Exit.succeed(this.#change)
    if (this.#take === undefined || next === undefined) return
    const take = this.#take
    this.#take = undefined
    this.#change = undefined
    take(next)
  }
}
