/**
 * Looks up the status of one job, with its retries reported.
 *
 * @module
 */
import {
  type InvalidSettingError,
  type JobRef,
  type JobSnapshot,
  JobStatus,
  type JobStatusOptions,
  type RequestError,
  RetryPolicy
} from "@ttd-jobs/core"
import { Clock, Duration, Effect, Schedule } from "effect"
import { eventMessage } from "../display/EventMessage.ts"
import { makePollFailures } from "../display/PollFailures.ts"

/** A way to look up jobs. `lastError` is why a job's status is not known yet. */
export interface StatusLookup {
  readonly get: (ref: JobRef) => Effect.Effect<JobSnapshot, RequestError>
  readonly lastError: (ref: JobRef) => RequestError | undefined
}

/** What is needed besides the client. */
export interface StatusLookupOptions {
  readonly retry: JobStatusOptions["retry"]
  /** Whether nothing but the jobs ends the command. */
  readonly isEndless: boolean
  /** Writes a warning; the same cause comes once a minute, whichever job it is about. */
  readonly warn: (line: string) => Effect.Effect<void>
}

/** Lookups with the client of the context. */
export const statusLookup = Effect.fnUntraced(function* ({
  isEndless,
  retry,
  warn
}: StatusLookupOptions): Effect.fn.Return<StatusLookup, InvalidSettingError, JobStatus> {
  const jobs = yield* JobStatus
  const policy = retry === false ? undefined : yield* Effect.fromResult(RetryPolicy.make(retry))
  const lastErrors = new Map<string, RequestError>()
  const failures = makePollFailures(isEndless)

  const report = Effect.fnUntraced(function* (ref: string, error: RequestError, failed: number, retryIn: number) {
    const event = { _tag: "PollFailed", ref, error, failures: failed, failingFor: 0, retryIn } as const
    const now = yield* Clock.currentTimeMillis
    const { advice, isDue } = failures.failed(event, now)
    if (!isDue) return
    yield* warn(eventMessage(event, now))
    if (advice !== undefined) yield* warn(`  ${advice}`)
  })

  const get: StatusLookup["get"] = (ref) => {
    // Without retries in the client, which would be silent. A `JobRef` is valid, and so are these options.
    const attempt = jobs.get(ref, { retry: false }).pipe(
      Effect.catchTags({ InvalidJobRefError: Effect.die, InvalidSettingError: Effect.die }),
      Effect.tapError((error) => Effect.sync(() => void lastErrors.set(String(ref), error)))
    )
    if (policy === undefined) return attempt
    const schedule = Schedule.tap(RetryPolicy.schedule(policy), ({ attempt, duration, input }) =>
      report(String(ref), input, attempt, Duration.toMillis(duration))
    )
    return Effect.tap(Effect.retry(attempt, schedule), () => Effect.sync(failures.succeeded))
  }

  return { get, lastError: (ref: JobRef) => lastErrors.get(String(ref)) }
})
