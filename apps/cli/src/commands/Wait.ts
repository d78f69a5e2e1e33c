/**
 * `ttd-jobs wait`: block until all jobs have ended.
 *
 * @module
 */
import { Effect } from "effect"
import { codeOf, withFollowedJobs } from "../client/FollowedJobs.ts"
import { ignoreClosedPipe } from "../exit/Failure.ts"
import type { Invocation } from "../input/Commands.ts"

/** Prints the outcome of each job; the exit code is that of the worst. */
export const run = (invocation: Invocation<"wait">) =>
  withFollowedJobs(invocation, false, ({ all, display }) =>
    Effect.gen(function* () {
      const outcomes = yield* all
      // A closed pipe does not change the outcome.
      yield* ignoreClosedPipe(display.finish)
      return codeOf(outcomes, invocation.options)
    })
  )
