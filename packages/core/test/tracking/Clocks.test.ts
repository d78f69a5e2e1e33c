import { describe, expect, it } from "@effect/vitest"
import { JobStatus } from "@ttd-jobs/core"
import { Simulator } from "@ttd-jobs/simulator"
import { Clock, Duration, Effect, Fiber, Layer } from "effect"
import { TrackerClock } from "../../src/tracking/TrackerClock.ts"
import { fastForward } from "../support/FastForward.ts"
import { fixture, optionsFor } from "../support/Fixture.ts"
import { ClientClock } from "../support/Sleepers.ts"
import { type SettableClock, settableClock } from "../support/WallClock.ts"
import { requestTimes } from "./Waits.ts"

const hour = Duration.toMillis("1 hour")

/** Runs an effect with a client whose wall clock can be set. */
const withClient = <A, E, R>(use: (clock: SettableClock) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const clock = settableClock((yield* ClientClock).clock)
    const client = Layer.provide(JobStatus.layer(yield* optionsFor()), Layer.succeed(Clock.Clock, clock))
    return yield* fastForward(Effect.provide(use(clock), client))
  })

describe("a wall clock that is set", () => {
  it.effect.each([
    ["back", -hour],
    ["forward", hour]
  ] as const)("P17 %s by an hour delays no poll", ([, offset]) =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: Duration.infinity, progress: "none" })
      yield* withClient((clock) =>
        Effect.gen(function* () {
          const jobs = yield* JobStatus
          const waiting = yield* Effect.forkChild(jobs.wait(ref, { poll: { interval: "1 second" } }))
          yield* Effect.sleep("3200 millis")
          clock.moveWallClock(offset)
          yield* Effect.sleep("8 seconds")
          yield* Fiber.interrupt(waiting)
        })
      )
      const times = yield* requestTimes(ref)
      const intervals = times.slice(1).map((at, index) => at - (times[index] ?? 0))
      expect(times.length).toBeGreaterThanOrEqual(11)
      expect(Math.max(...intervals)).toBe(1000)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P17 by an hour moves no deadline", () =>
    Effect.gen(function* () {
      const { addJob } = yield* Simulator
      const ref = yield* addJob({ duration: Duration.infinity, progress: "none" })
      for (const offset of [hour, -2 * hour]) {
        const error = yield* withClient((clock) =>
          Effect.gen(function* () {
            const jobs = yield* JobStatus
            const waiting = yield* Effect.forkChild(Effect.flip(jobs.wait(ref, { timeout: "2 minutes" })))
            yield* Effect.sleep("1 minute")
            clock.moveWallClock(offset)
            return yield* Fiber.join(waiting)
          })
        )
        expect(error).toMatchObject({ _tag: "WaitTimeoutError", elapsed: 120_000 })
      }
    }).pipe(Effect.provide(fixture()))
  )
})

describe("TrackerClock", () => {
  it.effect("P17 counts what the wall clock goes forward on its own as elapsed, but not as awake", () =>
    Effect.gen(function* () {
      const wall = settableClock(yield* Clock.Clock)
      const clock = new TrackerClock(wall)
      expect(clock.read()).toEqual({ awake: 0, elapsed: 0, wall: 0 })
      wall.moveWallClock(hour)
      expect(clock.read()).toEqual({ awake: 0, elapsed: hour, wall: hour })
      wall.moveWallClock(-2 * hour)
      expect(clock.read()).toEqual({ awake: 0, elapsed: hour, wall: -hour })
      wall.moveWallClock(900)
      expect(clock.read().elapsed).toBe(hour)
    })
  )

  it.effect("goes on when timers fire while the monotonic clock stands still", () =>
    Effect.gen(function* () {
      const clock = new TrackerClock(yield* Clock.Clock)
      clock.reach(clock.monotonic(60_000))
      expect(clock.read().awake).toBe(60_000)
      clock.reach(clock.monotonic(120_000))
      expect(clock.read().awake).toBe(120_000)
    })
  )
})
