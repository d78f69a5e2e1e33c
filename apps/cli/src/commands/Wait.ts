/**
 * `ttd-jobs wait`: block until all jobs have ended.
 *
 * @module
 */
import { Effect } from "effect"
import { codeOf, withFollowedJobs } from "../client/FollowedJobs.ts"
import { ignoreClosedPipe } from "../exit/Failure.ts"
import type { Invocation } from "../input/Commands.ts"

/** Waits; what became of each job is the result, and the exit code that of the worst. */
export const run = (invocation: Invocation<"wait">) =>
  withFollowedJobs(invocation, false, ({ all, display }) =>
    Effect.gen(function* () {
      const outcomes = yield* all
      // The job of this command is to wait: that nobody reads the result changes nothing.
      yield* ignoreClosedPipe(display.finish)
      return codeOf(outcomes, invocation.options)
    })
  )
