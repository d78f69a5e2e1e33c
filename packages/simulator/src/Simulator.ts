/**
 * The stand-in itself: two HTTP servers, jobs, and faults on demand.
 *
 * @module
 */
import { createServer, type Server } from "node:http"
import { NodeHttpServer } from "@effect/platform-node"
import { JobRef, type JobRefInput } from "@ttd-jobs/core"
import { Context, Effect, Hash, Layer, Random, Result, type Scope } from "effect"
import { HttpRouter, HttpServer, type HttpServerError } from "effect/http"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Bounds from "./Bounds.ts"
import type * as Fault from "./Fault.ts"
import { type FaultRule, make as makeFaultScript, type RandomFaults } from "./FaultScript.ts"
import { fileNameOf } from "./FileServer.ts"
import type { JobScript } from "./JobScript.ts"
import { make as makeRecorder, type SimulatorReport } from "./Recorder.ts"
import * as ResultFile from "./ResultFile.ts"
import * as Routes from "./Routes.ts"
import * as SignedLink from "./SignedLink.ts"
import * as SimulatedJob from "./SimulatedJob.ts"
import * as SimulatedTime from "./SimulatedTime.ts"
import { makeDigests, type World } from "./World.ts"

/** Settings of a simulator. */
export interface SimulatorOptions {
  /** The address both servers listen on. Default `127.0.0.1`. */
  readonly host?: string | undefined
  /** The API's port. Default 0: any free one. */
  readonly port?: number | undefined
  /** The file server's port. Default 0: any free one. */
  readonly filesPort?: number | undefined
  /** What `TTD-Auth` must be. Default `simulator-token`. */
  readonly token?: string | undefined
  /** Simulated seconds per second of Effect's clock, from 0 (time stands still). Default 1. */
  readonly speed?: number | undefined
  /** Ids, links, files and random faults are the same for the same seed. Default `simulator`. */
  readonly seed?: string | undefined
  /** Default: none. */
  readonly randomFaults?: RandomFaults | undefined
  /** How many requests the report's log holds, from 0. Default 1,000. */
  readonly log?: number | undefined
}

/**
 * A stand-in for the Workflows API: real HTTP on two ports, until its scope closes.
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
    /** What `TTD-Auth` must be. */
    readonly token: string
    /**
     * Adds a job as of now. Dies with core's `InvalidJobRefError` when the kind cannot have the given id, with a `RangeError` when
     * a time is none.
     */
    readonly addJob: (script: JobScript) => Effect.Effect<JobRef>
    /** Adds faults to the queue. A request meets the first one that is for it. */
    readonly script: (faults: FaultRule | Fault.Fault | ReadonlyArray<FaultRule | Fault.Fault>) => Effect.Effect<void>
    /** The result file of a job, to compare with what was downloaded. Dies when the job has none. */
    readonly resultFile: (ref: JobRefInput) => Effect.Effect<ResultFile.ResultFile>
    /** What was asked so far. */
    readonly report: Effect.Effect<SimulatorReport>
    /** Forgets jobs, faults and counts. Requests in flight are answered, but count no more. */
    readonly reset: Effect.Effect<void>
  }
>()("@ttd-jobs/simulator/Simulator") {
  /**
   * A simulator of its own. Fails when a port cannot be had, dies with a `RangeError` when an option is out of range. Its time is
   * Effect's clock: `TestClock` under `it.effect`.
   */
  static readonly layer = (options: SimulatorOptions = {}): Layer.Layer<Simulator, HttpServerError.ServeError> =>
    Layer.effect(Simulator, make(options))
}

const make = Effect.fnUntraced(function* (options: SimulatorOptions) {
  const { host = "127.0.0.1", seed = "simulator", token = "simulator-token" } = options
  const speed = Bounds.within("speed", options.speed ?? 1, 0, Number.MAX_SAFE_INTEGER)
  const log = Bounds.whole("log", options.log ?? 1_000, 0)
  const api = yield* listen(host, options.port ?? 0)
  const files = yield* listen(host, options.filesPort ?? 0)
  const ids = yield* seeded(`${seed}:ids`)
  const faults = makeFaultScript(options.randomFaults, yield* seeded(`${seed}:faults`))
  const recorder = makeRecorder(log)
  const jobs = { byRef: new Map(), byFile: new Map() }
  const world: World = {
    url: api.url,
    filesUrl: files.url,
    token,
    seed,
    time: yield* SimulatedTime.make(speed),
    jobs,
    faults,
    recorder,
    signer: SignedLink.make(seed),
    digestsOf: makeDigests()
  }
  const prefix = (Hash.string(seed) >>> 0).toString(16).padStart(8, "0")
  let requests = 0
  const requestId = () => `${prefix}-${String(++requests).padStart(8, "0")}`
  yield* api.serve(yield* withLongIds(Routes.api(world, requestId)))
  yield* files.serve(yield* withLongIds(Routes.files(world)))
  let drawn = 100_000 + Math.floor(ids.nextDoubleUnsafe() * 800_000)
  return Simulator.of({
    url: world.url,
    filesUrl: world.filesUrl,
    token,
    addJob: Effect.fn("Simulator.addJob")(function* (script) {
      while (world.jobs.byRef.has(`${script.kind ?? "standard"}:${drawn}`)) drawn++
      const job = SimulatedJob.make(script, yield* world.time.now, String(drawn++))
      world.jobs.byRef.set(String(job.ref), job)
      world.jobs.byFile.set(fileNameOf(job), job)
      return job.ref
    }),
    script: (rules) => Effect.sync(() => faults.add(Array.isArray(rules) ? rules : [rules])),
    resultFile: Effect.fn("Simulator.resultFile")(function* (input) {
      const ref = Result.getOrThrow(JobRef.parse(input))
      const result = world.jobs.byRef.get(String(ref))?.result
      if (result?._tag !== "FileResult") return yield* Effect.die(new Error(`${ref} has no result file.`))
      return ResultFile.ofJob(seed, ref, result)
    }),
    report: Effect.sync(() => recorder.report()),
    reset: Effect.sync(() => {
      world.jobs.byRef.clear()
      world.jobs.byFile.clear()
      faults.clear()
      recorder.reset()
    })
  })
})

/** A server whose connections all end with the scope, hanging ones too, whatever clock is in force. */
const listen = Effect.fnUntraced(function* (host: string, port: number) {
  const node = createServer({ highWaterMark: 1024 * 1024 })
  const { address, serve } = yield* NodeHttpServer.make(() => node, { host, port, disablePreemptiveShutdown: true })
  return {
    url: HttpServer.formatAddress(address),
    serve: <E>(app: Effect.Effect<HttpServerResponse, E, HttpServerRequest | Scope.Scope>) =>
      // Last in is first out: connections end before handlers do, which would answer that they were interrupted.
      Effect.andThen(
        serve(app),
        Effect.addFinalizer(() => shut(node))
      )
  }
})

const shut = (server: Server) =>
  Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })

/** The router refuses path parameters above 100 characters unless told otherwise. */
const withLongIds = Effect.provideService(HttpRouter.RouterConfig, { maxParamLength: 16_384 })

/** A generator of its own for each purpose, so that drawing for one does not change another. */
const seeded = (seed: string) => Effect.service(Random.Random).pipe(Random.withSeed(seed))
