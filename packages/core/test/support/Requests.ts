/** Requests for a limiter, without any network. */
import { ApiError, type LimiterRequest } from "@ttd-jobs/core"
import { Effect } from "effect"

/** A request for a job's status, of a caller who waits for any pause. */
export const requestOf = (job = 1, more: Partial<LimiterRequest> = {}): LimiterRequest => ({
  operation: "getJobStatus",
  ref: `standard:${job}`,
  host: "api.example",
  until: Number.POSITIVE_INFINITY,
  ...more
})

/** An attempt that the server refuses; `retryAfter` in milliseconds. */
export const refused = (status: number, retryAfter: number | null = null): Effect.Effect<never, ApiError> =>
  Effect.fail(
    new ApiError({
      operation: "getJobStatus",
      ref: "standard:1",
      host: "api.example",
      status,
      requestId: null,
      contentType: null,
      body: "the account of somebody",
      retryAfter
    })
  )
