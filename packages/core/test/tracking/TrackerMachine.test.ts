import { PollSchedule, RequestTimeoutError, ResumePoint, TransportError } from "@ttd-jobs/core"
import { DateTime, Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { endedStatusOf, MachineRun, statusOf } from "./MachineRun.ts"

const hour = 3_600_000
const everySecond = Result.getOrThrow(PollSchedule.make({ interval: "1 second" }))
const running = { respond: (ref: string) => statusOf(ref) }

/** The times between polls. */
const intervalsOf = (times: ReadonlyArray<number>) => times.slice(1).map((at, index) => at - (times[index] ?? 0))

describe("one poll per job", () => {
  it("P12 joining and leaving from inside a listener keeps one poll per job, at the interval", () => {
    const run = new MachineRun({ ...running, latency: 50 })
    const first = run.watch(1)
    first.onEvent = () => {
      first.onEvent = undefined
      run.leave(first)
      const second = run.watch(1, { policy: everySecond })
      second.onEvent = () => {
        second.onEvent = undefined
        run.watch(1)
      }
    }
    run.runUntil(10_000)
    const times = run.times("standard:1")
    expect(Math.min(...intervalsOf(times))).toBeGreaterThanOrEqual(1000)
    expect(times.length).toBeGreaterThan(5)
  })

  it("P12 watchers with different policies share the polls, and each is polled for at least as often as it wants", () => {
    const run = new MachineRun({ ...running, latency: 0 })
    const slow = Result.getOrThrow(PollSchedule.make({ interval: "1 minute" }))
    const fast = run.watch(1, { policy: Result.getOrThrow(PollSchedule.make({ interval: "10 seconds" })) })
    run.watch(1, { policy: slow })
    run.runUntil(60_000)
    expect(run.times("standard:1")).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000])
    run.leave(fast)
    run.runUntil(200_000)
    expect(run.times("standard:1").slice(7)).toEqual([70_000, 130_000, 190_000])
  })

  it("P12 a job that was left is not polled again before the interval allows, however often it is rejoined", () => {
    const run = new MachineRun({ ...running, latency: 10 })
    while (run.awake < 3000) {
      const watcher = run.watch(1)
      run.runUntil(run.awake + 20)
      run.leave(watcher)
    }
    expect(run.times("standard:1").length).toBeLessThanOrEqual(4)
    expect(Math.min(...intervalsOf(run.times("standard:1")))).toBeGreaterThanOrEqual(1000)
  })

  it("P12 whoever joins within a second of a status gets it at once, without another poll", () => {
    const run = new MachineRun({ respond: endedStatusOf, latency: 0 })
    run.watch(1)
    run.runUntil(500)
    expect(run.watch(1).tags).toEqual(["Changed", "Ended"])
    run.runUntil(1500)
    expect(run.polls).toHaveLength(1)
    run.watch(1)
    run.runUntil(2000)
    expect(run.polls).toHaveLength(2)
  })

  it("P7 the last watcher that leaves interrupts the poll in flight, and no alarm is left", () => {
    const run = new MachineRun({ ...running, latency: 5000 })
    const watchers = [run.watch(1), run.watch(1), run.watch(1)]
    run.runUntil(1000)
    for (const watcher of watchers) run.leave(watcher)
    expect(run.polls).toMatchObject([{ isInterrupted: true }])
    expect(run.state.alarmAt).toBe(Number.POSITIVE_INFINITY)
    run.runUntil(hour)
    expect(run.polls).toHaveLength(1)
  })

  it("a status that another caller has seen counts as a poll", () => {
    const run = new MachineRun({ ...running, latency: 0 })
    const watcher = run.watch(1, { policy: Result.getOrThrow(PollSchedule.make({ interval: "10 seconds" })) })
    run.runUntil(5000)
    run.dispatch({ _tag: "Observed", key: "standard:1", status: endedStatusOf("standard:1"), random: 0.5 })
    expect(watcher.tags).toEqual(["Changed", "Changed", "Ended"])
    run.runUntil(hour)
    expect(run.polls).toHaveLength(1)
  })

  it("P12 any sequence of joins, leaves and time sends no two polls of a job within a second, nor two at once", () => {
    const actions = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant("join" as const), job: fc.integer({ min: 1, max: 3 }), once: fc.boolean() }),
        fc.record({ kind: fc.constant("leave" as const), index: fc.nat() }),
        fc.record({ kind: fc.constant("pass" as const), time: fc.integer({ min: 0, max: 3000 }) })
      ),
      { maxLength: 60 }
    )
    fc.assert(
      fc.property(actions, fc.integer({ min: 0, max: 2500 }), (sequence, latency) => {
        const run = new MachineRun({ ...running, latency })
        const watchers: Array<ReturnType<MachineRun["watch"]>> = []
        for (const action of sequence) {
          if (action.kind === "join")
            watchers.push(run.watch(action.job, { policy: everySecond, checksOnce: action.once }))
          else if (action.kind === "pass") run.runUntil(run.awake + action.time)
          else {
            const watcher = watchers[action.index % Math.max(1, watchers.length)]
            if (watcher !== undefined) run.leave(watcher)
          }
        }
        for (const watcher of watchers) run.leave(watcher)
        for (const job of [1, 2, 3]) {
          for (const interval of intervalsOf(run.times(`standard:${job}`)))
            expect(interval).toBeGreaterThanOrEqual(1000)
        }
        const sent = run.polls.length
        run.runUntil(run.awake + hour)
        expect(run.polls).toHaveLength(sent)
        expect(run.state.alarmAt).toBe(Number.POSITIVE_INFINITY)
        expect([...run.state.endpoints.values()].map(({ active, waiting }) => active + waiting.size)).not.toContain(1)
      })
    )
  })
})

describe("more due polls than permits", () => {
  it("jobs that are expected to end soonest go first", () => {
    const run = new MachineRun({
      respond: (ref, now) =>
        statusOf(ref, { completionPercentage: Number(ref.slice(9)), age: now + 60_000, createdAt: -60_000 }),
      concurrency: 1,
      latency: 1000
    })
    for (let job = 1; job <= 99; job += 7) run.watch(job, { policy: everySecond })
    run.runUntil(120_000)
    const counts = (job: number) => run.times(`standard:${job}`).length
    expect(counts(99)).toBeGreaterThan(3 * counts(1))
    expect(counts(1)).toBeGreaterThan(1)
  })

  it("no job waits longer than 10 × (due jobs ÷ throughput)", () => {
    const scenario = fc.record({
      jobs: fc.integer({ min: 2, max: 40 }),
      latency: fc.integer({ min: 50, max: 2000 }),
      concurrency: fc.integer({ min: 1, max: 4 }),
      percentages: fc.array(fc.option(fc.integer({ min: 1, max: 99 })), { minLength: 40, maxLength: 40 })
    })
    fc.assert(
      fc.property(scenario, ({ concurrency, jobs, latency, percentages }) => {
        const run = new MachineRun({
          concurrency,
          latency,
          respond: (ref, now) =>
            statusOf(ref, { completionPercentage: percentages[Number(ref.slice(9))] ?? null, age: now + hour })
        })
        for (let job = 0; job < jobs; job++) run.watch(job, { policy: everySecond })
        run.runUntil((12 * jobs * latency) / concurrency)
        const longestWait = (10 * jobs * latency) / concurrency
        for (let job = 0; job < jobs; job++) {
          const times = run.times(`standard:${job}`)
          // A poll is due a second after the last has ended.
          const waits = intervalsOf(times).map((interval) => interval - latency - 1000)
          const last = run.awake - (times.at(-1) ?? 0) - latency - 1000
          expect(Math.max(times[0] ?? Number.POSITIVE_INFINITY, last, ...waits)).toBeLessThanOrEqual(longestWait)
        }
      }),
      { numRuns: 40 }
    )
  })

  it("joins and refreshes of a due job do not cost it its position", () => {
    const run = new MachineRun({ ...running, concurrency: 1, latency: 1000 })
    for (let job = 1; job <= 20; job++) run.watch(job, { policy: everySecond })
    run.runUntil(25_000)
    for (let time = 25_000; time < 125_000; time += 100) {
      run.runUntil(time)
      run.leave(run.watch(20, { policy: everySecond }))
    }
    expect(run.times("standard:20").filter((at) => at > 25_000).length).toBeGreaterThanOrEqual(2)
  })
})

describe("time", () => {
  it("P17 the wall clock set back or forward by an hour moves no poll and no deadline", () => {
    for (const offset of [-hour, hour]) {
      const run = new MachineRun({ ...running, latency: 0 })
      const watcher = run.watch(1, { policy: everySecond, deadline: 20_000 })
      run.runUntil(5000)
      run.wallOffset += offset
      run.runUntil(30_000)
      expect(intervalsOf(run.times("standard:1").slice(0, -1))).toEqual(Array.from({ length: 18 }, () => 1000))
      expect(watcher.events.at(-1)).toMatchObject({ _tag: "TimedOut", error: { elapsed: 20_000 } })
    }
  })

  it("P17 after a suspend overdue polls follow within a minute, and deadlines count the time awake", () => {
    const run = new MachineRun({ ...running, latency: 0 })
    const watcher = run.watch(1, { deadline: 2 * hour })
    run.runUntil(hour)
    const before = run.polls.length
    run.suspend(5 * hour)
    run.runUntil(hour + 60_000)
    expect(run.polls.length).toBeGreaterThan(before)
    run.runUntil(2 * hour - 1)
    expect(watcher.tags).not.toContain("TimedOut")
    run.runUntil(2 * hour)
    expect(watcher.tags.at(-1)).toBe("TimedOut")
  })

  it("P17 a local clock that is wrong by a year neither delays nor hurries polls: age counts by the server's date", () => {
    const timesWith = (wallOffset: number) => {
      const run = new MachineRun({
        respond: (ref, now) => statusOf(ref, { createdAt: -1000, age: now + 1000 }),
        latency: 0
      })
      run.wallOffset = wallOffset
      run.watch(1)
      run.runUntil(hour)
      return run.times("standard:1")
    }
    const times = timesWith(0)
    expect(timesWith(365 * 24 * hour)).toEqual(times)
    expect(timesWith(-365 * 24 * hour)).toEqual(times)
  })

  it("P17 without the server's date a wrong local clock does not delay the first polls", () => {
    const run = new MachineRun({ ...running, latency: 0 })
    run.wallOffset = 365 * 24 * hour
    run.watch(1)
    run.runUntil(60_000)
    expect(run.polls.length).toBeGreaterThan(2)
  })

  it("P6 a deadline may be a month away", () => {
    const run = new MachineRun({ ...running, latency: 0 })
    const daily = Result.getOrThrow(PollSchedule.make({ interval: "1 day" }))
    const watcher = run.watch(1, { policy: daily, deadline: 30 * 24 * hour })
    run.runUntil(30 * 24 * hour)
    expect(watcher.events.at(-1)).toMatchObject({ _tag: "TimedOut", error: { elapsed: 30 * 24 * hour, polls: 31 } })
  })

  it("P3 P10 a pause past the deadline ends a wait at once; the poll that was never sent is not counted", () => {
    const run = new MachineRun({ ...running, latency: 0 })
    run.pausedUntil = 60_000
    const short = run.watch(1, { deadline: 5000 })
    const long = run.watch(2)
    run.runUntil(0)
    expect(short.events).toMatchObject([
      { _tag: "TimedOut", error: { polls: 0, responses: {}, elapsed: 0, lastError: { _tag: "RateLimitedError" } } }
    ])
    expect(long.events).toEqual([])
    run.runUntil(60_000)
    expect(run.polls).toMatchObject([{ ref: "standard:2", at: 60_000 }])
  })

  it("P6 a check of a paused endpoint ends at once", () => {
    const run = new MachineRun({ ...running, latency: 0 })
    run.pausedUntil = 60_000
    const watcher = run.watch(1, { checksOnce: true })
    run.runUntil(0)
    expect(watcher.events).toMatchObject([{ _tag: "TimedOut", error: { lastError: { _tag: "RateLimitedError" } } }])
    run.runUntil(hour)
    expect(run.polls).toEqual([])
  })
})

describe("state", () => {
  it("P14 a restart polls no sooner than the schedule wanted, with what was learned before it", () => {
    const respond = (ref: string, now: number) => statusOf(ref, { age: now + 1, createdAt: -1 })
    const before = new MachineRun({ respond, latency: 0 })
    const watcher = before.watch(1, { deadline: 10 * hour })
    before.runUntil(10 * hour)
    const timedOut = watcher.events.find((event) => event._tag === "TimedOut")
    const resume = ResumePoint.fromJson(JSON.parse(JSON.stringify(timedOut?.error.resume)))
    const nextPollAt = DateTime.toEpochMillis(resume.schedule?.nextPollAt ?? DateTime.makeUnsafe(0))
    expect(nextPollAt).toBeGreaterThan(10 * hour)

    const after = new MachineRun({ respond: (ref, now) => respond(ref, now + 10 * hour), latency: 0 })
    after.wallOffset = 10 * hour
    const resumed = after.watch(1, { resume, startedAwake: -10 * hour })
    after.runUntil(hour)
    expect(after.polls[0]?.at).toBe(nextPollAt - 10 * hour)
    expect(after.polls.length).toBeLessThanOrEqual(13)
    expect(resumed.events).toEqual([])
  })

  it("P14 a stored schedule whose time has passed is taken up at once", () => {
    const run = new MachineRun({ ...running, latency: 0 })
    run.wallOffset = 5 * hour
    const at = DateTime.makeUnsafe(hour)
    const schedule = { nextPollAt: at, percentage: null, movedAt: at, expectedEnd: null, confirmed: 0 }
    const about = { version: 2, ref: "standard:1", startedAt: at, deadline: null, seen: null } as const
    run.watch(1, { resume: new ResumePoint({ ...about, schedule }) })
    run.runUntil(0)
    expect(run.polls).toHaveLength(1)
  })
})

describe("many that end together", () => {
  it("P12 thousands of deadlines are spread over many steps", () => {
    const run = new MachineRun({ ...running, latency: 20 })
    const watchers = Array.from({ length: 2000 }, (_, job) => run.watch(job, { deadline: 60_000 }))
    run.runUntil(60_000)
    expect(new Set(watchers.map(({ tags }) => tags.at(-1)))).toEqual(new Set(["TimedOut"]))
    expect(run.mostReports).toBeLessThanOrEqual(60)
    // In the order in which they joined.
    expect(watchers.every(({ events }) => events.length >= 1)).toBe(true)
  })

  it("forgets what it remembers of jobs that were left", () => {
    const run = new MachineRun({ respond: endedStatusOf, latency: 1, concurrency: 4 })
    for (let round = 0; round < 20; round++) {
      for (let job = 0; job < 100; job++) run.watch(1000 * round + job)
      run.runUntil(run.awake + 2000)
    }
    expect(run.state.jobs.size).toBeLessThanOrEqual(200)
  })
})

describe("reports", () => {
  it("P4 a failed poll says for how long polls have failed in this way, and when the next is", () => {
    const about = { operation: "getJobStatus", ref: "standard:1", host: "api.example" }
    const reset = new TransportError({ ...about, code: "ECONNRESET", cause: null })
    const late = new RequestTimeoutError({ ...about, timeout: 1000 })
    const responses = [reset, reset, late, late, late]
    const run = new MachineRun({ respond: (ref) => responses.shift() ?? statusOf(ref), latency: 0, random: () => 0 })
    const watcher = run.watch(1)
    run.runUntil(60_000)
    const failed = watcher.events.filter((event) => event._tag === "PollFailed")
    expect(failed.map(({ error, failures }) => [error._tag, failures])).toEqual([
      ["TransportError", 1],
      ["TransportError", 2],
      ["RequestTimeoutError", 3],
      ["RequestTimeoutError", 4],
      ["RequestTimeoutError", 5]
    ])
    const times = run.times("standard:1")
    expect(failed.map(({ failingFor }) => failingFor)).toEqual(
      times.slice(0, 5).map((at, index) => at - (times[index < 2 ? 0 : 2] ?? 0))
    )
    expect(failed.map(({ retryIn }) => retryIn)).toEqual(intervalsOf(times.slice(0, 6)))
  })

  it("P13 a changed error text is a change, and so is a result that appears", () => {
    const result = { inline: false, url: "https://files.example/1" } as const
    const fields = [
      { errors: ["row 1: bad"] },
      { errors: ["row 1: bad"] },
      { errors: ["row 1: bad\nrow 2: bad"] },
      { errors: ["row 1: bad\nrow 2: bad"], result },
      { errors: ["row 1: bad\nrow 2: bad"], result: { ...result, url: "https://files.example/1?signature=2" } }
    ]
    const run = new MachineRun({ respond: (ref) => statusOf(ref, fields.shift() ?? {}), latency: 0 })
    const watcher = run.watch(1, { policy: everySecond })
    run.runUntil(4000)
    expect(run.polls).toHaveLength(5)
    expect(watcher.tags).toEqual(["Changed", "Changed", "Changed"])
  })
})
