/**
 * `ttd-jobs watch`: a live table of jobs.
 *
 * @module
 */
import { type JobRef, JobStatus } from "@ttd-jobs/core"
import { Duration, Effect } from "effect"
import { codeOf, withFollowedJobs } from "../client/FollowedJobs.ts"
import type { Display } from "../display/DisplayOptions.ts"
import type { Invocation } from "../input/Commands.ts"
import type { GivenDuration } from "../input/Flag.ts"

/** Watches until all jobs have ended; with `--follow` until it is interrupted. */
export const run = (invocation: Invocation<"watch">) =>
  withFollowedJobs(invocation, true, ({ all, display, limit, refs, settings }) =>
    Effect.gen(function* () {
      const outcomes = yield* all
      if (invocation.options.follow) return yield* limit(pollForExpiry(refs, display, settings.interval))
      yield* display.finish
      return codeOf(outcomes, invocation.options)
    })
  )

/** Polls ended jobs, which change once more: when their results expire. */
const pollForExpiry = Effect.fnUntraced(function* (
  refs: ReadonlyArray<JobRef>,
  display: Display,
  interval: GivenDuration | undefined
) {
  const jobs = yield* JobStatus
  const phases = new Map<string, string>()
  const poll = (ref: JobRef) =>
    Effect.flatMap(Effect.option(jobs.get(ref)), (found) => {
      if (found._tag === "None") return Effect.void
      const snapshot = found.value
      const isNew = phases.has(snapshot.ref) && phases.get(snapshot.ref) !== snapshot.phase
      phases.set(snapshot.ref, snapshot.phase)
      return isNew ? display.handle({ _tag: "Changed", ref: snapshot.ref, snapshot }) : Effect.void
    })
  return yield* Effect.forever(
    Effect.delay(
      Effect.forEach(refs, poll, { concurrency: "unbounded", discard: true }),
      interval?.millis ?? Duration.minutes(1)
    )
  )
})
