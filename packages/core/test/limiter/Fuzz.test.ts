import { Cause, Clock, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { AccountLimiter } from "../../src/limiter/AccountLimiter.ts"
import { refused, requestOf } from "../support/Requests.ts"
import { recordingSleepers } from "../support/Sleepers.ts"
import { settableClock } from "../support/WallClock.ts"

/** One thing that happens to a limiter; `at` is a point in a list, wherever that ends. */
type Step =
  | { readonly _tag: "Open"; readonly concurrency: number }
  | { readonly _tag: "Close"; readonly at: number }
  | {
      readonly _tag: "Call"
      readonly client: number
      readonly patience: number
      readonly latency: number
      readonly outcome:
        | "success"
        | "failure"
        | "hang"
        | { readonly status: 429 | 503; readonly retryAfter: number | null }
    }
  | { readonly _tag: "Interrupt"; readonly at: number }
  | { readonly _tag: "Wait"; readonly milliseconds: number }
  | { readonly _tag: "SetWallClock"; readonly milliseconds: number }

const hour = 3_600_000

const call: fc.Arbitrary<Step> = fc.record({
  _tag: fc.constant("Call" as const),
  client: fc.nat(9),
  patience: fc.constantFrom(0, 1000, 60_000, Number.POSITIVE_INFINITY),
  latency: fc.nat(3000),
  outcome: fc.oneof(
    { weight: 6, arbitrary: fc.constant("success" as const) },
    { weight: 2, arbitrary: fc.constantFrom("failure" as const, "hang" as const) },
    {
      weight: 2,
      arbitrary: fc.record({
        status: fc.constantFrom(429 as const, 503 as const),
        retryAfter: fc.constantFrom(null, 0, 700, 5000, 30_000)
      })
    }
  )
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: call },
  { weight: 3, arbitrary: fc.record({ _tag: fc.constant("Interrupt" as const), at: fc.nat(99) }) },
  { weight: 4, arbitrary: fc.record({ _tag: fc.constant("Wait" as const), milliseconds: fc.nat(8000) }) },
  {
    weight: 1,
    arbitrary: fc.record({ _tag: fc.constant("SetWallClock" as const), milliseconds: fc.constantFrom(-hour, hour) })
  },
  {
    weight: 1,
    arbitrary: fc.record({ _tag: fc.constant("Open" as const), concurrency: fc.integer({ min: 1, max: 4 }) })
  },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant("Close" as const), at: fc.nat(9) }) }
)

const play = Effect.fnUntraced(function* (steps: ReadonlyArray<Step>) {
  const { clock: recording, sleepers } = recordingSleepers(yield* Clock.Clock)
  const clock = settableClock(recording)
  const now = () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
  const limiter = new AccountLimiter()
  const clients = [{ limiter: limiter.open(4), isClosed: false }]
  const fibers: Array<Fiber.Fiber<Exit.Exit<void, unknown>>> = []
  const started: Array<number> = []
  let calls = 0
  let inFlight = 0

  for (const step of steps) {
    switch (step._tag) {
      case "Open":
        clients.push({ limiter: limiter.open(step.concurrency), isClosed: false })
        break
      case "Close": {
        const client = clients[step.at % clients.length]
        if (client === undefined) break
        client.limiter.close()
        client.isClosed = true
        break
      }
      case "Call": {
        const client = clients[step.client % clients.length]
        if (client === undefined) break
        const { latency, outcome, patience } = step
        const order = calls++
        const failure = typeof outcome === "object" ? refused(outcome.status, outcome.retryAfter) : refused(500)
        const attempt = Effect.gen(function* () {
          expect(client.isClosed).toBe(false)
          expect(limiter.pausedUntil("getJobStatus")).toBeNull()
          inFlight += 1
          expect(inFlight).toBeLessThanOrEqual(4)
          started.push(order)
          yield* outcome === "hang" ? Effect.never : Effect.sleep(latency)
          if (outcome !== "success") return yield* failure
        }).pipe(Effect.ensuring(Effect.sync(() => (inFlight -= 1))))
        const run = client.limiter.run(requestOf(order, { until: now() + patience }), attempt)
        fibers.push(
          yield* Effect.forkDetach(Effect.exit(Effect.provideService(run, Clock.Clock, clock)), {
            startImmediately: true
          })
        )
        break
      }
      case "Interrupt": {
        const fiber = fibers[step.at % Math.max(1, fibers.length)]
        if (fiber !== undefined) yield* Fiber.interrupt(fiber)
        break
      }
      case "Wait":
        yield* TestClock.adjust(step.milliseconds)
        break
      case "SetWallClock":
        clock.moveWallClock(step.milliseconds)
    }
  }

  // Permits are granted in the order of the calls.
  expect(started).toEqual(started.toSorted((one, other) => one - other))
  yield* Fiber.interruptAll(fibers)
  for (const fiber of fibers) {
    const exit = yield* Fiber.await(fiber)
    if (Exit.isSuccess(exit) && Exit.isFailure(exit.value)) expect(Cause.hasDies(exit.value.cause)).toBe(false)
  }
  expect(inFlight).toBe(0)
  expect(sleepers.size).toBe(0)

  // No permit is lost: four requests are let through again, after a probe where a pause has been.
  for (const client of clients) client.limiter.close()
  const last = limiter.open(4)
  yield* TestClock.adjust(hour)
  yield* Effect.provideService(last.run(requestOf(), Effect.void), Clock.Clock, clock)
  let passed = 0
  const passing = Effect.andThen(
    Effect.sync(() => (passed += 1)),
    Effect.never
  )
  const more = yield* Effect.forEach(Array.from({ length: 6 }), () =>
    Effect.forkDetach(Effect.provideService(last.run(requestOf(), passing), Clock.Clock, clock), {
      startImmediately: true
    })
  )
  expect(passed).toBe(4)
  yield* Fiber.interruptAll(more)
  expect(sleepers.size).toBe(0)
})

describe("the limiter under any sequence of calls, pauses, interruptions, closes and clock changes", () => {
  it("P7 P11 P17 never has five requests in flight, keeps the order, loses no permit and leaves no timer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), (steps) =>
        Effect.runPromise(Effect.provide(play(steps), TestClock.layer()))
      ),
      { numRuns: 300 }
    )
  }, 60_000)
})
