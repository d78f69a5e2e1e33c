/**
 * A job's changes, taken one by one: the consumer sets the pace.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Pull from "effect/Pull"
import type * as Scope from "effect/Scope"
import type { JobRef } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import type { JobPoller } from "./JobPoller.ts"
import { Observer, type WaitError } from "./Observer.ts"
import type { WaitSettings } from "./WaitOptions.ts"

/** A job's changes as a pull, for as long as the scope is open. */
export const changesOf = Effect.fnUntraced(function* (
  poller: JobPoller,
  ref: JobRef,
  settings: WaitSettings
): Effect.fn.Return<Pull.Pull<JobSnapshot, WaitError>, never, Scope.Scope> {
  const context = yield* Effect.context<never>()
  const watch = yield* Effect.acquireRelease(
    Effect.sync(() => new Watch(poller, ref, settings, context)),
    (watch) => Effect.sync(() => watch.close())
  )
  return watch.pull
})

class Watch extends Observer {
  readonly #poller: JobPoller
  /** The change that was not taken yet: a newer one takes its place, so a slow consumer costs no memory. */
  #change: JobSnapshot | undefined
  #end: Exit.Exit<never, WaitError | Cause.Done> | undefined
  #take: ((next: Exit.Exit<JobSnapshot, WaitError | Cause.Done>) => void) | undefined

  constructor(poller: JobPoller, ref: JobRef, settings: WaitSettings, context: Context.Context<never>) {
    super(ref, settings)
    this.#poller = poller
    poller.join(ref, settings.policy, this, context)
  }

  /** Only a consumer that wants the next change makes the job be polled. */
  override get isReady(): boolean {
    return this.#take !== undefined
  }

  readonly pull: Pull.Pull<JobSnapshot, WaitError> = Effect.callback((resume) => {
    this.#take = resume
    this.#give()
    if (this.isReady) this.#poller.resume(this)
    return Effect.sync(() => {
      this.#take = undefined
    })
  })

  close(): void {
    this.#poller.leave(this)
  }

  protected override onChange(snapshot: JobSnapshot): void {
    this.#change = snapshot
    if (snapshot.isTerminal) this.#end = Exit.fail(Cause.Done())
    this.#give()
  }

  protected override onFailure(error: WaitError): void {
    this.#finish(Exit.fail(error))
  }

  override onBroken(cause: Cause.Cause<never>): void {
    this.#finish(Exit.failCause(cause))
  }

  #finish(end: Exit.Exit<never, WaitError>): void {
    this.#end ??= end
    this.#give()
  }

  /** Hands over what there is to a consumer that waits: first the last change, then the end. */
  #give(): void {
    const next = this.#change === undefined ? this.#end : Exit.succeed(this.#change)
    if (this.#take === undefined || next === undefined) return
    const take = this.#take
    this.#take = undefined
    this.#change = undefined
    take(next)
  }
}
