/** Downloading in a test: all bytes at once, and what happened on the way. */

import {
  CurrentTransport,
  type DownloadEvent,
  type DownloadInput,
  type DownloadOptions,
  type FileTransport,
  JobStatus,
  type JobStatusOptions
} from "@ttd-jobs/core"
import { ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect, Stream } from "effect"
import { fastForward, quiet } from "../../support/FastForward.ts"
import { optionsFor } from "../../support/Fixture.ts"

/** A job that has ended and left a file. */
export const jobWith = Effect.fnUntraced(function* (options: ResultScript.FileOptions) {
  const { addJob } = yield* Simulator
  return yield* addJob({ duration: 0, result: ResultScript.link(options) })
})

/** All bytes of a stream in one piece. */
export const collect = <E, R>(stream: Stream.Stream<Uint8Array, E, R>) =>
  Effect.map(Stream.runCollect(stream), (chunks) => new Uint8Array(Buffer.concat(chunks)))

/** Downloads a job's result with a client of its own, pauses taking no time. */
export const download = Effect.fnUntraced(function* (
  ref: DownloadInput,
  options: DownloadOptions = {},
  client: TestClient = {}
) {
  const bytes = JobStatus.use((jobs) => collect(jobs.download(ref, options)))
  return yield* fastForward(withClient(bytes, client))
})

/** Options of a client, and the transport of its files: a `fetch` of its own is that of its files too. */
export interface TestClient extends JobStatusOptions {
  readonly transport?: FileTransport
}

/** Runs an effect with a client of its own. */
export const withClient = Effect.fnUntraced(function* <A, E, R>(
  effect: Effect.Effect<A, E, R | JobStatus>,
  { transport, ...options }: TestClient = {}
) {
  const provided = transport ?? (options.fetch === undefined ? yield* CurrentTransport : undefined)
  return yield* Effect.provide(effect, JobStatus.layer(yield* optionsFor(options))).pipe(
    Effect.provideService(CurrentTransport, provided)
  )
})

/** A listener that remembers the events of the given kinds. */
export const listening = <Tag extends DownloadEvent["_tag"]>(...tags: ReadonlyArray<Tag>) => {
  const events: Array<Extract<DownloadEvent, { readonly _tag: Tag }>> = []
  const isWanted = (event: DownloadEvent): event is Extract<DownloadEvent, { readonly _tag: Tag }> =>
    tags.some((tag) => tag === event._tag)
  return { events, onProgress: (event: DownloadEvent) => void (isWanted(event) && events.push(event)) }
}

/** The requests for files so far. */
export const fileRequests = Effect.map(
  Effect.flatMap(Simulator, ({ report }) => report),
  ({ requests }) => requests.filter(({ path }) => path.startsWith("/results/"))
)

/** How many bytes the server could send so far, once it sends no more. */
export const sent = Effect.gen(function* () {
  const { report } = yield* Simulator
  let before = -1
  while (true) {
    yield* quiet()
    const { bytes } = (yield* report).files
    if (bytes === before) return bytes
    before = bytes
  }
})
