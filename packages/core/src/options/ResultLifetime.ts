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

/** How long results of a kind of job are kept, in milliseconds. */
export type ResultLifetimes = (kind: JobKind) => number

/**
 * Reads the option. The defaults are those of the table of job kinds: 24 hours for standard jobs, 1 hour for GraphQL jobs (contract, "Life
 * of a job").
 */
export const readResultLifetimes = (option: ResultLifetimeOption = {}): Read<ResultLifetimes> =>
  Result.gen(function* () {
    const lifetimes = new Map<JobKind, number>()
    for (const kind of jobKindNames) {
      const input = isPerKind(option) ? option[kind] : option
      if (input === undefined) continue
      const setting = isPerKind(option) ? `resultLifetime.${kind}` : "resultLifetime"
      lifetimes.set(kind, Duration.toMillis(yield* readDuration(setting, input, { above: 0 })))
    }
    return (kind) => lifetimes.get(kind) ?? jobKinds[kind].resultLifetime
  })

const isPerKind = (option: ResultLifetimeOption): option is Partial<Readonly<Record<JobKind, Duration.Input>>> =>
  typeof option === "object" && !Duration.isDuration(option) && Object.keys(option).every(isJobKind)
