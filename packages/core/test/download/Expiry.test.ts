import { assert, describe, layer } from "@effect/vitest"
import { DownloadError, type JobRef, JobStatus, ResultUnavailableError } from "@ttd-jobs/core"
import { Fault, ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Duration, Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { fastForward } from "../support/FastForward.ts"
import { fixture } from "../support/Fixture.ts"
import { Network } from "../support/Network.ts"
import { cutting } from "./support/Cutting.ts"
import { download, fileRequests, jobWith, listening, withClient } from "./support/Downloads.ts"

const size = 50_000

/** How many status calls a job had. */
const statusCalls = (ref: JobRef) =>
  Effect.map(
    Effect.flatMap(Simulator, ({ report }) => report),
    ({ refs }) => refs[String(ref)]?.requests ?? 0
  )

describe("D8 links and results that expire", () => {
  layer(fixture())((it) => {
    for (const status of [403, 404, 410] as const) {
      it.effect(`D8 a link with status ${status} is renewed by one status call`, () =>
        Effect.gen(function* () {
          const { addFaults } = yield* Simulator
          const ref = yield* jobWith({ size })
          yield* addFaults({ fault: Fault.expiredLink(status), on: { file: ref } })
          const { events, onProgress } = listening("LinkExpired", "Interrupted")
          assert.strictEqual((yield* download(ref, { onProgress })).length, size)
          assert.deepStrictEqual(events, [{ _tag: "LinkExpired", ref: String(ref), bytes: 0 }])
          assert.strictEqual(yield* statusCalls(ref), 2)
        })
      )

      it.effect(`D8 a link that stays ${status} ends the download after one renewal`, () =>
        Effect.gen(function* () {
          const { reset, addFaults } = yield* Simulator
          yield* reset
          const ref = yield* jobWith({ size })
          yield* addFaults({ fault: Fault.expiredLink(status), on: { file: ref }, times: "always" })
          const error = yield* Effect.flip(download(ref))
          assert.instanceOf(error, DownloadError)
          assert.deepStrictEqual([error.reason, error.status, error.transient], ["refused", status, false])
          // What the storage says about it, in the code that its own documentation explains.
          assert.match(error.issue, /with \d+ too \(\w+\)$/)
          assert.strictEqual(yield* statusCalls(ref), 2)
          assert.lengthOf(yield* fileRequests, 2)
        })
      )
    }

    it.effect("D8 a key that expired with a link is renewed with it, though the status is 400", () =>
      Effect.gen(function* () {
        const { addFaults } = yield* Simulator
        const ref = yield* jobWith({ size })
        yield* addFaults({ fault: Fault.response(400, { body: "<Code>ExpiredToken</Code>" }), on: { file: ref } })
        assert.strictEqual((yield* download(ref)).length, size)
        assert.strictEqual(yield* statusCalls(ref), 2)
      })
    )

    it.effect("D8 401 is not an expired link", () =>
      Effect.gen(function* () {
        const { addFaults } = yield* Simulator
        const ref = yield* jobWith({ size })
        yield* addFaults({ fault: Fault.expiredLink(401), on: { file: ref } })
        const error = yield* Effect.flip(download(ref))
        assert.deepStrictEqual([error._tag, "status" in error && error.status], ["DownloadError", 401])
        assert.strictEqual(yield* statusCalls(ref), 1)
      })
    )

    it.effect("D8 a transfer outlives any number of links, as long as each brings bytes", () =>
      Effect.gen(function* () {
        const { resultFile } = yield* Simulator
        const { transport } = yield* Network
        const ref = yield* jobWith({ size, linkLifetime: "1 minute" })
        const { events, onProgress } = listening("LinkExpired")
        const client = { transport: cutting(transport, [100, undefined, 200, undefined, 300]) }
        const parts: Array<Uint8Array> = []
        const slow = JobStatus.use((jobs) =>
          jobs.download(ref, { onProgress }).pipe(
            Stream.runForEach((bytes) => {
              parts.push(bytes)
              return Effect.sleep("2 minutes")
            })
          )
        )
        yield* fastForward(withClient(slow, client))
        assert.deepStrictEqual(new Uint8Array(Buffer.concat(parts)), (yield* resultFile(ref)).bytes())
        assert.isAtLeast(events.length, 2)
        assert.strictEqual(yield* statusCalls(ref), 1 + events.length)
      })
    )

    it.effect("D8 a result that has expired says how old it is", () =>
      Effect.gen(function* () {
        const ref = yield* (yield* Simulator).addJob({
          duration: 0,
          age: "30 hours",
          result: ResultScript.link({ size })
        })
        const error = yield* Effect.flip(download(ref))
        assert.instanceOf(error, ResultUnavailableError)
        assert.deepStrictEqual([error.reason, error.transient], ["expired", false])
        assert.closeTo(error.age ?? 0, 30 * 3_600_000, 2)
        assert.include(error.message, "30 h ago")
      })
    )

    it.effect("D8 a result that expires during the download says so, also where no status does", () =>
      Effect.gen(function* () {
        const { transport } = yield* Network
        const { addJob } = yield* Simulator
        const results = [
          { kind: "standard", age: "23 hours", least: 25 * 3_600_000 },
          { kind: "graphql-bulk", age: "30 minutes", least: 2 * 3_600_000 }
        ] as const
        for (const { age, kind, least } of results) {
          const ref = yield* addJob({ kind, duration: 0, age, result: ResultScript.link({ size }) })
          const client = { transport: cutting(transport, [100]) }
          const slow = JobStatus.use((jobs) => Stream.runForEach(jobs.download(ref), () => Effect.sleep("2 hours")))
          const error = yield* Effect.flip(fastForward(withClient(slow, client)))
          assert.instanceOf(error, ResultUnavailableError)
          assert.strictEqual(error.reason, "expired")
          assert.isAtLeast(error.age ?? 0, least)
        }
      })
    )

    it.effect("warns when less than an hour is left", () =>
      Effect.gen(function* () {
        const { addJob } = yield* Simulator
        for (const [age, left] of [
          [Duration.hours(23.5), [1800]],
          [Duration.hours(22), []]
        ] as const) {
          const ref = yield* addJob({ duration: 0, age, result: ResultScript.link({ size }) })
          const { events, onProgress } = listening("ExpiresSoon")
          yield* download(ref, { onProgress })
          assert.deepStrictEqual(
            events.map((event) => Math.round(event.left / 1000)),
            [...left]
          )
        }
      })
    )

    it.effect("says why there is no result: not finished, none", () =>
      Effect.gen(function* () {
        const { addJob } = yield* Simulator
        const running = yield* addJob({ duration: "1 hour" })
        yield* TestClock.adjust("30 minutes")
        const unfinished = yield* Effect.flip(download(running))
        assert.instanceOf(unfinished, ResultUnavailableError)
        assert.deepStrictEqual([unfinished.reason, unfinished.age, unfinished.transient], ["not-finished", null, true])
        assert.include(unfinished.message, "InProgress, 50 %")
        for (const [status, errors] of [
          ["Success", null],
          ["Failure", "No rows."]
        ] as const) {
          const ref = yield* addJob({ duration: 0, status, errors, result: ResultScript.none })
          const error = yield* Effect.flip(download(ref))
          assert.instanceOf(error, ResultUnavailableError)
          assert.strictEqual(error.reason, "none")
          assert.include(error.message, `${status}: no result${errors === null ? "" : `; ${errors}`}`)
        }
      })
    )

    it.effect("downloads what a job with a status of its own has left", () =>
      Effect.gen(function* () {
        const ref = yield* (yield* Simulator).addJob({
          duration: 0,
          status: "Archived",
          result: ResultScript.link({ size })
        })
        assert.strictEqual((yield* download(ref)).length, size)
      })
    )
  })
})
