/**
 * State shared by the API server and the file server.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { Accounts } from "./Accounts.ts"
import type { ByteSource } from "./ByteSource.ts"
import type { FaultQueue } from "./FaultQueue.ts"
import type { JobStore } from "./JobStore.ts"
import type { Recorder } from "./Recorder.ts"
import * as ResultFile from "./ResultFile.ts"
import type { ResultLinks } from "./ResultLinks.ts"
import type { SimulatedTime } from "./SimulatedTime.ts"

/** Jobs, accounts, time, faults, records, and the addresses of both servers. */
export interface SimulatorState {
  readonly url: string
  readonly filesUrl: string
  readonly seed: string
  readonly time: SimulatedTime
  readonly jobs: JobStore
  readonly accounts: Accounts
  /** The status for a job that another account submitted; null: every account may read it. */
  readonly submitterOnly: 403 | 404 | null
  readonly faults: FaultQueue
  readonly recorder: Recorder
  readonly links: ResultLinks
  /** The digests of a file, computed once per file. */
  readonly digestsOf: DigestCache
}

/** Computes the digests of a source, or returns those computed before under the same key. */
export type DigestCache = (key: string, source: ByteSource) => Effect.Effect<ResultFile.Digests>

/** How many files' digests are kept. */
const maxDigests = 1_000

/** An empty cache of digests. */
export const makeDigestCache = (): DigestCache => {
  const known = new Map<string, Effect.Effect<ResultFile.Digests>>()
  return Effect.fnUntraced(function* (key, source) {
    const found = known.get(key)
    if (found !== undefined) return yield* found
    const digests = yield* Effect.cached(ResultFile.digestsOf(source))
    if (known.size >= maxDigests) known.clear()
    known.set(key, digests)
    return yield* digests
  })
}
