/**
 * Waiting for jobs and showing how they get there: what `wait`, `watch` and `download` have in common.
 *
 * @module
 */
import { type JobRef, JobStatus, type WaitEvent, type WaitOptions, type WaitOutcome } from "@ttd-jobs/core"
import { type Cause, Effect, Fiber, Latch, Queue, Result, type Scope } from "effect"
import { displayFor } from "../display/Display.ts"
import type { Display } from "../display/DisplayOptions.ts"
import type { OutputError, Streams } from "../display/Streams.ts"
import * as ExitCode from "../exit/ExitCode.ts"
import { type Failure, ignoreClosedPipe, isUnauthorised } from "../exit/Failure.ts"
import { resumeWaitHint, withResumeHint } from "../exit/Interruption.ts"
import type { Invocation, Options } from "../input/Commands.ts"
import { readReferences } from "../input/References.ts"
import type { Settings } from "../input/Settings.ts"
import { type CommandContext, withCommandContext } from "./CommandContext.ts"
import { makeUnreadableJobs } from "./UnreadableJobs.ts"

/** Jobs that are waited for, and the display that shows them. */
export interface FollowedJobs {
  readonly display: Display
  /** Waits until all jobs have ended, or until it is clear that there is no use in waiting. Outcomes come as jobs end. */
  readonly all: Effect.Effect<ReadonlyArray<WaitOutcome>, Failure>
}

/** Runs a command that follows the jobs it names, to the exit code that `conclude` makes of what came of them. */
export const withFollowedJobs = <R>(
  invocation: Invocation<"wait" | "watch">,
  changesAreResults: boolean,
  conclude: (
    followed: FollowedJobs & CommandContext & { readonly refs: ReadonlyArray<JobRef> }
  ) => Effect.Effect<ExitCode.ExitCode, Failure, R>
) =>
  withCommandContext(invocation, (context) =>
    Effect.gen(function* () {
      const refs = yield* readReferences(invocation.operands)
      return yield* conclude({ ...context, ...(yield* followJobs(invocation, refs, context, changesAreResults)), refs })
    }).pipe(withResumeHint(resumeWaitHint(invocation)))
  )

/** The options of every command that follows jobs. */
export interface FollowInput {
  readonly options: Pick<Options<"wait">, "progress" | "allowPartial">
}

/** Begins to show jobs; `all` begins to wait for them. */
export const followJobs = Effect.fnUntraced(function* (
  { options }: FollowInput,
  refs: ReadonlyArray<JobRef>,
  {
    codes,
    isDownload = false,
    report,
    settings
  }: Pick<CommandContext, "codes" | "report" | "settings"> & { readonly isDownload?: boolean },
  changesAreResults: boolean
): Effect.fn.Return<FollowedJobs, OutputError, JobStatus | Scope.Scope | Streams> {
  const jobs = yield* JobStatus
  const display = yield* displayFor({
    refs,
    changesAreResults,
    progress: options.progress,
    json: settings.json,
    quiet: settings.quiet,
    verbose: settings.verbose,
    isEndless: settings.timeout === undefined,
    isDownload,
    report
  })

  const all = Effect.gen(function* () {
    const events = yield* Queue.unbounded<WaitEvent, Cause.Done>()
    // A wait goes on when its output fails; there is nothing left to do for a watch.
    const output = changesAreResults ? failFast : failLate()
    const showing = yield* Effect.forkChild(show((event) => output.run(display.handle(event)), events))
    const outcomes: Array<WaitOutcome> = []
    const refusal = Latch.makeUnsafe()
    const unreadable = settings.timeout === undefined ? makeUnreadableJobs(refs.length) : undefined
    const onProgress = (event: WaitEvent) => {
      if (refusal.isOpen()) return
      Queue.offerUnsafe(events, event)
      const outcome = outcomeIn(event)
      if (outcome !== undefined) {
        outcomes.push(outcome)
        codes.push(codeOf([outcome], options))
        // A token that is rejected for one job is rejected for all.
        if (Result.isFailure(outcome) && isUnauthorised(outcome.failure)) refusal.openUnsafe()
      }
      const refused = unreadable?.handle(event) ?? []
      for (const end of refused) {
        Queue.offerUnsafe(events, end)
        outcomes.push(Result.fail(end.error))
        codes.push(ExitCode.ofFailure(end.error))
      }
      if (refused.length > 0) refusal.openUnsafe()
    }
    // All in one wait: a fiber for each would cost several kilobytes a job.
    const waiting = Effect.raceFirst(jobs.waitAll(refs, waitOptions(settings, onProgress)), refusal.await)
    yield* Effect.raceFirst(waiting, Effect.andThen(Fiber.join(showing), Effect.never))
    yield* Queue.end(events)
    yield* Fiber.join(showing)
    yield* output.end
    return outcomes
  })
  return { display, all }
})

/** When an error of standard output ends the command. */
interface OutputPolicy {
  readonly run: (effect: Effect.Effect<void, OutputError>) => Effect.Effect<void, OutputError>
  readonly end: Effect.Effect<void, OutputError>
}

const failFast: OutputPolicy = { run: (effect) => effect, end: Effect.void }

const failLate = (): OutputPolicy => {
  let failure: OutputError | undefined
  return {
    run: Effect.catch((error) =>
      Effect.sync(() => {
        failure ??= error
      })
    ),
    end: Effect.suspend(() => (failure === undefined ? Effect.void : ignoreClosedPipe(Effect.fail(failure))))
  }
}

/** What an event says of a job's end, if it is the one that does. */
const outcomeIn = (event: WaitEvent): WaitOutcome | undefined => {
  if (event._tag === "Refused" || event._tag === "TimedOut") return Result.fail(event.error)
  return event._tag === "Changed" && event.snapshot.isTerminal ? Result.succeed(event.snapshot) : undefined
}

/** The exit code of what came of a command's jobs: that of the worst. */
export const codeOf = (
  outcomes: ReadonlyArray<WaitOutcome>,
  { allowPartial }: { readonly allowPartial: boolean }
): ExitCode.ExitCode =>
  ExitCode.worst(
    outcomes.map((outcome) =>
      Result.isSuccess(outcome)
        ? ExitCode.ofPhase(outcome.success.phase, allowPartial)
        : ExitCode.ofFailure(outcome.failure)
    )
  )

const show = (handle: Display["handle"], events: Queue.Dequeue<WaitEvent, Cause.Done>) =>
  Effect.forever(Effect.flatMap(Queue.take(events), handle)).pipe(Effect.catchTag("Done", () => Effect.void))

const waitOptions = ({ interval, timeout }: Settings, onProgress: (event: WaitEvent) => void): WaitOptions => ({
  timeout: timeout?.millis ?? "Infinity",
  poll: interval === undefined ? undefined : { interval: interval.millis },
  // What became of a job is told by its snapshot and the exit code.
  acceptFailure: true,
  onProgress
})
