import { getEventListeners } from "node:events"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { JobStatus } from "@ttd-jobs/core"
import { downloadToFile, downloadToFileEffect } from "@ttd-jobs/core/node"
import { createClient, DownloadError, type JobStatusClient, ResultUnavailableError } from "@ttd-jobs/core/promise"
import { Fault, ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { fixture, optionsFor } from "../support/Fixture.ts"
import { jobWith } from "./support/Downloads.ts"
import { folder } from "./support/Folder.ts"

const size = 500_000

/** A test with a client of promises, on the real clock. */
const withClient = (
  title: string,
  test: (client: JobStatusClient) => Effect.Effect<void, unknown, Simulator | JobStatus | Scope>
) =>
  it.live(title, () =>
    Effect.gen(function* () {
      const client = createClient(yield* optionsFor())
      yield* test(client)
      yield* Effect.promise(() => client.close())
    }).pipe(Effect.scoped, Effect.provide(fixture()))
  )

type Scope = Effect.Services<typeof folder>

const rejection = (promise: Promise<unknown>) =>
  Effect.promise(() =>
    promise.then(
      () => assert.fail("it was kept"),
      (error: unknown) => error
    )
  )

withClient("download is a stream for loops, responses and pipes", (client) =>
  Effect.gen(function* () {
    const ref = yield* jobWith({ size, digests: ["repr-digest"] })
    const bytes = (yield* (yield* Simulator).resultFile(ref)).bytes()
    const looped: Array<Uint8Array> = []
    yield* Effect.promise(async () => {
      for await (const part of client.download(ref)) looped.push(part)
    })
    assert.isTrue(Buffer.concat(looped).equals(bytes))
    const response = new Response(client.download(ref))
    assert.isTrue(Buffer.from(yield* Effect.promise(() => response.arrayBuffer())).equals(bytes))
  })
)

withClient("download rejects with tagged errors that are real ones", (client) =>
  Effect.gen(function* () {
    const { addJob, addFaults } = yield* Simulator
    const running = yield* addJob({ duration: "1 hour" })
    const none = yield* rejection(client.download(running).getReader().read())
    assert.instanceOf(none, ResultUnavailableError)
    assert.instanceOf(none, Error)
    assert.strictEqual(none._tag, "ResultUnavailableError")
    const ref = yield* jobWith({ size })
    yield* addFaults({ fault: Fault.response(451), on: { file: ref } })
    assert.instanceOf(yield* rejection(client.download(ref).getReader().read()), DownloadError)
    const bad = yield* rejection(client.download("job:1").getReader().read())
    assert.propertyVal(bad, "_tag", "InvalidJobRefError")
  })
)

withClient(
  "download ends with its signal's reason, between two reads too, and sends nothing when aborted before",
  (client) =>
    Effect.gen(function* () {
      const { report, reset, addFaults } = yield* Simulator
      yield* reset
      const ref = yield* jobWith({ size })
      const early = client.download(ref, { signal: AbortSignal.abort(new Error("not wanted")) })
      assert.propertyVal(yield* rejection(early.getReader().read()), "message", "not wanted")
      assert.lengthOf((yield* report).requests, 0)
      yield* addFaults({ fault: Fault.stall(1000), on: { file: ref }, times: "always" })
      for (const reads of [1, 2]) {
        const controller = new AbortController()
        const reader = client.download(ref, { signal: controller.signal }).getReader()
        yield* Effect.promise(() => reader.read())
        const pending = reads === 2 ? reader.read() : undefined
        const reason = new Error("enough")
        controller.abort(reason)
        assert.strictEqual(yield* rejection(pending ?? reader.read()), reason)
      }
      yield* noneInFlight
    })
)

withClient("an unread download leaves no listener on its signal", (client) =>
  Effect.gen(function* () {
    const { signal } = new AbortController()
    const streams = Array.from({ length: 50 }, () => client.download("412651", { signal }))
    assert.lengthOf(getEventListeners(signal, "abort"), 0)
    assert.lengthOf(streams, 50)
    const ref = yield* jobWith({ size: 10 })
    yield* Effect.promise(() => new Response(client.download(ref, { signal })).arrayBuffer())
    assert.lengthOf(getEventListeners(signal, "abort"), 0)
  })
)

withClient("close ends an unread download", (client) =>
  Effect.gen(function* () {
    const { addFaults } = yield* Simulator
    const ref = yield* jobWith({ size })
    yield* addFaults({ fault: Fault.stall(1000), on: { file: ref } })
    const reader = client.download(ref).getReader()
    yield* Effect.promise(() => reader.read())
    yield* Effect.promise(() => client.close())
    yield* noneInFlight
    assert.propertyVal(yield* rejection(reader.read()), "name", "AbortError")
  })
)

withClient("D5 downloadToFile stops at its signal and keeps what has come", (client) =>
  Effect.gen(function* () {
    const { resultFile, addFaults } = yield* Simulator
    const directory = yield* folder
    const path = join(directory, "report.csv")
    const ref = yield* jobWith({ size })
    yield* addFaults({ fault: Fault.stall(100_000), on: { file: ref } })
    const controller = new AbortController()
    const stopping = downloadToFile(client, ref, path, {
      signal: controller.signal,
      onProgress: ({ _tag }) => {
        if (_tag === "Progress") setImmediate(() => controller.abort())
      }
    })
    assert.propertyVal(yield* rejection(stopping), "name", "AbortError")
    assert.lengthOf(yield* Effect.promise(() => readdir(directory)), 2)
    const saved = yield* Effect.promise(() => downloadToFile(client, ref, path))
    assert.isAbove(saved.resumedFrom, 0)
    assert.strictEqual(saved.sha256, yield* (yield* resultFile(ref)).sha256)
    assert.deepStrictEqual(yield* Effect.promise(() => readdir(directory)), ["report.csv"])
  })
)

const listeners = {
  throws: () => {
    throw new Error("The listener broke")
  },
  rejects: async () => Promise.reject(new Error("The listener broke"))
}

for (const [how, onProgress] of Object.entries(listeners)) {
  withClient(`a listener that ${how} ends its download, with its error`, (client) =>
    Effect.gen(function* () {
      const ref = yield* jobWith({ size: 5_000_000 })
      const error = yield* rejection(new Response(client.download(ref, { onProgress })).arrayBuffer())
      assert.include(String(error), "The listener broke")
      yield* noneInFlight
    })
  )
}

withClient("downloadToFile takes only clients of this package, and such as are made of one", (client) =>
  Effect.gen(function* () {
    const path = join(yield* folder, "report.csv")
    const alike = new Proxy(client, { has: (target, name) => typeof name === "string" && name in target })
    const error = yield* rejection(downloadToFile(alike, "412651", path))
    assert.propertyVal(error, "_tag", "InvalidSettingError")
    const { addJob } = yield* Simulator
    const ref = yield* addJob({ duration: 0, result: ResultScript.inline("a\n") })
    const { bytes } = yield* Effect.promise(() => downloadToFile({ ...client }, ref, path))
    assert.strictEqual(bytes, 2)
  })
)

withClient("downloadToFileEffect takes only services of this package, and such as are made of one", () =>
  Effect.gen(function* () {
    const path = join(yield* folder, "report.csv")
    const { addJob } = yield* Simulator
    const ref = yield* addJob({ duration: 0, result: ResultScript.inline("a\n") })
    const jobs = yield* JobStatus
    const alike = new Proxy(jobs, { has: (target, name) => typeof name === "string" && name in target })
    const saving = downloadToFileEffect(ref, path)
    const error = yield* Effect.flip(Effect.provideService(saving, JobStatus, alike))
    assert.propertyVal(error, "_tag", "InvalidSettingError")
    const { bytes } = yield* Effect.provideService(saving, JobStatus, { ...jobs })
    assert.strictEqual(bytes, 2)
  })
)

/** Waits until the simulator has no download in flight. */
const noneInFlight = Effect.gen(function* () {
  const { report } = yield* Simulator
  while ((yield* report).files.inFlight > 0) yield* Effect.sleep(5)
})
