/**
 * `ttd-jobs wait`: block until all jobs have ended.
 *
 * @module
 */
import { Effect } from "effect"
import { asking } from "../Asking.ts"
import { codeOf, follow } from "../Following.ts"
import type { Invocation } from "../Invocation.ts"
import { readReferences } from "../References.ts"
import { jobsGoOn, stoppable } from "../Stopping.ts"

/** Waits; what became of each job is the result, and the exit code that of the worst. */
export const run = (invocation: Invocation) =>
  asking(
    invocation,
    Effect.fnUntraced(
      function* (context) {
        const refs = yield* readReferences(invocation.operands)
        const following = yield* follow(invocation, refs, context, false)
        const outcomes = yield* following.all
        // The job of this command is to wait: that nobody reads the result changes nothing.
        yield* Effect.ignore(following.display.end)
        return codeOf(outcomes, invocation)
      },
      stoppable(jobsGoOn(invocation))
    )
  )
