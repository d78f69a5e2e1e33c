/**
 * How often a job was polled, and with which responses.
 *
 * @module
 */
import type { RequestError } from "../errors/Errors.ts"
import type { PollCounts, TrackedJob } from "./TrackedJob.ts"

/** Counts a failed poll by its HTTP status, or as one without a response, as is one that was interrupted. */
export const countFailure = (job: TrackedJob, error: RequestError | undefined): void => {
  const status = error !== undefined && "status" in error ? String(error.status) : "none"
  job.failedWith ??= new Map()
  job.failedWith.set(status, (job.failedWith.get(status) ?? 0) + 1)
}

/** The polls of a job so far, including one in flight. */
export const pollCountsOf = (
  { failedWith, polls, ticket }: TrackedJob,
  inFlight = ticket === undefined ? 0 : 1
): PollCounts => {
  const failed = new Map(failedWith)
  const read = [...failed.values()].reduce((left, count) => left - count, polls) + (failed.get("200") ?? 0)
  const none = (failed.get("none") ?? 0) + inFlight
  return {
    polls: polls + inFlight,
    responses: { ...Object.fromEntries(failed), ...(read > 0 ? { "200": read } : {}), ...(none > 0 ? { none } : {}) }
  }
}

/** The polls since an earlier count. */
export const pollCountsSince = (before: PollCounts | undefined, counts: PollCounts): PollCounts =>
  before === undefined
    ? counts
    : {
        polls: counts.polls - before.polls,
        responses: Object.fromEntries(
          Object.entries(counts.responses)
            .map(([status, count]) => [status, count - (before.responses[status] ?? 0)] as const)
            .filter(([, count]) => count > 0)
        )
      }
