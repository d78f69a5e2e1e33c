import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Random } from "effect"
import * as PollingSimulation from "../src/PollingSimulation.ts"

const summaryOf = (progress: "none" | "steady", duration: Duration.Input) =>
  PollingSimulation.summarize(
    PollingSimulation.adaptive,
    { duration: Duration.fromInputUnsafe(duration), progress },
    500
  ).pipe(Random.withSeed("targets"))

describe("P9 the adaptive schedule, at the 95th percentile", () => {
  it.effect.each([
    { duration: "10 minutes", most: 45 },
    { duration: "1 hour", most: 80 },
    { duration: "10 hours", most: 200 }
  ] as const)("P9 without a percentage: within 10 % of $duration, with at most $most requests", ({ duration, most }) =>
    Effect.gen(function* () {
      const { relativeLateness, requests } = yield* summaryOf("none", duration)
      expect(relativeLateness.p95).toBeLessThanOrEqual(0.1)
      expect(requests.p95).toBeLessThanOrEqual(most)
    })
  )

  it.effect.each(["5 seconds", "20 seconds", "1 minute", "3 minutes"] as const)(
    "P9 without a percentage: within 10 %% of %s and the minimum interval",
    (duration) =>
      Effect.gen(function* () {
        const { lateness } = yield* summaryOf("none", duration)
        expect(lateness.p95).toBeLessThanOrEqual(0.1 * Duration.toMillis(duration) + 1000)
      })
  )

  it.effect.each([
    { duration: "10 minutes", most: 30 },
    { duration: "1 hour", most: 45 },
    { duration: "10 hours", most: 150 }
  ] as const)(
    "P9 with steady progress: within 30 s of the end of $duration, with at most $most requests",
    ({ duration, most }) =>
      Effect.gen(function* () {
        const { lateness, requests } = yield* summaryOf("steady", duration)
        expect(lateness.median).toBeLessThanOrEqual(5000)
        expect(lateness.p95).toBeLessThanOrEqual(30_000)
        expect(requests.p95).toBeLessThanOrEqual(most)
      })
  )

  it.effect.each(["stalled", "bursty"] as const)("P9 %s progress costs no more than none", (progress) =>
    Effect.gen(function* () {
      const job = { duration: Duration.hours(1), progress }
      const { lateness, requests } = yield* PollingSimulation.summarize(PollingSimulation.adaptive, job, 500).pipe(
        Random.withSeed("targets")
      )
      expect(requests.p95).toBeLessThanOrEqual(80)
      expect(lateness.p95).toBeLessThanOrEqual(0.1 * Duration.toMillis(job.duration))
    })
  )
})
