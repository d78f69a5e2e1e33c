/**
 * Decides which request meets which fault: scripted rules in order, else faults at random with a seed.
 *
 * @module
 */
import { JobRef, type JobRefInput, jobKinds, type OperationId } from "@ttd-jobs/core"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Fault from "./Fault.ts"
import * as OptionChecks from "./OptionChecks.ts"

/**
 * The requests that a rule applies to: all requests to the API (`api`), to one operation (its `operationId`) or for one job's status
 * (its reference); all requests for result files (`files`) or for one job's file (`{ file: "standard:412651" }`); all completion
 * callbacks (`callbacks`) or one job's (`{ callback: "standard:412651" }`); requests of one account (`{ account: "default" }`).
 */
export type FaultTarget =
  | "api"
  | "files"
  | "callbacks"
  | OperationId
  | JobRef
  | (string & {})
  | { readonly file: JobRefInput }
  | { readonly callback: JobRefInput }
  | { readonly account: string }

/** A fault, the requests it applies to, and how often. */
export interface FaultRule {
  readonly fault: Fault.Fault
  /** Default: `files` for a `FileFault`, `callbacks` for a `CallbackFault`, else `api`. */
  readonly on?: FaultTarget | undefined
  /** How many matching requests meet the fault, from 1. Default 1; `always` when `lasting` is set. */
  readonly times?: number | "always" | undefined
  /** How many matching requests pass first. Default 0. */
  readonly skip?: number | undefined
  /** How long the rule exists from now on, by Effect's clock: an outage of two minutes is `lasting: "2 minutes"`. Default: no limit. */
  readonly lasting?: Duration.Input | undefined
}

/** Faults at random. */
export interface RandomFaults {
  /** The part of the requests that meet a fault, from 0 to 1. */
  readonly rate: number
  /** The faults, each with the same probability. Default `Fault.common`. */
  readonly kinds?: ReadonlyArray<Fault.Fault> | undefined
  /** The requests. Default `everywhere`; callbacks never meet faults at random. */
  readonly on?: "api" | "files" | "everywhere" | undefined
}

/** What a request is for. */
export interface RequestTarget {
  readonly server: "api" | "files" | "callbacks"
  /** Null for files, callbacks and unknown paths. */
  readonly operation: OperationId | null
  /** The job's reference; null when the path contains none. */
  readonly ref: string | null
  /** The account whose valid token was sent; null when there was none. */
  readonly account: string | null
}

/** The scripted rules, and the faults at random. */
export interface FaultQueue {
  readonly add: (rules: ReadonlyArray<FaultRule | Fault.Fault>, now: number) => void
  /** The fault that a request meets, which is used up. */
  readonly take: (target: RequestTarget, now: number) => Fault.Fault
  readonly clear: () => void
  readonly setRandom: (randomFaults: RandomFaults | undefined) => void
}

/** A queue without rules. `random` decides about faults at random: one or two draws per request. */
export const makeFaultQueue = (
  randomFaults: RandomFaults | undefined,
  random: Effect.Success<typeof Random.Random>
): FaultQueue => {
  let queue: Array<QueuedRule> = []
  let current = checkedRandom(randomFaults)
  const draw = ({ server }: RequestTarget): Fault.Fault => {
    if (current === undefined || server === "callbacks") return Fault.none
    const { kinds = Fault.common, on = "everywhere", rate } = current
    if (on !== "everywhere" && on !== server) return Fault.none
    if (random.nextDoubleUnsafe() >= rate) return Fault.none
    return kinds[Math.floor(random.nextDoubleUnsafe() * kinds.length)] ?? Fault.none
  }
  return {
    add: (rules, now) => {
      queue.push(...rules.map((rule) => queued("_tag" in rule ? { fault: rule } : rule, now)))
    },
    take: (target, now) => {
      queue = queue.filter(({ endsAt }) => now < endsAt)
      const rule = queue.find(({ matches }) => matches(target))
      if (rule === undefined) return draw(target)
      if (rule.skip > 0) {
        rule.skip--
        return Fault.none
      }
      if (--rule.times <= 0) queue = queue.filter((other) => other !== rule)
      return rule.fault
    },
    clear: () => {
      queue = []
    },
    setRandom: (faults) => {
      current = checkedRandom(faults)
    }
  }
}

interface QueuedRule {
  readonly fault: Fault.Fault
  readonly matches: (target: RequestTarget) => boolean
  readonly endsAt: number
  times: number
  skip: number
}

const checkedRandom = (faults: RandomFaults | undefined) => {
  if (faults !== undefined) OptionChecks.inRange("rate", faults.rate, 0, 1)
  return faults
}

const queued = (
  { fault, lasting, on = defaultTarget(fault), skip = 0, times }: FaultRule,
  now: number
): QueuedRule => ({
  fault,
  matches: matching(on),
  endsAt: lasting === undefined ? Number.POSITIVE_INFINITY : now + OptionChecks.duration("lasting", lasting),
  times:
    times === "always" || (times === undefined && lasting !== undefined)
      ? Number.POSITIVE_INFINITY
      : OptionChecks.integer("times", times ?? 1, 1),
  skip: OptionChecks.integer("skip", skip, 0)
})

const matching = (on: FaultTarget): ((target: RequestTarget) => boolean) => {
  if (on === "api" || on === "files" || on === "callbacks") return ({ server }) => server === on
  if (typeof on === "object" && "file" in on) return forJob("files", on.file)
  if (typeof on === "object" && "callback" in on) return forJob("callbacks", on.callback)
  if (typeof on === "object" && "account" in on) return ({ account }) => account === on.account
  return operations.has(String(on)) ? ({ operation }) => operation === on : forJob("api", on)
}

const forJob = (server: RequestTarget["server"], input: JobRefInput) => {
  const ref = String(Result.getOrThrow(JobRef.parse(input)))
  return (target: RequestTarget) => target.server === server && target.ref === ref
}

const operations: ReadonlySet<string> = new Set(Object.values(jobKinds).map(({ operationId }) => operationId))

const defaultTarget = (fault: Fault.Fault): FaultTarget =>
  Fault.isFileFault(fault) ? "files" : Fault.isCallbackFault(fault) ? "callbacks" : "api"
