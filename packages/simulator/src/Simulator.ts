/**
 * The simulator: an API server, a file server, jobs, accounts, and faults on demand.
 *
 * @module
 */
import { JobKind, JobRef, type JobRefInput, jobKinds } from "@ttd-jobs/core"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerError from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import { type AccountOptions, makeAccounts, type RateLimit } from "./Accounts.ts"
import { checkCallback, sendCallback } from "./Callbacks.ts"
import * as Fault from "./Fault.ts"
import { type FaultRule, makeFaultQueue, type RandomFaults } from "./FaultQueue.ts"
import type { JobScript } from "./JobScript.ts"
import { type BulkJobLimits, makeJobStore } from "./JobStore.ts"
import * as OptionChecks from "./OptionChecks.ts"
import { makeRecorder, type SimulatorReport } from "./Recorder.ts"
import * as ResultFile from "./ResultFile.ts"
import { makeResultLinks } from "./ResultLinks.ts"
import * as Routes from "./Routes.ts"
import { defaultAccount, type SimulatedJob } from "./SimulatedJob.ts"
import { makeSimulatedTime } from "./SimulatedTime.ts"
import { makeDigestCache, type SimulatorState } from "./SimulatorState.ts"
import { makeTestServer } from "./TestServer.ts"

/** Settings of a simulator. */
export interface SimulatorOptions {
  /** The address both servers listen on. Default `127.0.0.1`. */
  readonly host?: string | undefined
  /** The API's port. Default 0: any free one. */
  readonly port?: number | undefined
  /** The file server's port. Default 0: any free one. */
  readonly filesPort?: number | undefined
  /** The token of the account `default`. Default `simulator-token`. */
  readonly token?: string | undefined
  /** Further accounts, by name. Default: none. */
  readonly accounts?: Readonly<Record<string, AccountOptions>> | undefined
  /** The rate limit of accounts without one of their own. Default: none. */
  readonly rateLimit?: RateLimit | undefined
  /** The status for a job that another account submitted: 403 or 404 as on the platform. Default: every account may read it. */
  readonly submitterOnly?: 403 | 404 | undefined
  /** How many bulk jobs of an account may run and wait: `true` for upstream's 10 and 20. Default: no limit. */
  readonly bulkJobLimits?: BulkJobLimits | boolean | undefined
  /** How long results exist after the end of the job, by kind. Default: 24 hours for standard jobs, 1 hour for GraphQL jobs. */
  readonly resultLifetime?: Readonly<Partial<Record<JobKind, Duration.Input>>> | undefined
  /** Simulated seconds per second of Effect's clock, from 0 (time stands still). Default 1. */
  readonly speed?: number | undefined
  /** Ids, links, files and random faults are the same for the same seed. Default `simulator`. */
  readonly seed?: string | undefined
  /** Default: none. */
  readonly randomFaults?: RandomFaults | undefined
  /** How many requests and callbacks the report contains, from 0. Default 1,000. */
  readonly log?: number | undefined
  /** How many jobs are kept, from 1; beyond that the oldest one is removed. Default 100,000. */
  readonly maxJobs?: number | undefined
}

/** One of the simulator's servers. */
export type ServerName = "api" | "files"

/**
 * A simulated Workflows API: real HTTP on two ports, until its scope closes.
 *
 * @example
 * ```ts
 * import { JobStatus } from "@ttd-jobs/core"
 * import { Simulator } from "@ttd-jobs/simulator"
 * import { Effect, Redacted } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const simulator = yield* Simulator
 *   const ref = yield* simulator.addJob({ duration: "10 seconds" })
 *   const jobs = JobStatus.layer({ server: simulator.url, token: Redacted.make(simulator.token) })
 *   return yield* JobStatus.use((status) => status.get(ref)).pipe(Effect.provide(jobs))
 * }).pipe(Effect.provide(Simulator.layer()))
 * ```
 */
export class Simulator extends Context.Service<
  Simulator,
  {
    /** The API's base URL, such as `http://127.0.0.1:40123`. */
    readonly url: string
    /** The file server's origin: the same host, another port. */
    readonly filesUrl: string
    /** The token of the account `default`, for `TTD-Auth`. */
    readonly token: string
    /**
     * Adds a job as of now. Dies with core's `InvalidJobRefError` when the kind cannot have the given id, with a `RangeError` when
     * another field is invalid, or the account has too many queued bulk jobs.
     */
    readonly addJob: (script: JobScript) => Effect.Effect<JobRef>
    /** Adds faults to the queue. A request meets the first one that applies to it. Dies with a `RangeError` when a rule is invalid. */
    readonly addFaults: (
      faults: FaultRule | Fault.Fault | ReadonlyArray<FaultRule | Fault.Fault>
    ) => Effect.Effect<void>
    /** Removes all faults that `addFaults` added. */
    readonly clearFaults: Effect.Effect<void>
    /** Replaces the faults at random; undefined for none. */
    readonly setRandomFaults: (faults: RandomFaults | undefined) => Effect.Effect<void>
    /** Adds an account, or replaces its tokens and rate limit. Dies with a `RangeError` when a token belongs to another account. */
    readonly setAccount: (name: string, options: AccountOptions) => Effect.Effect<void>
    /** Removes an account, so that its tokens are rejected. Its jobs stay. */
    readonly removeAccount: (name: string) => Effect.Effect<void>
    /** Closes all connections of a server, or of both, and refuses new ones until `start`. Jobs, faults and counts are kept. */
    readonly stop: (server?: ServerName) => Effect.Effect<void>
    /** Lets a server, or both, listen on its port again. Fails when the port is in use. */
    readonly start: (server?: ServerName) => Effect.Effect<void, HttpServerError.ServeError>
    /** The result file of a job, to compare with a download. Dies when the job has none. */
    readonly resultFile: (ref: JobRefInput) => Effect.Effect<ResultFile.ResultFile>
    /** Counts and logs of the requests so far. */
    readonly report: Effect.Effect<SimulatorReport>
    /** Removes jobs, faults and counts; accounts stay. Requests in flight get their responses, but are not counted. */
    readonly reset: Effect.Effect<void>
  }
>()("@ttd-jobs/simulator/Simulator") {
  /**
   * A simulator in a scope of its own. Fails when a port is in use, dies with a `RangeError` when an option is invalid. Its time is
   * Effect's clock: `TestClock` under `it.effect`.
   */
  static readonly layer = (options: SimulatorOptions = {}): Layer.Layer<Simulator, HttpServerError.ServeError> =>
    Layer.effect(Simulator, make(options))
}

const make = Effect.fnUntraced(function* (options: SimulatorOptions) {
  const { host = "127.0.0.1", seed = "simulator", token = "simulator-token" } = options
  const settings = checked(options)
  const accounts = makeAccounts(options.rateLimit)
  accounts.set(defaultAccount, { token })
  for (const [name, account] of Object.entries(options.accounts ?? {})) accounts.set(name, account)
  const servers = {
    api: yield* makeTestServer(host, options.port ?? 0),
    files: yield* makeTestServer(host, options.filesPort ?? 0)
  }
  const ids = yield* seeded(`${seed}:ids`)
  const state: SimulatorState = {
    url: servers.api.url,
    filesUrl: servers.files.url,
    seed,
    time: yield* makeSimulatedTime(settings.speed),
    jobs: makeJobStore({ ...settings, firstId: 100_000 + Math.floor(ids.nextDoubleUnsafe() * 800_000) }),
    accounts,
    submitterOnly: options.submitterOnly ?? null,
    faults: makeFaultQueue(options.randomFaults, yield* seeded(`${seed}:faults`)),
    recorder: makeRecorder(settings.log),
    links: makeResultLinks(seed),
    digestsOf: makeDigestCache()
  }
  yield* servers.api.serve(yield* withLongIds(Routes.api(state, requestIds(seed))))
  yield* servers.files.serve(yield* withLongIds(Routes.files(state)))
  const scope = yield* Effect.scope
  const each = <E>(
    server: ServerName | undefined,
    use: (server: (typeof servers)[ServerName]) => Effect.Effect<void, E>
  ) => Effect.forEach(server === undefined ? Object.values(servers) : [servers[server]], use, { discard: true })
  const addFaults = Effect.fn("Simulator.addFaults")(function* (
    faults: FaultRule | Fault.Fault | ReadonlyArray<FaultRule | Fault.Fault>
  ) {
    state.faults.add(isList(faults) ? faults : [faults], yield* Clock.currentTimeMillis)
  })
  return Simulator.of({
    url: state.url,
    filesUrl: state.filesUrl,
    token,
    addJob: Effect.fn("Simulator.addJob")(function* (script) {
      if (script.callback !== undefined) checkCallback(script.kind ?? "standard", script.callback)
      const job = state.jobs.add(script, yield* state.time.now)
      if (script.callback !== undefined) yield* Effect.forkIn(callback(state, job, script.callback), scope)
      return job.ref
    }),
    addFaults,
    clearFaults: Effect.sync(state.faults.clear),
    setRandomFaults: (faults) => Effect.sync(() => state.faults.setRandom(faults)),
    setAccount: (name, account) => Effect.sync(() => accounts.set(name, account)),
    removeAccount: (name) => Effect.sync(() => accounts.remove(name)),
    stop: (server) => each(server, ({ stop }) => stop),
    start: (server) => each(server, ({ start }) => start),
    resultFile: Effect.fn("Simulator.resultFile")(function* (input) {
      const ref = Result.getOrThrow(JobRef.parse(input))
      const result = state.jobs.byRef(String(ref))?.result
      if (result?._tag !== "FileResult") return yield* Effect.die(new Error(`${ref} has no result file.`))
      return ResultFile.ofJob(seed, ref, result)
    }),
    report: Effect.sync(state.recorder.report),
    reset: Effect.sync(() => {
      state.jobs.clear()
      state.faults.clear()
      state.recorder.reset()
    })
  })
})

/** Sends the callback when the job ends, unless the job was replaced or removed before. */
const callback = Effect.fnUntraced(function* (
  { faults, jobs, recorder, time }: SimulatorState,
  job: SimulatedJob,
  script: NonNullable<JobScript["callback"]>
) {
  yield* time.sleepUntil(job.endsAt)
  const ref = String(job.ref)
  if (jobs.byRef(ref) !== job) return
  const target = { server: "callbacks", operation: null, ref, account: null } as const
  const fault = faults.take(target, yield* Clock.currentTimeMillis)
  yield* sendCallback(job, script, Fault.isCallbackFault(fault) ? fault : Fault.none, recorder)
})

const checked = (options: SimulatorOptions) => {
  const { bulkJobLimits: limits = false, resultLifetime = {} } = options
  const { active = 10, queued = 20 } = typeof limits === "object" ? limits : {}
  const lifetimeOf = (kind: JobKind) =>
    OptionChecks.duration("resultLifetime", resultLifetime[kind] ?? jobKinds[kind].resultLifetime)
  JobKind.literals.forEach(lifetimeOf)
  return {
    speed: OptionChecks.inRange("speed", options.speed ?? 1, 0, Number.MAX_SAFE_INTEGER),
    log: OptionChecks.integer("log", options.log ?? 1_000, 0),
    maxJobs: OptionChecks.integer("maxJobs", options.maxJobs ?? 100_000, 1),
    bulkJobLimits:
      limits === false
        ? undefined
        : { active: OptionChecks.integer("active", active, 1), queued: OptionChecks.integer("queued", queued, 0) },
    resultLifetime: lifetimeOf
  }
}

const requestIds = (seed: string) => {
  const prefix = (Hash.string(seed) >>> 0).toString(16).padStart(8, "0")
  let requests = 0
  return () => `${prefix}-${String(++requests).padStart(8, "0")}`
}

const isList = <A>(value: A | ReadonlyArray<A>): value is ReadonlyArray<A> => Array.isArray(value)

/** The router rejects path parameters above 100 characters by default. */
const withLongIds = Effect.provideService(HttpRouter.RouterConfig, { maxParamLength: 16_384 })

/** A generator of its own for each purpose, so that drawing for one does not change another. */
const seeded = (seed: string) => Effect.service(Random.Random).pipe(Random.withSeed(seed))
