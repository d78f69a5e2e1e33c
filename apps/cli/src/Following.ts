/**
 * Waiting for jobs and showing how they get there: what `wait` and `watch` have in common.
 *
 * @module
 */
import { type JobRef, JobStatus, type WaitEvent, type WaitOptions } from "@ttd-jobs/core"
import { type Cause, Effect, Fiber, Queue, Result, type Scope } from "effect"
import type { Asking } from "./Asking.ts"
import { type Display, displayFor, type Ended, type Outcome } from "./Display.ts"
import * as ExitCode from "./ExitCode.ts"
import { isUnauthorised } from "./Failure.ts"
import { type Invocation, isSet, textOf } from "./Invocation.ts"
import type { Settings } from "./Settings.ts"
import type { ClosedPipeError, Streams } from "./Streams.ts"

/** Jobs that are waited for, and the display that shows them. */
export interface Following {
  readonly display: Display
  /** Waits until all jobs have ended, or until it is clear that there is no use in waiting. */
  readonly all: Effect.Effect<ReadonlyArray<Outcome>, ClosedPipeError>
}

/** Begins to show jobs; `all` begins to wait for them. */
export const follow = Effect.fnUntraced(function* (
  invocation: Invocation,
  refs: ReadonlyArray<JobRef>,
  { report, settings }: Pick<Asking, "report" | "settings">,
  changesAreResults: boolean
): Effect.fn.Return<Following, ClosedPipeError, JobStatus | Scope.Scope | Streams> {
  const jobs = yield* JobStatus
  const display = yield* displayFor({
    refs,
    changesAreResults,
    progress: progressOf(invocation),
    json: settings.json,
    quiet: settings.quiet,
    verbose: settings.verbose,
    report
  })

  const all = Effect.gen(function* () {
    const events = yield* Queue.unbounded<WaitEvent | Ended, Cause.Done>()
    // One who only waits goes on when nobody reads any more; one who watches has nothing left to do.
    const take: Display["take"] = changesAreResults ? display.take : (event) => Effect.ignore(display.take(event))
    const showing = yield* Effect.forkChild(show(take, events))
    const options = waitOptions(settings, (event) => void Queue.offerUnsafe(events, event))
    const outcomes: Array<Outcome> = []
    const waitFor = (ref: JobRef) =>
      Effect.flatMap(Effect.result(jobs.wait(ref, options)), (outcome) => {
        Queue.offerUnsafe(events, { _tag: "Ended", ref: String(ref), outcome })
        outcomes.push(outcome)
        // A token that is refused for one job is refused for all.
        return Result.isFailure(outcome) && isUnauthorised(outcome.failure) ? Effect.fail("unauthorised") : Effect.void
      })
    const waiting = Effect.ignore(Effect.forEach(refs, waitFor, { concurrency: "unbounded", discard: true }))
    yield* Effect.raceFirst(waiting, Effect.andThen(Fiber.join(showing), Effect.never))
    yield* Queue.end(events)
    yield* Fiber.join(showing)
    return outcomes
  })
  return { display, all }
})

/** The exit code of what came of a command's jobs: that of the worst. */
export const codeOf = (outcomes: ReadonlyArray<Outcome>, invocation: Invocation): ExitCode.ExitCode =>
  ExitCode.worst(
    outcomes.map((outcome) =>
      Result.isSuccess(outcome)
        ? ExitCode.ofPhase(outcome.success.phase, isSet(invocation, "allow-partial"))
        : ExitCode.ofFailure(outcome.failure)
    )
  )

const show = (take: Display["take"], events: Queue.Dequeue<WaitEvent | Ended, Cause.Done>) =>
  Effect.forever(Effect.flatMap(Queue.take(events), take)).pipe(Effect.catchTag("Done", () => Effect.void))

const waitOptions = ({ interval, timeout }: Settings, onProgress: (event: WaitEvent) => void): WaitOptions => ({
  timeout: timeout ?? "Infinity",
  poll: interval === undefined ? undefined : { interval },
  // What became of a job is told by its snapshot and the exit code.
  acceptFailure: true,
  onProgress
})

/** How progress is to be shown. */
export const progressOf = (invocation: Invocation) => {
  const progress = textOf(invocation, "progress")
  return progress === "plain" || progress === "none" ? progress : "auto"
}
