import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Alarm, type AlarmOptions } from "../../src/time/Alarm.ts"
import * as MonotonicTime from "../../src/time/MonotonicTime.ts"
import { recordingSleepers } from "../support/Sleepers.ts"
import { withWallClock } from "../support/WallClock.ts"

const hour = 3_600_000

/** An alarm on the test clock, the times at which it rang, and the timers that are set. */
const alarmOf = Effect.fnUntraced(function* (options?: AlarmOptions, onRing: (alarm: Alarm) => void = () => {}) {
  const { clock: recording, sleepers } = recordingSleepers(yield* Clock.Clock)
  const context = yield* Effect.provideService(Effect.context<never>(), Clock.Clock, recording)
  const rings: Array<number> = []
  const alarm = new Alarm((time) => {
    rings.push(time)
    onRing(alarm)
  }, options)
  return { rings, timers: sleepers, set: (at: number) => alarm.set(at, context), clear: () => alarm.clear() }
})

describe("MonotonicTime", () => {
  it.effect("runs on the test clock, in milliseconds", () =>
    Effect.gen(function* () {
      const start = yield* MonotonicTime.now
      yield* TestClock.adjust("90 seconds")
      expect((yield* MonotonicTime.now) - start).toBe(90_000)
    })
  )

  it.effect("P17 does not follow the wall clock", () =>
    withWallClock((clock) =>
      Effect.gen(function* () {
        const start = yield* MonotonicTime.now
        clock.moveWallClock(-hour)
        expect(yield* Clock.currentTimeMillis).toBe(-hour)
        expect((yield* MonotonicTime.now) - start).toBe(0)
      })
    )
  )
})

describe("an alarm", () => {
  it.effect("rings once, at its time", () =>
    Effect.gen(function* () {
      const { rings, set, timers } = yield* alarmOf()
      set(5000)
      yield* TestClock.adjust(4999)
      expect(rings).toEqual([])
      yield* TestClock.adjust(hour)
      expect(rings).toEqual([5000])
      expect(timers.size).toBe(0)
    })
  )

  it.effect("rings from the event loop, also when its time has passed", () =>
    Effect.gen(function* () {
      const { rings, set } = yield* alarmOf()
      yield* TestClock.adjust(100)
      set(50)
      expect(rings).toEqual([])
      yield* Effect.yieldNow
      yield* Effect.yieldNow
      expect(rings).toEqual([100])
    })
  )

  it.effect("follows its time to later with the timer it has, and to sooner with another", () =>
    Effect.gen(function* () {
      const { rings, set, timers } = yield* alarmOf()
      set(5000)
      const [first] = timers
      for (let at = 5001; at <= 8000; at++) set(at)
      expect([...timers]).toEqual([first])
      yield* TestClock.adjust(7999)
      expect(rings).toEqual([])
      set(100_000)
      set(9000)
      yield* TestClock.adjust(hour)
      expect(rings).toEqual([9000])
    })
  )

  it.effect("P7 leaves no timer when it is turned off", () =>
    Effect.gen(function* () {
      const { clear, rings, set, timers } = yield* alarmOf()
      set(5000)
      clear()
      expect(timers.size).toBe(0)
      set(5000)
      set(Number.POSITIVE_INFINITY)
      expect(timers.size).toBe(0)
      yield* TestClock.adjust(hour)
      expect(rings).toEqual([])
    })
  )

  it.effect("can be set again while it rings", () =>
    Effect.gen(function* () {
      const context = yield* Effect.context<never>()
      const { rings, set } = yield* alarmOf({}, (alarm) => {
        if (rings.length < 3) alarm.set((rings.at(-1) ?? 0) + 1000, context)
      })
      set(1000)
      yield* TestClock.adjust(hour)
      expect(rings).toEqual([1000, 2000, 3000])
    })
  )

  it.effect("P17 is not moved by the wall clock", () =>
    withWallClock((clock) =>
      Effect.gen(function* () {
        const { rings, set } = yield* alarmOf()
        set(5000)
        clock.moveWallClock(-hour)
        yield* TestClock.adjust(5000)
        set(10_000)
        clock.moveWallClock(3 * hour)
        yield* TestClock.adjust(5000)
        expect(rings).toEqual([5000, 10_000])
      })
    )
  )

  it.effect("P17 rings for every minute where that was asked for", () =>
    Effect.gen(function* () {
      const context = yield* Effect.context<never>()
      const { rings, set } = yield* alarmOf({ everyMinute: true }, (alarm) => {
        if ((rings.at(-1) ?? 0) < 150_000) alarm.set(150_000, context)
      })
      set(150_000)
      yield* TestClock.adjust(hour)
      expect(rings).toEqual([60_000, 120_000, 150_000])
    })
  )

  it.effect("is punctual with times between two milliseconds", () =>
    Effect.gen(function* () {
      const { rings, set, timers } = yield* alarmOf()
      set(10.25)
      expect([...timers]).toEqual([{ at: 11 }])
      yield* TestClock.adjust(11)
      expect(rings).toEqual([11])
    })
  )
})
