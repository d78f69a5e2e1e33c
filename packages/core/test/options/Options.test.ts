import { describe, expect, it } from "@effect/vitest"
import { type InvalidSettingError, JobStatus, type JobStatusOptions, PollSchedule, RetryPolicy } from "@ttd-jobs/core"
import { createClient, isTtdJobsError } from "@ttd-jobs/core/promise"
import { Duration, Effect, Layer, Result } from "effect"

const problemOf = (options: JobStatusOptions) => Effect.flip(Effect.scoped(Layer.build(JobStatus.layer(options))))

const message = <A>(read: Result.Result<A, InvalidSettingError>) =>
  Result.match(read, { onSuccess: () => "", onFailure: (error) => error.message })

describe("an option that cannot be used", () => {
  it.effect.each([
    [{ timeout: "5 parsecs" }, 'Invalid duration "5 parsecs" for timeout: expected milliseconds or a text with a unit'],
    [{ timeout: 0 }, 'such as "30 seconds", longer than 0 ms'],
    [{ concurrency: 9 }, 'Invalid integer "9" for concurrency: expected an integer from 1 to 4'],
    [{ retry: { exponent: 0.5 } }, 'Invalid number "0.5" for retry.exponent: expected a number from 1'],
    [{ server: "production" }, 'Invalid URL "production" for server: expected prod, sandbox or an https URL'],
    [{ token: "two words" }, "Invalid token: expected one line of visible ASCII characters"],
    [{ resultLifetime: -1 }, 'Invalid duration "-1" for resultLifetime']
  ] as const)("is named with its value and what is expected: %j", ([options, text]) =>
    Effect.gen(function* () {
      const unchecked: JobStatusOptions = JSON.parse(JSON.stringify(options))
      const error = yield* problemOf(unchecked)
      expect(error.message).toContain(text)
      expect(error.transient).toBe(false)
    })
  )

  it("is named by its path among the options of a policy", () => {
    expect(message(PollSchedule.make({ interval: 10 }))).toBe(
      'Invalid duration "10" for poll.interval: expected milliseconds or a text with a unit such as "30 seconds", at least 1 s'
    )
    expect(message(PollSchedule.make({ jitter: 2 }))).toBe(
      'Invalid number "2" for poll.jitter: expected a number from 0 to 1'
    )
  })

  it("is thrown by createClient, as an error of this package", () => {
    expect(() => createClient({ concurrency: 1.5 })).toThrow('Invalid integer "1.5" for concurrency')
    try {
      createClient({ concurrency: 0 })
      expect.unreachable()
    } catch (error) {
      expect(isTtdJobsError(error)).toBe(true)
    }
  })
})

describe("a duration", () => {
  it("may be a text of the command line's form, from settings that are read at run time", () => {
    const stored: RetryPolicy.RetryPolicyOptions = JSON.parse(
      '{ "maxElapsedTime": "1m30s", "maxInterval": "10 seconds" }'
    )
    const { maxElapsedTime, maxInterval } = Result.getOrThrow(RetryPolicy.make(stored))
    expect([maxElapsedTime, maxInterval].map(Duration.toSeconds)).toEqual([90, 10])
  })
})
