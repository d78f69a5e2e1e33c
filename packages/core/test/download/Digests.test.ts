import { createHash } from "node:crypto"
import { assert, describe, layer } from "@effect/vitest"
import { DownloadError, type FileTransport } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { fixture } from "../support/Fixture.ts"
import { Network } from "../support/Network.ts"
import { cutting } from "./support/Cutting.ts"
import { download, jobWith, listening } from "./support/Downloads.ts"

const size = 100_000

/** Adds header fields to the responses with files, made from each response. */
const adding =
  (transport: FileTransport, headersFor: (status: number) => Record<string, string>): FileTransport =>
  async (request) => {
    const response = await transport(request)
    const headers = headersFor(response.status)
    return { ...response, header: (name) => headers[name] ?? response.header(name) }
  }

const md5Of = (bytes: Uint8Array) => Effect.sync(() => createHash("md5").update(bytes).digest("base64"))

const base64 = (algorithm: string, bytes: Uint8Array<ArrayBuffer>) =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest(algorithm, bytes)),
    (digest) => Buffer.from(digest).toString("base64")
  )

describe("D4 digests of a file", () => {
  layer(fixture())((it) => {
    for (const header of ["content-md5", "digest", "repr-digest"] as const) {
      it.effect(`D4 a corrupt byte is found by ${header}`, () =>
        Effect.gen(function* () {
          const { addFaults } = yield* Simulator
          const ref = yield* jobWith({ size, digests: [header] })
          assert.strictEqual((yield* download(ref)).length, size)
          yield* addFaults({ fault: Fault.corruptBytes(size / 2), on: { file: ref } })
          const error = yield* Effect.flip(download(ref))
          assert.instanceOf(error, DownloadError)
          assert.strictEqual(error.reason, "digest")
          assert.strictEqual(error.bytes, size)
        })
      )

      it.effect(`D4 ${header} is verified for the whole when it came in two parts`, () =>
        Effect.gen(function* () {
          const { addFaults } = yield* Simulator
          const { transport } = yield* Network
          const ref = yield* jobWith({ size, digests: [header] })
          const cut = { transport: cutting(transport, [size / 3]) }
          assert.strictEqual((yield* download(ref, {}, cut)).length, size)
          yield* addFaults({ fault: Fault.corruptBytes(size - 1), skip: 1, on: { file: ref } })
          const error = yield* Effect.flip(download(ref, {}, { transport: cutting(transport, [size / 3]) }))
          assert.propertyVal(error, "reason", "digest")
        })
      )
    }

    it.effect("D4 the Content-Digest of a part is verified for that part", () =>
      Effect.gen(function* () {
        const { resultFile, addFaults } = yield* Simulator
        const { transport } = yield* Network
        const ref = yield* jobWith({ size })
        const rest = (yield* resultFile(ref)).bytes(1000)
        const digest = { "content-digest": `sha-256=:${yield* base64("SHA-256", new Uint8Array(rest))}:` }
        const partly = () => ({
          transport: cutting(
            adding(transport, (status) => (status === 206 ? digest : {})),
            [1000]
          )
        })
        assert.strictEqual((yield* download(ref, {}, partly())).length, size)
        yield* addFaults({ fault: Fault.corruptBytes(2000), skip: 1, on: { file: ref } })
        const error = yield* Effect.flip(download(ref, {}, partly()))
        assert.propertyVal(error, "reason", "digest")
      })
    )

    it.effect("D4 of several digests the strongest counts, and malformed ones are ignored", () =>
      Effect.gen(function* () {
        const { resultFile } = yield* Simulator
        const { transport } = yield* Network
        const ref = yield* jobWith({ size, digests: ["content-md5"] })
        const bytes = new Uint8Array((yield* resultFile(ref)).bytes())
        const wrong = Buffer.alloc(64, 1).toString("base64")
        const right = yield* base64("SHA-512", bytes)
        const attempt = (headers: Record<string, string>) =>
          download(ref, {}, { transport: adding(transport, () => headers) })
        assert.strictEqual((yield* attempt({ digest: `md5=AAAA,sha-512=${right}` })).length, size)
        assert.strictEqual((yield* attempt({ "repr-digest": "sha-256=:AAAA:, crc32=:AAAA:, x" })).length, size)
        const error = yield* Effect.flip(attempt({ "repr-digest": `sha-512=:${wrong}:` }))
        assert.propertyVal(error, "reason", "digest")
      })
    )

    it.effect("D4 a file that ends early is an error", () =>
      Effect.gen(function* () {
        const { addFaults } = yield* Simulator
        const ref = yield* jobWith({ size })
        yield* addFaults({ fault: Fault.wrongLength(1), times: "always", on: { file: ref } })
        const error = yield* Effect.flip(download(ref))
        assert.instanceOf(error, DownloadError)
        assert.strictEqual(error.reason, "interrupted")
        assert.isTrue(error.transient)
      })
    )

    it.effect("D4 a Content-MD5 of the whole on a 206 neither fails the file nor discards what has come", () =>
      Effect.gen(function* () {
        const { resultFile } = yield* Simulator
        const { transport } = yield* Network
        const ref = yield* jobWith({ size })
        const md5 = yield* md5Of((yield* resultFile(ref)).bytes())
        const everywhere = cutting(
          adding(transport, () => ({ "content-md5": md5 })),
          [1000, 2000]
        )
        const { events, onProgress } = listening("Interrupted")
        assert.strictEqual((yield* download(ref, { onProgress }, { transport: everywhere })).length, size)
        assert.deepStrictEqual(
          events.map(({ bytes }) => bytes),
          [1000, 3000]
        )
      })
    )
  })
})
