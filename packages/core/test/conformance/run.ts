/** Runs one row against a simulator of its own, on a clock of its own. */
import { JobStatus } from "@ttd-jobs/core"
import { Simulator } from "@ttd-jobs/simulator"
import { Clock, Effect, Exit, Option } from "effect"
import { TestClock } from "effect/testing"
import { fastForward } from "../support/FastForward.ts"
import { fixture, secret } from "../support/Fixture.ts"
import { mismatchOf } from "./Expectation.ts"
import type { Call, Row } from "./Row.ts"

/** The time at which every row begins. */
export const beginning: number = Date.parse("2026-11-23T20:49:00Z")

/** How the client differs from what is expected; undefined when it does not. */
export const run = (row: Row): Effect.Effect<string | undefined> =>
  Effect.andThen(
    TestClock.setTime(beginning),
    Effect.provide(trial(row), fixture({ retry: false, ...row.client }))
  ).pipe(
    Effect.provide(TestClock.layer()),
    Effect.catchCause((cause) => Effect.succeed(`the run failed: ${cause}`))
  )

const trial = Effect.fnUntraced(function* ({ call = get, faults = [], job = {}, expected }: Row) {
  const simulator = yield* Simulator
  const own = job.kind === undefined || job.kind === "standard" ? { id: 412651 } : {}
  const ref = yield* simulator.addJob({ duration: 0, ...own, ...job })
  yield* simulator.addFaults(faults)
  const exit = yield* Effect.exit(fastForward(JobStatus.use((jobs) => call(jobs, String(ref)))))
  const outcome = Exit.isSuccess(exit) ? { value: plain(exit.value) } : { error: failureOf(exit) }
  if (JSON.stringify(outcome).includes(secret)) return "the result shows the token"
  const elapsed = (yield* Clock.currentTimeMillis) - beginning
  const requests = (yield* simulator.report).requests.filter(({ operation }) => operation !== null).length
  return mismatchOf(expected, { ...outcome, elapsed, requests })
})

const get: Call = (jobs, ref) => jobs.get(ref)

/** A value as `JSON.stringify` writes it. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))

const failureOf = (exit: Exit.Exit<unknown, unknown>): unknown => {
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (!(error instanceof Error)) return String(exit)
  return plain({ ...error, message: error.message, ...("transient" in error ? { transient: error.transient } : {}) })
}
