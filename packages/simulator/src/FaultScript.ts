/**
 * Which request meets which fault: by script, first come first served, else at random with a seed.
 *
 * @module
 */
import { JobRef, type JobRefInput, jobKinds, type OperationId } from "@ttd-jobs/core"
import { type Effect, type Random, Result } from "effect"
import * as Bounds from "./Bounds.ts"
import * as Fault from "./Fault.ts"

/**
 * What a fault is for: every request to the API (`api`), to one endpoint (its `operationId`) or for one job's status (its
 * reference); every request for a result file (`files`), or for one job's (`{ file: "standard:412651" }`).
 */
export type FaultTarget = "api" | "files" | OperationId | JobRef | (string & {}) | { readonly file: JobRefInput }

/** A fault, what it is for, and how often it happens. */
export interface FaultRule {
  readonly fault: Fault.Fault
  /** Default: `files` for a `FileFault`, else `api`. */
  readonly on?: FaultTarget | undefined
  /** How many matching requests meet it, from 1. Default 1. */
  readonly times?: number | "always" | undefined
  /** How many matching requests are let through first. Default 0. */
  readonly skip?: number | undefined
}

/** Faults at random. */
export interface RandomFaults {
  /** The part of the requests that meet one, from 0 to 1. */
  readonly rate: number
  /** What they meet, each as likely as the others. Default `Fault.everyday`. */
  readonly kinds?: ReadonlyArray<Fault.Fault> | undefined
  /** Which requests. Default `everywhere`. */
  readonly on?: "api" | "files" | "everywhere" | undefined
}

/** What was asked, as far as faults and counts care. */
export interface Asked {
  readonly target: "api" | "files"
  /** Null for files and for paths that are no endpoint's. */
  readonly operation: OperationId | null
  /** The job's printed reference; null when the path holds none. */
  readonly ref: string | null
}

/** The queue of scripted faults, and the dice. */
export interface FaultScript {
  readonly add: (rules: ReadonlyArray<FaultRule | Fault.Fault>) => void
  readonly take: (asked: Asked) => Fault.Fault
  readonly clear: () => void
}

/** A script without rules yet. `random` decides about random faults: one or two draws per request. */
export const make = (
  randomFaults: RandomFaults | undefined,
  random: Effect.Success<typeof Random.Random>
): FaultScript => {
  if (randomFaults !== undefined) Bounds.within("rate", randomFaults.rate, 0, 1)
  let queue: Array<QueuedRule> = []
  const kinds = randomFaults?.kinds ?? Fault.everyday
  const chance = (asked: Asked): Fault.Fault => {
    if (randomFaults === undefined) return Fault.honest
    const { on = "everywhere", rate } = randomFaults
    if (on !== "everywhere" && on !== asked.target) return Fault.honest
    if (random.nextDoubleUnsafe() >= rate) return Fault.honest
    return kinds[Math.floor(random.nextDoubleUnsafe() * kinds.length)] ?? Fault.honest
  }
  return {
    add: (rules) => {
      queue.push(...rules.map((rule) => queued("_tag" in rule ? { fault: rule } : rule)))
    },
    take: (asked) => {
      const rule = queue.find(({ matches }) => matches(asked))
      if (rule === undefined) return chance(asked)
      if (rule.skip > 0) {
        rule.skip--
        return Fault.honest
      }
      if (--rule.times <= 0) queue = queue.filter((other) => other !== rule)
      return rule.fault
    },
    clear: () => {
      queue = []
    }
  }
}

interface QueuedRule {
  readonly fault: Fault.Fault
  readonly matches: (asked: Asked) => boolean
  times: number
  skip: number
}

const queued = ({ fault, on = defaultTarget(fault), skip = 0, times = 1 }: FaultRule): QueuedRule => ({
  fault,
  matches: matching(on),
  times: times === "always" ? Number.POSITIVE_INFINITY : Bounds.whole("times", times, 1),
  skip: Bounds.whole("skip", skip, 0)
})

const matching = (on: FaultTarget): ((asked: Asked) => boolean) => {
  if (on === "api" || on === "files") return ({ target }) => target === on
  if (typeof on === "object" && "file" in on) {
    const file = printed(on.file)
    return ({ ref, target }) => target === "files" && ref === file
  }
  if (operations.has(String(on))) return ({ operation }) => operation === on
  const wanted = printed(on)
  return ({ ref, target }) => target === "api" && ref === wanted
}

const operations: ReadonlySet<string> = new Set(Object.values(jobKinds).map(({ operationId }) => operationId))

const printed = (ref: JobRefInput) => String(Result.getOrThrow(JobRef.parse(ref)))

const defaultTarget = (fault: Fault.Fault): "api" | "files" => (Fault.isFileFault(fault) ? "files" : "api")
