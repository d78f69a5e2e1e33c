import { assert, describe, layer } from "@effect/vitest"
import { DownloadError, type FileTransport, JobStatus } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Clock, Effect, Stream } from "effect"
import { fastForward, quiet } from "../support/FastForward.ts"
import { fixture } from "../support/Fixture.ts"
import { Network } from "../support/Network.ts"
import { cutting } from "./support/Cutting.ts"
import { download, fileRequests, jobWith, listening } from "./support/Downloads.ts"

const size = 200_000

describe("D7 a transfer that stalls or breaks", () => {
  layer(fixture())((it) => {
    it.effect("D7 without a byte for 60 s it is resumed from where it was", () =>
      Effect.gen(function* () {
        const { reset, resultFile, addFaults } = yield* Simulator
        yield* reset
        const ref = yield* jobWith({ size })
        yield* addFaults({ fault: Fault.stall(70_000), on: { file: ref } })
        const { events, onProgress } = listening("Interrupted")
        const started = yield* Clock.currentTimeMillis
        assert.deepStrictEqual(yield* download(ref, { onProgress }), (yield* resultFile(ref)).bytes())
        const [event] = events
        assert.strictEqual(event?.reason, "no bytes for 1 min")
        assert.isAtLeast((yield* Clock.currentTimeMillis) - started, 60_000)
        const [, second] = yield* fileRequests
        assert.strictEqual(second?.headers["range"], `bytes=${event?.bytes}-`)
        assert.isAbove(event?.bytes ?? 0, 0)
      })
    )

    it.effect("D7 the idle timeout is a setting, and holds for a response that does not come at all", () =>
      Effect.gen(function* () {
        const { addFaults } = yield* Simulator
        const ref = yield* jobWith({ size })
        yield* addFaults({ fault: Fault.hang, on: { file: ref } })
        const { events, onProgress } = listening("Interrupted")
        assert.strictEqual((yield* download(ref, { onProgress, idleTimeout: "2 seconds" })).length, size)
        assert.strictEqual(events[0]?.reason, "no bytes for 2 s")
      })
    )

    it.effect("D7 the time that a slow consumer takes does not count", () =>
      Effect.gen(function* () {
        const { reset } = yield* Simulator
        yield* reset
        const ref = yield* jobWith({ size })
        const { events, onProgress } = listening("Interrupted")
        const jobs = yield* JobStatus
        const slow = jobs.download(ref, { onProgress }).pipe(
          Stream.tap(() => Effect.sleep("5 minutes")),
          Stream.runFold(
            () => 0,
            (sum, bytes) => sum + bytes.length
          )
        )
        assert.strictEqual(yield* fastForward(slow), size)
        assert.deepStrictEqual(events, [])
        assert.lengthOf(yield* fileRequests, 1)
      })
    )

    it.effect("D7 retries end by time without progress, and progress begins the time anew", () =>
      Effect.gen(function* () {
        const { transport } = yield* Network
        const ref = yield* jobWith({ size: 30 })
        const { events, onProgress } = listening("Interrupted")
        const cuts = { transport: cutting(transport, Array(29).fill(1)) }
        assert.strictEqual((yield* download(ref, { maxRetryTime: "1 second", onProgress }, cuts)).length, 30)
        assert.lengthOf(events, 29)
        const none = { transport: cutting(transport, [7, ...Array(500).fill(0)]) }
        const started = yield* Clock.currentTimeMillis
        const error = yield* Effect.flip(download(ref, { maxRetryTime: "3 minutes" }, none))
        assert.instanceOf(error, DownloadError)
        assert.deepStrictEqual([error.reason, error.bytes, error.size], ["interrupted", 7, 30])
        const seconds = ((yield* Clock.currentTimeMillis) - started) / 1000
        assert.isAbove(seconds, 100)
        assert.isBelow(seconds, 200)
      })
    )

    it.effect("D7 an outage of the storage of nine minutes is survived", () =>
      Effect.gen(function* () {
        const { resultFile } = yield* Simulator
        const { transport } = yield* Network
        const ref = yield* jobWith({ size })
        const back = (yield* Clock.currentTimeMillis) + 540_000
        const clock = yield* Clock.Clock
        let requests = 0
        const outage: FileTransport = async (request) => {
          const response = await transport(request)
          const isOut = requests++ > 0 && clock.currentTimeMillisUnsafe() < back
          return isOut ? { ...response, status: 503, body: null } : response
        }
        const { events, onProgress } = listening("Interrupted")
        const bytes = yield* download(ref, { onProgress }, { transport: cutting(outage, [100_000]) })
        assert.deepStrictEqual(bytes, (yield* resultFile(ref)).bytes())
        assert.isAbove(events.length, 10)
        assert.strictEqual(events[1]?.reason, "the server responded with 503")
      })
    )

    it.effect("D7 a client that does not retry does not resume unless it is told to", () =>
      Effect.gen(function* () {
        const { transport } = yield* Network
        const ref = yield* jobWith({ size })
        const once = () => ({ transport: cutting(transport, [100]), retry: false as const })
        assert.propertyVal(yield* Effect.flip(download(ref, {}, once())), "reason", "interrupted")
        assert.strictEqual((yield* download(ref, { maxRetryTime: "1 minute" }, once())).length, size)
      })
    )

    it.effect("D7 the server's Retry-After is waited for, unless it asks for too long", () =>
      Effect.gen(function* () {
        const { addFaults } = yield* Simulator
        const ref = yield* jobWith({ size })
        yield* addFaults({ fault: Fault.tooManyRequests(20), on: { file: ref } })
        const { events, onProgress } = listening("Interrupted")
        assert.strictEqual((yield* download(ref, { onProgress })).length, size)
        assert.isAtLeast(events[0]?.pause ?? 0, 20_000)
        yield* addFaults({ fault: Fault.serverError(503, 3600), on: { file: ref } })
        const error = yield* Effect.flip(download(ref))
        assert.include(error.message, "asks for a pause of 15 min")
        yield* addFaults({ fault: Fault.serverError(503, 3600), on: { file: ref } })
        assert.strictEqual((yield* download(ref, { maxRetryTime: "20 minutes" })).length, size)
      })
    )

    it.effect("D7 Retry-After may have a fraction, and a date is read against the response's own Date", () =>
      Effect.gen(function* () {
        const { transport } = yield* Network
        const ref = yield* jobWith({ size })
        for (const [headers, pause] of [
          [{ "retry-after": "4.5" }, 4500],
          [{ "retry-after": "Wed, 25 Nov 2026 12:00:09 GMT", date: "Wed, 25 Nov 2026 12:00:00 GMT" }, 9000]
        ] as const) {
          const fields: Readonly<Record<string, string>> = headers
          let requests = 0
          const limited: FileTransport = async (request) => {
            const response = await transport(request)
            return requests++ > 0
              ? response
              : { ...response, status: 503, body: null, header: (name) => fields[name] ?? null }
          }
          const { events, onProgress } = listening("Interrupted")
          assert.strictEqual((yield* download(ref, { onProgress }, { transport: limited })).length, size)
          assert.isAtLeast(events[0]?.pause ?? 0, pause)
          assert.isBelow(events[0]?.pause ?? 0, pause + 1001)
        }
      })
    )

    it.effect("limits size and time", () =>
      Effect.gen(function* () {
        const { addFaults } = yield* Simulator
        const ref = yield* jobWith({ size })
        const chunked = yield* jobWith({ size, chunked: true })
        for (const large of [ref, chunked]) {
          const error = yield* Effect.flip(download(large, { maxBytes: size - 1 }))
          assert.propertyVal(error, "reason", "too-large")
          assert.strictEqual((yield* download(large, { maxBytes: size })).length, size)
        }
        yield* addFaults({ fault: Fault.stall(10), on: { file: ref } })
        const late = yield* Effect.flip(download(ref, { timeout: "30 seconds" }))
        assert.propertyVal(late, "reason", "timeout")
        assert.include(late.message, "30 s")
        for (const bad of [{ timeout: 0 }, { idleTimeout: -1 }, { maxRetryTime: -1 }, { maxBytes: Number.NaN }]) {
          assert.propertyVal(yield* Effect.flip(download(ref, bad)), "_tag", "InvalidSettingError")
        }
      })
    )

    it.effect("stops at once when it is interrupted, and leaves no connection", () =>
      Effect.gen(function* () {
        const { report, reset, addFaults } = yield* Simulator
        yield* reset
        const ref = yield* jobWith({ size })
        yield* addFaults({ fault: Fault.stall(100), on: { file: ref } })
        const jobs = yield* JobStatus
        const first = jobs.download(ref).pipe(Stream.take(1), Stream.runDrain)
        yield* fastForward(first)
        yield* quiet()
        const { files } = yield* report
        assert.deepStrictEqual([files.requests, files.inFlight], [1, 0])
      })
    )
  })
})
