/**
 * `ttd-jobs simulate`: the API's stand-in on this machine, with jobs to try.
 *
 * @module
 */
import type { JobRef } from "@ttd-jobs/core"
import { formatDuration } from "@ttd-jobs/core/text"
import { Simulator, type SimulatorOptions } from "@ttd-jobs/simulator"
import { Duration, Effect, Layer } from "effect"
import { jsonLine } from "../display/JsonLine.ts"
import { type OutputError, Streams } from "../display/Streams.ts"
import { UsageError } from "../exit/Failure.ts"
import type { Invocation } from "../input/Commands.ts"
import { tokenVariable } from "../input/TokenSource.ts"

import { type SampleJob, sampleJobs } from "./SampleJobs.ts"

/** Runs the simulator until it is stopped. */
export const run = Effect.fnUntraced(function* ({ options }: Invocation<"simulate">) {
  const { faults, json, port, seed, speed } = options
  const every = Duration.millis(options.every?.millis ?? 30_000)
  const layer = listening({
    port,
    speed,
    seed,
    randomFaults: faults === undefined ? undefined : { rate: faults / 100 }
  })
  return yield* Effect.provide(offerJobs(every, json), layer)
})

/** How long the slowest of the jobs takes, in simulated seconds: time enough to type a command. */
const slowest = 120

const offerJobs = Effect.fnUntraced(function* (
  every: Duration.Duration,
  json: boolean
): Effect.fn.Return<never, OutputError, Simulator | Streams> {
  const { addJob, filesUrl, token, url } = yield* Simulator
  const { stdout } = yield* Streams
  const samples = sampleJobs(slowest)
  const jobs = yield* Effect.forEach(samples, (sample) =>
    Effect.map(addJob(sample.script), (ref) => ({ ref, ...sample }))
  )
  yield* stdout.write(
    json
      ? jsonLine({ url, filesUrl, token, jobs: jobs.map(({ ref, story }) => ({ ref: String(ref), story })) })
      : introduction({ url, token, every, jobs })
  )
  if (Duration.isZero(every)) return yield* Effect.never
  const addOne = Effect.fnUntraced(function* ({ script: { id: _, ...script }, story }: SampleJob) {
    yield* Effect.sleep(every)
    const ref = String(yield* addJob(script))
    yield* stdout.write(json ? jsonLine({ ref, story }) : `+ ${ref} ${story}\n`)
  })
  return yield* Effect.forever(Effect.forEach(samples, addOne, { discard: true }))
})

interface Introduction {
  readonly url: string
  readonly token: string
  readonly every: Duration.Duration
  readonly jobs: ReadonlyArray<SampleJob & { readonly ref: JobRef }>
}

const introduction = ({ every, jobs, token, url }: Introduction): string => {
  const refs = jobs.map(({ ref }) => String(ref))
  const width = Math.max(...refs.map((ref) => ref.length))
  const [inline = "", file = ""] = refs
  return `A simulated API listens on ${url} until you press Ctrl-C.

In another shell:

  export WORKFLOWS_SERVER=${url}
  export ${tokenVariable}=${token}

  ttd-jobs status ${inline}
  ttd-jobs watch ${refs.join(" ")}
  ttd-jobs download ${file}

Its jobs:

${jobs.map(({ story }, index) => `  ${(refs[index] ?? "").padEnd(width)}  ${story}`).join("\n")}

${Duration.isZero(every) ? "" : `One more starts every ${formatDuration(Duration.toMillis(every))}:\n`}`
}

const listening = (options: SimulatorOptions): Layer.Layer<Simulator, UsageError> =>
  Layer.catchTag(Simulator.layer(options), "ServeError", ({ cause }) =>
    Layer.effect(
      Simulator,
      new UsageError({
        message: `port ${options.port ?? 0} cannot be listened on: ${cause instanceof Error ? cause.message : String(cause)}`,
        advice: "Give another --port, or none for a free one."
      })
    )
  )
