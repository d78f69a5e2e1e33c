import { assert, describe, layer } from "@effect/vitest"
import { DownloadError } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { fixture } from "../support/Fixture.ts"
import { Network } from "../support/Network.ts"
import { cutting } from "./support/Cutting.ts"
import { download, jobWith } from "./support/Downloads.ts"

const size = 100_000

/** Gives the answers to requests for files further headers, made from each answer's own. */
const adding =
  (fetch: typeof globalThis.fetch, headersFor: (response: Response) => Record<string, string>): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init)
    const isFile = new URL(input instanceof Request ? input.url : String(input)).pathname.startsWith("/results/")
    const headers = new Headers(response.headers)
    if (isFile) for (const [name, value] of Object.entries(headersFor(response))) headers.set(name, value)
    return new Response(response.body, { status: response.status, headers })
  }

const base64 = (algorithm: string, bytes: Uint8Array<ArrayBuffer>) =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest(algorithm, bytes)),
    (digest) => Buffer.from(digest).toString("base64")
  )

describe("D4 what came is what was sent", () => {
  layer(fixture())((it) => {
    for (const header of ["content-md5", "digest", "repr-digest"] as const) {
      it.effect(`D4 a byte that was harmed is found by ${header}`, () =>
        Effect.gen(function* () {
          const { script } = yield* Simulator
          const ref = yield* jobWith({ size, digests: [header] })
          assert.strictEqual((yield* download(ref)).length, size)
          yield* script({ fault: Fault.corruptBytes(size / 2), on: { file: ref } })
          const error = yield* Effect.flip(download(ref))
          assert.instanceOf(error, DownloadError)
          assert.strictEqual(error.reason, "digest")
          assert.strictEqual(error.bytes, size)
        })
      )

      it.effect(`D4 ${header} is held against the whole also when it came in two parts`, () =>
        Effect.gen(function* () {
          const { script } = yield* Simulator
          const { fetch } = yield* Network
          const ref = yield* jobWith({ size, digests: [header] })
          const cut = { fetch: cutting(fetch, [size / 3]) }
          assert.strictEqual((yield* download(ref, {}, cut)).length, size)
          yield* script({ fault: Fault.corruptBytes(size - 1), skip: 1, on: { file: ref } })
          const error = yield* Effect.flip(download(ref, {}, { fetch: cutting(fetch, [size / 3]) }))
          assert.propertyVal(error, "reason", "digest")
        })
      )
    }

    it.effect("D4 the Content-MD5 of a part is held against that part", () =>
      Effect.gen(function* () {
        const { resultFile, script } = yield* Simulator
        const { fetch } = yield* Network
        const ref = yield* jobWith({ size })
        const rest = (yield* resultFile(ref)).bytes(1000)
        const digest = { "content-digest": `sha-256=:${yield* base64("SHA-256", new Uint8Array(rest))}:` }
        const partly = () => ({
          fetch: cutting(
            adding(fetch, ({ status }) => (status === 206 ? digest : {})),
            [1000]
          )
        })
        assert.strictEqual((yield* download(ref, {}, partly())).length, size)
        yield* script({ fault: Fault.corruptBytes(2000), skip: 1, on: { file: ref } })
        const error = yield* Effect.flip(download(ref, {}, partly()))
        assert.propertyVal(error, "reason", "digest")
      })
    )

    it.effect("D4 of several digests the strongest counts, and one that cannot be is none", () =>
      Effect.gen(function* () {
        const { resultFile } = yield* Simulator
        const { fetch } = yield* Network
        const ref = yield* jobWith({ size, digests: ["content-md5"] })
        const bytes = new Uint8Array((yield* resultFile(ref)).bytes())
        const wrong = Buffer.alloc(64, 1).toString("base64")
        const right = yield* base64("SHA-512", bytes)
        const attempt = (told: Record<string, string>) => download(ref, {}, { fetch: adding(fetch, () => told) })
        assert.strictEqual((yield* attempt({ digest: `md5=AAAA,sha-512=${right}` })).length, size)
        assert.strictEqual((yield* attempt({ "repr-digest": "sha-256=:AAAA:, crc32=:AAAA:, x" })).length, size)
        const error = yield* Effect.flip(attempt({ "repr-digest": `sha-512=:${wrong}:` }))
        assert.propertyVal(error, "reason", "digest")
      })
    )

    it.effect("D4 a file that ends early, or never, does not pass for a whole one", () =>
      Effect.gen(function* () {
        const { script } = yield* Simulator
        const ref = yield* jobWith({ size })
        yield* script({ fault: Fault.wrongLength(1), times: "always", on: { file: ref } })
        const error = yield* Effect.flip(download(ref))
        assert.instanceOf(error, DownloadError)
        assert.strictEqual(error.reason, "interrupted")
        assert.isTrue(error.transient)
      })
    )

    it.effect("D4 bytes that are decoded on the way are not held against what is told of the encoded ones", () =>
      Effect.gen(function* () {
        const { fetch } = yield* Network
        const ref = yield* jobWith({ size, digests: ["repr-digest"] })
        const encoded = adding(fetch, () => ({ "content-encoding": "gzip", "content-length": "17" }))
        assert.strictEqual((yield* download(ref, {}, { fetch: encoded })).length, size)
      })
    )
  })
})
