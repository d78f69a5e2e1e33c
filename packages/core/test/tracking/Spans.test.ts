import { expect, it } from "@effect/vitest"
import { JobStatus } from "@ttd-jobs/core"
import { Simulator } from "@ttd-jobs/simulator"
import { Clock, Duration, Effect, Fiber, Layer, Option, Tracer } from "effect"
import { fastForward } from "../support/FastForward.ts"
import { fixture, optionsFor } from "../support/Fixture.ts"
import { ClientClock } from "../support/Sleepers.ts"
import { keepingSpans } from "../support/Spans.ts"

it.effect("P12 the span of a shared poll is a root with links to those who wait; its tracer is the layer's", () =>
  Effect.gen(function* () {
    const { addJob } = yield* Simulator
    const ref = yield* addJob({ duration: Duration.infinity, progress: "none" })
    const polls = keepingSpans()
    const callers = keepingSpans()
    const { clock } = yield* ClientClock
    const services = Layer.mergeAll(Layer.succeed(Clock.Clock, clock), Layer.succeed(Tracer.Tracer, polls.tracer))
    // A layer that is built inside a span does not put the polls of its whole life into it.
    const client = Layer.provide(JobStatus.layer(yield* optionsFor()), services).pipe(Layer.withSpan("start"))
    const poll = { interval: "1 second" } as const
    yield* Effect.gen(function* () {
      const jobs = yield* JobStatus
      const wait = (name: string, timeout: Duration.Input) =>
        Effect.forkChild(Effect.withSpan(Effect.exit(jobs.wait(ref, { poll, timeout })), name))
      const first = yield* wait("first", "3 seconds")
      yield* Effect.sleep("100 millis")
      const second = yield* wait("second", "1 hour")
      yield* Fiber.join(first)
      yield* Effect.sleep("5 seconds")
      yield* Fiber.interrupt(second)
    }).pipe(Effect.provideService(Tracer.Tracer, callers.tracer), Effect.provide(client), fastForward)
    const sent = polls.spans.filter(({ name }) => name === "getJobStatus")
    expect(callers.spans.map(({ name }) => name)).toEqual(["first", "second"])
    expect(sent.length).toBeGreaterThan(5)
    expect(sent.every(({ parent }) => Option.isNone(parent))).toBe(true)
    const linked = sent.map(({ links }) => links.map(({ span }) => "name" in span && span.name).join())
    expect(linked[0]).toBe("first")
    expect(linked).toContain("first,second")
    expect(linked.at(-1)).toBe("second")
  }).pipe(Effect.provide(fixture()))
)
