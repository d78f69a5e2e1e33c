import { assert, describe, layer } from "@effect/vitest"
import { JobStatus } from "@ttd-jobs/core"
import { createClient } from "@ttd-jobs/core/promise"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect, Stream } from "effect"
import { quiet } from "../support/FastForward.ts"
import { fixture, optionsFor } from "../support/Fixture.ts"
import { jobWith, sent } from "./support/Downloads.ts"

const size = 2 ** 31

/** What connections, streams and buffers on both sides may hold before the server has to wait, in bytes. */
const inBuffers = 32 * 1024 * 1024

describe("D6 memory while a file of 2 GiB comes", () => {
  layer(fixture())((it) => {
    it.effect("D6 a consumer that takes nothing more makes the server wait", () =>
      Effect.gen(function* () {
        yield* (yield* Simulator).reset
        const ref = yield* jobWith({ size })
        const jobs = yield* JobStatus
        let taken = 0
        const slow = jobs.download(ref, { maxBytes: size }).pipe(
          Stream.tap((bytes) => {
            taken += bytes.length
            return taken < 5_000_000 ? Effect.void : Effect.never
          })
        )
        yield* Effect.forkChild(Stream.runDrain(slow))
        const bytes = yield* sent
        assert.isAtLeast(bytes, taken)
        assert.isBelow(bytes - taken, inBuffers)
      })
    )

    it.effect("D6 so does one with promises, and nothing is asked before it reads", () =>
      Effect.gen(function* () {
        const { report, reset } = yield* Simulator
        yield* reset
        const ref = yield* jobWith({ size })
        const client = createClient(yield* optionsFor())
        const stream = client.download(ref)
        yield* quiet()
        assert.lengthOf((yield* report).requests, 0)
        const reader = stream.getReader()
        const { value } = yield* Effect.promise(() => reader.read())
        const bytes = yield* sent
        assert.isBelow(bytes - (value?.length ?? 0), inBuffers)
        yield* Effect.promise(() => reader.cancel())
        yield* quiet()
        assert.strictEqual((yield* report).files.inFlight, 0)
        yield* Effect.promise(() => client.close())
      })
    )
  })
})
