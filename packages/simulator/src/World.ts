/**
 * What both servers share.
 *
 * @module
 */
import { Effect } from "effect"
import type { ByteSource } from "./ByteSource.ts"
import type { FaultScript } from "./FaultScript.ts"
import type { Recorder } from "./Recorder.ts"
import * as ResultFile from "./ResultFile.ts"
import type { Signer } from "./SignedLink.ts"
import type { SimulatedJob } from "./SimulatedJob.ts"
import type { SimulatedTime } from "./SimulatedTime.ts"

/** The jobs, the time, the faults to come, and where everything is. */
export interface World {
  readonly url: string
  readonly filesUrl: string
  readonly token: string
  readonly seed: string
  readonly time: SimulatedTime
  readonly jobs: Jobs
  readonly faults: FaultScript
  readonly recorder: Recorder
  readonly signer: Signer
  /** The digests of a file, learnt once per file. */
  readonly digestsOf: (key: string, source: ByteSource) => Effect.Effect<ResultFile.Digests>
}

/** The jobs, by reference and by the name of their files. */
export interface Jobs {
  readonly byRef: Map<string, SimulatedJob>
  readonly byFile: Map<string, SimulatedJob>
}

/** How many files' digests are remembered. */
const mostDigests = 1_000

/** Remembers the digests of files. */
export const makeDigests = (): World["digestsOf"] => {
  const known = new Map<string, Effect.Effect<ResultFile.Digests>>()
  return Effect.fnUntraced(function* (key, source) {
    const found = known.get(key)
    if (found !== undefined) return yield* found
    const learning = yield* Effect.cached(ResultFile.digestsOf(source))
    if (known.size >= mostDigests) known.clear()
    known.set(key, learning)
    return yield* learning
  })
}
