/**
 * How long results are kept, per kind of job: the `resultLifetime` option.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import { isJobKind, type JobKind, jobKindNames, jobKinds } from "../model/index.ts"
import { type Read, readDuration } from "./Options.ts"

/** How long results are kept after a job has ended: one duration for all kinds of job, or one for each kind that differs from the default. */
export type ResultLifetimeOption = Duration.Input | Partial<Readonly<Record<JobKind, Duration.Input>>>

/** How long results are kept, in milliseconds. */
export type ResultLifetimes = Readonly<Record<JobKind, number>>

/** The contract's own lifetimes (contract, "Life of a job"): 24 hours for standard jobs, 1 hour for GraphQL jobs. */
export const defaultResultLifetimes: ResultLifetimes = {
  standard: jobKinds.standard.resultLifetime,
  "graphql-query": jobKinds["graphql-query"].resultLifetime,
  "graphql-bulk": jobKinds["graphql-bulk"].resultLifetime
}

/** Reads the option. */
export const readResultLifetimes = (option: ResultLifetimeOption = {}): Read<ResultLifetimes> =>
  Result.gen(function* () {
    const lifetimes = { ...defaultResultLifetimes }
    for (const kind of jobKindNames) {
      const input = isPerKind(option) ? option[kind] : option
      if (input === undefined) continue
      const setting = isPerKind(option) ? `resultLifetime.${kind}` : "resultLifetime"
      lifetimes[kind] = Duration.toMillis(yield* readDuration(setting, input, { above: 0 }))
    }
    return lifetimes
  })

const isPerKind = (option: ResultLifetimeOption): option is Partial<Readonly<Record<JobKind, Duration.Input>>> =>
  typeof option === "object" && !Duration.isDuration(option) && Object.keys(option).every(isJobKind)
