import { describe, expect, it } from "@effect/vitest"
import { PollSchedule } from "@ttd-jobs/core"
import { Result } from "effect"
import fc from "fast-check"

/** The polls of one job in order: how far apart, and what they saw. */
const histories = fc.record({
  createdAt: fc.integer({ min: -1e9, max: 1e9 }),
  polls: fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: 1e7 }),
      percentage: fc.option(fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.integer({ min: 0, max: 100 }))),
      random: fc.double({ min: 0, max: 1, noNaN: true })
    }),
    { minLength: 1, maxLength: 30 }
  )
})

/** The intervals of a policy after each poll. */
const intervalsOf = (
  policy: PollSchedule.PollPolicy,
  { createdAt, polls }: typeof histories extends fc.Arbitrary<infer A> ? A : never,
  random?: number
) => {
  let state = PollSchedule.begin(0)
  let now = 0
  return polls.map((poll) => {
    now += poll.after
    const next = PollSchedule.next(policy, state, { ...poll, random: random ?? poll.random, now, createdAt })
    state = next.state
    return next.pause
  })
}

describe("PollSchedule", () => {
  it("P9 intervals are within 1 second and 5 minutes, whatever was seen", () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const pause of intervalsOf(PollSchedule.adaptive, history)) {
          expect(pause).toBeGreaterThanOrEqual(1000)
          expect(pause).toBeLessThanOrEqual(300_000)
        }
      })
    )
  })

  it("P9 keeps the limits of any policy that it accepts", () => {
    const options = fc.record({
      minInterval: fc.integer({ min: 1000, max: 60_000 }),
      more: fc.integer({ min: 0, max: 600_000 }),
      ageFactor: fc.double({ min: 0, max: 1, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true })
    })
    fc.assert(
      fc.property(options, histories, ({ minInterval, more, ...rest }, history) => {
        const policy = Result.getOrThrow(PollSchedule.make({ minInterval, maxInterval: minInterval + more, ...rest }))
        for (const pause of intervalsOf(policy, history)) {
          expect(pause).toBeGreaterThanOrEqual(minInterval)
          expect(pause).toBeLessThanOrEqual(minInterval + more)
        }
      })
    )
  })

  it("P9 jitter changes an interval by no more than its fraction", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const plain = intervalsOf(PollSchedule.adaptive, history, 0.5)
        intervalsOf(PollSchedule.adaptive, history).forEach((pause, index) => {
          const middle = plain[index] ?? Number.NaN
          // The limits hold for the interval with its jitter.
          expect(pause).toBeGreaterThanOrEqual(middle * 0.95 - 1e-6)
          expect(pause).toBeLessThanOrEqual(Math.max(1000, middle * 1.05) * (1 + 1e-9))
        })
      })
    )
  })

  it("P9 a fixed interval is what it says, and has no jitter", () => {
    const policy = Result.getOrThrow(PollSchedule.make({ interval: "10 seconds" }))
    fc.assert(
      fc.property(histories, (history) => {
        for (const pause of intervalsOf(policy, history)) expect(pause).toBe(10_000)
      })
    )
  })

  it("P9 without a percentage the interval grows with the job's age", () => {
    let state = PollSchedule.begin(0)
    let now = 0
    let last = 0
    for (let poll = 0; poll < 100; poll++) {
      const next = PollSchedule.next(PollSchedule.adaptive, state, { now, createdAt: 0, percentage: null, random: 0.5 })
      expect(next.pause).toBeGreaterThanOrEqual(last)
      ;({ state } = next)
      last = next.pause
      now += last
    }
    expect(last).toBe(300_000)
  })

  it("P9 with steady progress the interval shrinks towards the end", () => {
    const pauses: Array<number> = []
    let state = PollSchedule.begin(0)
    let now = 0
    while (now < 600_000) {
      const percentage = now / 6000
      const next = PollSchedule.next(PollSchedule.adaptive, state, { now, createdAt: 0, percentage, random: 0.5 })
      pauses.push(next.pause)
      ;({ state } = next)
      now += next.pause
    }
    expect(Math.max(...pauses)).toBeGreaterThan(60_000)
    expect(pauses.at(-1)).toBeLessThan(5000)
    expect(now - 600_000).toBeLessThan(5000)
  })

  it("P8 the last poll is half a second before the deadline, and no two are within a second", () => {
    const pauses = fc.integer({ min: 1000, max: 300_000 })
    fc.assert(
      fc.property(pauses, fc.integer({ min: 0, max: 600_000 }), (pause, timeLeft) => {
        const cut = PollSchedule.beforeDeadline(pause, timeLeft)
        if (cut === null) {
          expect(timeLeft).toBeLessThan(1500)
        } else {
          expect(cut).toBeGreaterThanOrEqual(1000)
          expect(cut).toBeLessThanOrEqual(timeLeft - 500)
          // Either this is the last poll, or the last one comes at least a second after it.
          const after = timeLeft - 500 - cut
          expect(after === 0 || (cut === pause && after >= 1000)).toBe(true)
        }
      })
    )
  })

  it("P9 a wait without deadline has no last poll", () => {
    expect(PollSchedule.beforeDeadline(5000, Number.POSITIVE_INFINITY)).toBe(5000)
  })

  it.each([
    [{ interval: 999 }, "interval"],
    [{ interval: "soon" }, "interval"],
    [{ minInterval: 0 }, "minInterval"],
    [{ minInterval: "1 minute", maxInterval: "30 seconds" }, "maxInterval"],
    [{ initialDelay: -1 }, "initialDelay"],
    [{ ageFactor: 1.5 }, "ageFactor"],
    [{ ageFactor: Number.NaN }, "ageFactor"],
    [{ jitter: -0.1 }, "jitter"]
  ] as const)("P9 %o is invalid, and the error names the field", (options, field) => {
    // JavaScript callers may pass anything.
    const made = Reflect.apply(PollSchedule.make, undefined, [options])
    expect(made).toMatchObject({ failure: { _tag: "InvalidSettingError", setting: `poll.${field}` } })
  })
})
