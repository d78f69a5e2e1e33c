import { describe, expect, it } from "@effect/vitest"
import { JobStatus } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { quiet } from "./support/FastForward.ts"
import { fixture } from "./support/Fixture.ts"
import { Network } from "./support/Network.ts"

const retrying = { retry: { initialInterval: "1 minute", maxElapsedTime: "1 hour" } } as const

/** Interrupts a call that has come to rest, then lets a day pass. */
const interruptedWhen = Effect.fnUntraced(function* (
  faults: ReadonlyArray<Fault.Fault>,
  ids: ReadonlyArray<number> = [1]
) {
  const simulator = yield* Simulator
  const { waiting } = yield* Network
  yield* simulator.addFaults(faults)
  const fibers = yield* Effect.forEach(ids, (id) =>
    Effect.forkChild(JobStatus.use((jobs) => jobs.getJobStatus(id, retrying)))
  )
  yield* quiet()
  const before = (yield* simulator.report).requests.length
  yield* Fiber.interruptAll(fibers)
  yield* quiet()
  expect(waiting()).toBe(0)
  yield* TestClock.adjust("1 day")
  yield* quiet()
  const { endpoints, requests } = yield* simulator.report
  expect(requests.length - before).toBe(0)
  return { before, broken: requests.filter(({ outcome }) => outcome === "broken").length, ...endpoints.getJobStatus }
})

describe("interrupting a call", () => {
  it.effect.each([
    ["before the head has come", Fault.hang],
    ["within the body", Fault.stall(30)],
    ["within the body of a refusal", Fault.slowBody({ bytes: 1, every: "1 minute" })]
  ] as const)("P7 aborts the request at once: %s", ([, fault]) =>
    Effect.map(interruptedWhen([fault]), ({ before, broken }) => {
      expect({ before, broken }).toEqual({ before: 1, broken: 1 })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P7 ends the pause between attempts", () =>
    Effect.map(interruptedWhen([Fault.serverError(500)]), ({ before }) => {
      expect(before).toBe(1)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("P7 leaves the line at the gate, and the line of a paused endpoint", () =>
    Effect.gen(function* () {
      const inLine = yield* interruptedWhen(Array(4).fill(Fault.hang), [1, 2, 3, 4, 5, 6])
      expect(inLine).toMatchObject({ before: 4, broken: 4, inFlight: 0 })
      const paused = yield* interruptedWhen([Fault.tooManyRequests(60)], [7])
      expect(paused.before).toBe(5)
    }).pipe(Effect.provide(fixture()))
  )
})
