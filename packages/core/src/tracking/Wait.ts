/**
 * `wait`, `waitAll` and `watch` on a tracker.
 *
 * Three kinds of outcome are never mixed: the job's outcome (a snapshot, or `JobFailedError`), why a request failed (a `RequestError`), and
 * why waiting stopped (`WaitTimeoutError`). The end of a wait never touches the job upstream.
 *
 * @module
 */
import * as Arr from "effect/Array"
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Pull from "effect/Pull"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import type { InvalidJobRefError, InvalidSettingError, RequestError, WaitTimeoutError } from "../errors/Errors.ts"
import { JobRef, type JobRefInput } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import type { Tracker } from "./Tracker.ts"
import { outcomeOf, type WaitError, WaitListener } from "./WaitListener.ts"
import { type WaitOptions, type WaitSettings, waitSettingsOf } from "./WaitOptions.ts"
import { changesOf } from "./Watch.ts"

/** The outcome of one of many jobs, or why it is not known. */
export type WaitOutcome = Result.Result<JobSnapshot, WaitError>

/** Why a wait does not begin. */
export type WaitRefusal = InvalidJobRefError | InvalidSettingError

/** Waiting and watching. */
export interface Waiting {
  /**
   * Waits until a job has ended. Transient errors (5XX, 408, 425, 429, connection, timeout, a response that is empty or unreadable) are
   * reported to `onProgress`, and polling continues; permanent ones, and a GraphQL response without a job, end the wait at once. `Failure`
   * and `Cancelled` are a `JobFailedError`, a deadline that passed is a `WaitTimeoutError`.
   */
  readonly wait: (ref: JobRefInput, options?: WaitOptions) => Effect.Effect<JobSnapshot, WaitRefusal | WaitError>
  /** Waits for many jobs with one deadline; outcomes are in the order of the references, and one never affects another. */
  readonly waitAll: (
    refs: Iterable<JobRefInput>,
    options?: WaitOptions
  ) => Effect.Effect<ReadonlyArray<WaitOutcome>, WaitRefusal>
  /**
   * A job's changes as a pull, the terminal snapshot last, for as long as the scope is open. Between two pulls the job is not polled on
   * its behalf.
   */
  readonly changes: (
    ref: JobRefInput,
    options?: WaitOptions
  ) => Effect.Effect<Pull.Pull<JobSnapshot, WaitError>, WaitRefusal, Scope.Scope>
}

/** Waiting on a tracker. */
export const make = (tracker: Tracker): Waiting => ({
  wait: (input, options) =>
    Effect.flatMap(read(tracker, [input], options), ({ refs, settings }) =>
      Effect.flatMap(awaitAll(tracker, refs, settings), (outcomes) =>
        Effect.fromResult(Option.getOrThrow(Arr.head(outcomes)))
      )
    ),
  waitAll: (inputs, options) =>
    Effect.flatMap(read(tracker, inputs, options), ({ refs, settings }) => awaitAll(tracker, refs, settings)),
  changes: (input, options) =>
    Effect.flatMap(read(tracker, [input], options), ({ refs, settings }) =>
      changesOf(tracker, Option.getOrThrow(Arr.head(refs)), settings)
    )
})

/** Reads what a wait that begins now was given. Many references are read in slices: Effect yields to the event loop in between. */
const read = Effect.fnUntraced(function* (
  tracker: Tracker,
  inputs: Iterable<JobRefInput>,
  options: WaitOptions = {}
): Effect.fn.Return<{ readonly refs: ReadonlyArray<JobRef>; readonly settings: WaitSettings }, WaitRefusal> {
  const refs = yield* Effect.forEach(inputs, (input) => Effect.fromResult(JobRef.parse(input)))
  const span = Option.getOrUndefined(Context.getOption(yield* Effect.context<never>(), Tracer.ParentSpan))
  return { refs, settings: yield* Effect.fromResult(waitSettingsOf(options, refs, tracker.time(), span)) }
})

/** Waits for many jobs in one callback: no fiber and no timer for each of them. */
const awaitAll = (
  tracker: Tracker,
  refs: ReadonlyArray<JobRef>,
  settings: WaitSettings
): Effect.Effect<ReadonlyArray<WaitOutcome>> =>
  Effect.callback((resume) => {
    const group = new WaitGroup(tracker, refs, settings, resume)
    group.join()
    return group.leave
  })

/** The waits of one `waitAll`. They begin and are left in slices, so that thousands of them do not block the event loop. */
class WaitGroup {
  readonly outcomes: Array<WaitOutcome> = []
  readonly #tracker: Tracker
  readonly #refs: ReadonlyArray<JobRef>
  readonly #settings: WaitSettings
  readonly #resume: (outcome: Effect.Effect<ReadonlyArray<WaitOutcome>>) => void
  readonly #waiters: Array<Waiter> = []
  #left: number
  isOver = false

  constructor(
    tracker: Tracker,
    refs: ReadonlyArray<JobRef>,
    settings: WaitSettings,
    resume: (outcome: Effect.Effect<ReadonlyArray<WaitOutcome>>) => void
  ) {
    this.#tracker = tracker
    this.#refs = refs
    this.#settings = settings
    this.#resume = resume
    this.#left = refs.length
    if (refs.length === 0) this.#end(Effect.succeed(this.outcomes))
  }

  join(): void {
    for (let count = 0; count < sliceSize && !this.isOver; count++) {
      const index = this.#waiters.length
      const ref = this.#refs[index]
      if (ref === undefined) return
      const waiter = new Waiter(this.#tracker, ref, this.#settings, this, index)
      this.#waiters.push(waiter)
      this.#tracker.join(waiter)
    }
    if (!this.isOver && this.#waiters.length < this.#refs.length) this.#tracker.later(() => this.join())
  }

  settle(index: number, outcome: WaitOutcome): void {
    this.outcomes[index] = outcome
    this.#left -= 1
    if (this.#left === 0) this.#end(Effect.succeed(this.outcomes))
  }

  /** One wait broke, which ends them all. */
  fail(cause: Cause.Cause<never>): void {
    if (!this.isOver) this.#end(Effect.andThen(this.leave, Effect.failCause(cause)))
  }

  #end(outcome: Effect.Effect<ReadonlyArray<WaitOutcome>>): void {
    this.isOver = true
    this.#resume(outcome)
  }

  /** Leaves all jobs. From the first moment none of them is polled any more. */
  readonly leave: Effect.Effect<void> = Effect.suspend(() => {
    this.isOver = true
    for (let count = 0; count < sliceSize; count++) {
      const waiter = this.#waiters.pop()
      if (waiter === undefined) return Effect.void
      this.#tracker.leave(waiter)
    }
    return Effect.andThen(Effect.yieldNow, this.leave)
  })
}

/** One of the jobs that somebody waits for. */
class Waiter extends WaitListener {
  readonly #group: WaitGroup
  readonly #index: number

  constructor(tracker: Tracker, ref: JobRef, settings: WaitSettings, group: WaitGroup, index: number) {
    super(tracker, ref, settings)
    this.#group = group
    this.#index = index
  }

  override get isReady(): boolean {
    return !this.#group.isOver
  }

  protected override onChange(): void {}

  protected override onEnd(snapshot: JobSnapshot): void {
    this.#group.settle(this.#index, outcomeOf(snapshot, this.settings))
  }

  protected override onError(error: RequestError | WaitTimeoutError): void {
    this.#group.settle(this.#index, Result.fail(error))
  }

  override fail(cause: Cause.Cause<never>): void {
    this.#group.fail(cause)
  }
}

/** How many waits begin, or are left, in one turn of the event loop. */
const sliceSize = 250
