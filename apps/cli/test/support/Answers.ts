/**
 * Answers word by word, for tests that must not depend on how far a simulated job has come.
 *
 * @module
 */
import type { JobRef } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"

/** What an answer says of a standard job. */
export interface Said {
  readonly status?: string
  readonly completionPercentage?: number | null
  readonly createdAtUtc?: string
  readonly completedAtUtc?: string | null
  readonly url?: string | null
  readonly rawResult?: string | null
  readonly errors?: string | null
}

/** An answer about a standard job, created a minute ago and running unless it is said otherwise. */
export const answerOf = (ref: JobRef, said: Said): Fault.Fault =>
  Fault.response(200, {
    contentType: "application/json",
    // The id may be longer than a number can hold.
    body: JSON.stringify({
      id: "the id",
      createdAtUtc: new Date(Date.now() - 60_000).toISOString(),
      status: "InProgress",
      completedAtUtc: null,
      completionPercentage: null,
      url: null,
      rawResult: null,
      errors: null,
      ...said
    }).replace('"the id"', ref.id)
  })

/** A job that is answered for like this, one after the other; after the last it has succeeded. */
export const jobThatSays = (...answers: ReadonlyArray<Said | Fault.Fault>): Effect.Effect<JobRef, never, Simulator> =>
  Effect.gen(function* () {
    const simulator = yield* Simulator
    const ref = yield* simulator.addJob({ age: "1 minute", duration: "1 second" })
    yield* simulator.addFaults(answers.map((said) => ({ fault: "_tag" in said ? said : answerOf(ref, said), on: ref })))
    return ref
  })

/** A job that ended like this a minute ago. */
export const endedJob = (status: string, kind: "standard" | "graphql-query" | "graphql-bulk" = "standard") =>
  Simulator.use((simulator) => simulator.addJob({ kind, status, age: "2 minutes", duration: "1 minute" }))

/** A job that never ends. */
export const endlessJob = Simulator.use((simulator) => simulator.addJob({ duration: "Infinity", progress: "none" }))

/** How often a job was asked for. */
export const requestsFor = (ref: JobRef) =>
  Simulator.use(({ report }) => Effect.map(report, ({ refs }) => refs[String(ref)]?.requests ?? 0))
