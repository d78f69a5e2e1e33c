/**
 * `ttd-jobs watch`: a live table of jobs.
 *
 * @module
 */
import { type JobRef, JobStatus } from "@ttd-jobs/core"
import { Duration, Effect } from "effect"
import { asking } from "../Asking.ts"
import type { Display } from "../Display.ts"
import { codeOf, follow } from "../Following.ts"
import { type Invocation, isSet } from "../Invocation.ts"
import { readReferences } from "../References.ts"
import { jobsGoOn, stoppable } from "../Stopping.ts"

/** Watches until all jobs have ended, or with `--follow` until it is stopped. */
export const run = (invocation: Invocation) =>
  asking(
    invocation,
    Effect.fnUntraced(
      function* (context) {
        const refs = yield* readReferences(invocation.operands)
        const following = yield* follow(invocation, refs, context, true)
        const outcomes = yield* following.all
        if (isSet(invocation, "follow")) {
          return yield* context.limit(keepLooking(refs, following.display, context.settings.interval))
        }
        yield* following.display.end
        return codeOf(outcomes, invocation)
      },
      stoppable(jobsGoOn(invocation))
    )
  )

/** Ended jobs change once more: when their results expire. */
const keepLooking = Effect.fnUntraced(function* (
  refs: ReadonlyArray<JobRef>,
  display: Display,
  interval: Duration.Duration = Duration.minutes(1)
) {
  const jobs = yield* JobStatus
  const phases = new Map<string, string>()
  const look = (ref: JobRef) =>
    Effect.flatMap(Effect.option(jobs.get(ref)), (found) => {
      if (found._tag === "None") return Effect.void
      const snapshot = found.value
      const isNew = phases.has(snapshot.ref) && phases.get(snapshot.ref) !== snapshot.phase
      phases.set(snapshot.ref, snapshot.phase)
      return isNew ? display.take({ _tag: "Changed", ref: snapshot.ref, snapshot }) : Effect.void
    })
  return yield* Effect.forever(
    Effect.delay(Effect.forEach(refs, look, { concurrency: "unbounded", discard: true }), interval)
  )
})
