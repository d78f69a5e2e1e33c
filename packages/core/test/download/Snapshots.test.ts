import { assert, describe, it, layer } from "@effect/vitest"
import { JobSnapshot, JobStatus, ResultUnavailableError } from "@ttd-jobs/core"
import { createClient } from "@ttd-jobs/core/promise"
import { ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect, Stream } from "effect"
import { fastForward } from "../support/FastForward.ts"
import { fixture, optionsFor } from "../support/Fixture.ts"
import { Network } from "../support/Network.ts"
import { cutting } from "./support/Cutting.ts"
import { collect, download, jobWith, withClient } from "./support/Downloads.ts"

const size = 50_000

const statusCalls = Effect.map(
  Effect.flatMap(Simulator, ({ report }) => report),
  ({ requests }) => requests.filter(({ path }) => !path.startsWith("/results/")).length
)

describe("download(snapshot)", () => {
  layer(fixture())((it) => {
    it.effect("a snapshot with a link saves the status call, in every form of it", () =>
      Effect.gen(function* () {
        const { reset } = yield* Simulator
        yield* reset
        const snapshot = yield* JobStatus.use((jobs) => Effect.flatMap(jobWith({ size }), (ref) => jobs.get(ref)))
        const json = JobSnapshot.toJson(snapshot)
        const plain = { ...json, createdAt: new Date(json.createdAt) }
        for (const form of [snapshot, json, plain, JSON.parse(JSON.stringify(snapshot))]) {
          assert.lengthOf(yield* download(form), size)
        }
        assert.strictEqual(yield* statusCalls, 1)
      })
    )

    it.effect("an inline result is not requested again by the client that has just got it, else once", () =>
      Effect.gen(function* () {
        const { addJob, reset } = yield* Simulator
        yield* reset
        const ref = yield* addJob({ duration: 0, result: ResultScript.inline("a,b\n") })
        const both = JobStatus.use((jobs) =>
          Effect.flatMap(jobs.wait(ref), (snapshot) =>
            Effect.all([collect(jobs.download(snapshot)), collect(jobs.download(JobSnapshot.toJson(snapshot)))])
          )
        )
        const [kept, requested] = yield* fastForward(withClient(both))
        assert.strictEqual(Buffer.from(kept).toString(), "a,b\n")
        assert.deepStrictEqual(kept, requested)
        assert.strictEqual(yield* statusCalls, 2)
      })
    )

    it.effect("an expired link of a snapshot is renewed by one status call", () =>
      Effect.gen(function* () {
        const { reset } = yield* Simulator
        yield* reset
        const ref = yield* jobWith({ size, linkLifetime: "1 minute" })
        const late = JobStatus.use((jobs) =>
          Effect.flatMap(jobs.get(ref), (snapshot) =>
            Effect.andThen(Effect.sleep("2 minutes"), collect(jobs.download(snapshot)))
          )
        )
        assert.lengthOf(yield* fastForward(withClient(late)), size)
        assert.strictEqual(yield* statusCalls, 2)
      })
    )

    it.effect(
      "a terminal snapshot without a result fails without a request; one of a running job needs a status call",
      () =>
        Effect.gen(function* () {
          const { addJob, reset } = yield* Simulator
          const none = yield* addJob({ duration: 0, result: ResultScript.none })
          const running = yield* addJob({ duration: "1 hour", result: ResultScript.inline("a") })
          const jobs = yield* JobStatus
          const [ended, unfinished] = yield* Effect.all([jobs.get(none), jobs.get(running)])
          yield* reset
          const error = yield* Effect.flip(download(ended))
          assert.instanceOf(error, ResultUnavailableError)
          assert.strictEqual(error.reason, "none")
          assert.strictEqual(yield* statusCalls, 0)
          assert.propertyVal(yield* Effect.flip(download(unfinished)), "_tag", "ProblemDetailsError")
          assert.strictEqual(yield* statusCalls, 1)
        })
    )
  })
})

describe("openDownload", () => {
  layer(fixture())((it) => {
    it.effect("says what the file is, and resumes bytes that are kept elsewhere", () =>
      Effect.gen(function* () {
        const { resultFile } = yield* Simulator
        const { transport } = yield* Network
        const ref = yield* jobWith({ size, name: "spend.csv" })
        const source = (yield* resultFile(ref)).bytes()
        const kept: Array<Uint8Array> = []
        const first = JobStatus.use((jobs) =>
          Effect.gen(function* () {
            const { bytes, file, offset } = yield* jobs.openDownload(ref, { maxRetryTime: 0 })
            assert.strictEqual(offset, 0)
            assert.include(file.contentDisposition ?? "", "spend.csv")
            yield* Effect.flip(Stream.runForEach(bytes, (chunk) => Effect.sync(() => kept.push(chunk))))
            return file
          }).pipe(Effect.scoped)
        )
        const file = yield* fastForward(withClient(first, { transport: cutting(transport, [20_000]) }))
        const partial = { bytes: Buffer.concat(kept).length, file }
        const second = JobStatus.use((jobs) =>
          Effect.gen(function* () {
            const { bytes, offset } = yield* jobs.openDownload(ref, { partial })
            return { offset, rest: yield* collect(bytes) }
          }).pipe(Effect.scoped)
        )
        const { offset, rest } = yield* fastForward(withClient(second))
        assert.strictEqual(offset, 20_000)
        assert.isTrue(Buffer.concat([...kept, rest]).equals(source))
      })
    )

    it.effect("starts over when the file is another one, if it may", () =>
      Effect.gen(function* () {
        const { resultFile } = yield* Simulator
        const ref = yield* jobWith({ size })
        const validator = { header: "etag", value: '"other"' } as const
        const file = { size, contentType: null, contentDisposition: null, linkName: null, validator, digest: null }
        const discarded: Array<number | null> = []
        const startOver = ({ size }: { readonly size: number | null }) => Effect.sync(() => void discarded.push(size))
        const opened = (options: object) =>
          JobStatus.use((jobs) =>
            Effect.scoped(
              Effect.flatMap(
                jobs.openDownload(ref, { partial: { bytes: 100, file }, ...options }),
                ({ bytes, offset }) => Effect.map(collect(bytes), (bytes) => ({ bytes, offset }))
              )
            )
          )
        const { bytes, offset } = yield* fastForward(withClient(opened({ startOver })))
        assert.deepStrictEqual([offset, discarded], [0, [size]])
        assert.deepStrictEqual(bytes, (yield* resultFile(ref)).bytes())
        assert.propertyVal(yield* Effect.flip(fastForward(withClient(opened({})))), "reason", "changed")
      })
    )
  })
})

it.live("openDownload with promises: a stream of bytes, closed with it", () =>
  Effect.gen(function* () {
    const { report, resultFile } = yield* Simulator
    const ref = yield* jobWith({ size })
    const client = createClient(yield* optionsFor())
    const source = (yield* resultFile(ref)).bytes()
    yield* Effect.promise(async () => {
      const opened = await client.openDownload(String(ref))
      assert.deepStrictEqual([opened.offset, opened.file.size], [0, size])
      assert.isTrue(Buffer.from(await new Response(opened.bytes).arrayBuffer()).equals(source))
      const rest = await client.openDownload(String(ref), { partial: { bytes: 100, file: opened.file } })
      assert.strictEqual(rest.offset, 100)
      await rest[Symbol.asyncDispose]()
      await client.close()
    })
    while ((yield* report).files.inFlight > 0) yield* Effect.sleep(5)
  }).pipe(Effect.scoped, Effect.provide(fixture()))
)
