/**
 * Waiting for jobs to end, and watching how they get there.
 *
 * Three kinds of outcome are never mixed: what became of the job (a snapshot, or `JobFailedError`), why it could not be asked for
 * (a `RequestError`), and why we stopped asking (`WaitTimeoutError`). Giving up never touches the job upstream.
 *
 * @module
 */
import * as Arr from "effect/Array"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Pull from "effect/Pull"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { InvalidJobRefError, InvalidSettingError } from "../errors/Errors.ts"
import { JobRef, type JobRefInput } from "../JobRef.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import type { JobPoller } from "./JobPoller.ts"
import { Observer, outcomeOf, type WaitError } from "./Observer.ts"
import { type WaitOptions, type WaitSettings, waitSettingsOf } from "./WaitOptions.ts"
import { changesOf } from "./Watch.ts"

/** What became of one of many jobs, or why it is not known. */
export type WaitOutcome = Result.Result<JobSnapshot, WaitError>

/** Why a wait does not begin. */
export type WaitRefusal = InvalidJobRefError | InvalidSettingError

/** Waiting and watching. */
export interface Waiting {
  /**
   * Waits until a job has ended. Trouble that may pass (5XX, 408, 425, 429, connection, timeout, an answer that is empty or cannot be
   * read) is ridden out and told to `onProgress`; other refusals, and a GraphQL answer without a job, end the wait at once. `Failure`
   * and `Cancelled` are a `JobFailedError`, a deadline that passed is a `WaitTimeoutError`.
   */
  readonly wait: (ref: JobRefInput, options?: WaitOptions) => Effect.Effect<JobSnapshot, WaitRefusal | WaitError>
  /** Waits for many jobs under one deadline; outcomes come in the order asked, and one never disturbs another. */
  readonly waitAll: (
    refs: Iterable<JobRefInput>,
    options?: WaitOptions
  ) => Effect.Effect<ReadonlyArray<WaitOutcome>, WaitRefusal>
  /**
   * Takes a job's changes one by one, the terminal snapshot last, for as long as the scope is open. While nobody takes the next
   * change the job is not polled on its behalf.
   */
  readonly changes: (
    ref: JobRefInput,
    options?: WaitOptions
  ) => Effect.Effect<Pull.Pull<JobSnapshot, WaitError>, WaitRefusal, Scope.Scope>
}

/** Waiting on top of a poller. */
export const make = (poller: JobPoller): Waiting => ({
  wait: (input, options) =>
    Effect.flatMap(read([input], options), ({ refs, settings }) =>
      Effect.flatMap(awaitAll(poller, refs, settings), (outcomes) =>
        Effect.fromResult(Option.getOrThrow(Arr.head(outcomes)))
      )
    ),
  waitAll: (inputs, options) =>
    Effect.flatMap(read(inputs, options), ({ refs, settings }) => awaitAll(poller, refs, settings)),
  changes: (input, options) =>
    Effect.flatMap(read([input], options), ({ refs, settings }) =>
      changesOf(poller, Option.getOrThrow(Arr.head(refs)), settings)
    )
})

interface Asked {
  readonly refs: ReadonlyArray<JobRef>
  readonly settings: WaitSettings
}

/** Reads what a wait that begins now was given. */
const read = (inputs: Iterable<JobRefInput>, options: WaitOptions = {}): Effect.Effect<Asked, WaitRefusal> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.fromResult(
      Result.gen(function* () {
        const refs = yield* Result.all(Array.from(inputs, (input) => JobRef.parse(input)))
        return { refs, settings: yield* waitSettingsOf(options, refs, now) }
      })
    )
  )

/** Waits for many jobs in one callback: no fiber and no timer for each of them. */
const awaitAll = (
  poller: JobPoller,
  refs: ReadonlyArray<JobRef>,
  settings: WaitSettings
): Effect.Effect<ReadonlyArray<WaitOutcome>> =>
  Effect.contextWith((context: Context.Context<never>) =>
    Effect.callback((resume) => {
      const outcomes: Array<WaitOutcome> = []
      let left = refs.length
      const onExit: OnExit = (index, exit) => {
        if (Exit.isFailure(exit)) return end(Exit.failCause(exit.cause))
        outcomes[index] = exit.value
        left -= 1
        if (left === 0) end(Exit.succeed(outcomes))
      }
      const waiters = refs.map((ref, index) => new Waiter(ref, settings, index, onExit))
      const leaveAll = () => {
        for (const waiter of waiters) poller.leave(waiter)
      }
      const end = (exit: Exit.Exit<ReadonlyArray<WaitOutcome>>) => {
        leaveAll()
        resume(exit)
      }
      for (const waiter of waiters) poller.join(waiter.ref, settings.policy, waiter, context)
      if (left === 0) resume(Exit.succeed(outcomes))
      return Effect.sync(leaveAll)
    })
  )

type OnExit = (index: number, exit: Exit.Exit<WaitOutcome>) => void

/** One of the jobs that somebody waits for. */
class Waiter extends Observer {
  readonly isReady = true
  readonly #index: number
  readonly #onExit: OnExit

  constructor(ref: JobRef, settings: WaitSettings, index: number, onExit: OnExit) {
    super(ref, settings)
    this.#index = index
    this.#onExit = onExit
  }

  protected override onChange(snapshot: JobSnapshot): void {
    if (snapshot.isTerminal) this.#onExit(this.#index, Exit.succeed(outcomeOf(snapshot, this.settings)))
  }

  protected override onFailure(error: WaitError): void {
    this.#onExit(this.#index, Exit.succeed(Result.fail(error)))
  }

  override onBroken(cause: Cause.Cause<never>): void {
    this.#onExit(this.#index, Exit.failCause(cause))
  }
}
