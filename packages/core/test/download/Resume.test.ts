import { link, readFile, rename, stat, symlink, writeFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { assert, describe, layer } from "@effect/vitest"
import type { JobRef } from "@ttd-jobs/core"
import { Fault, ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { sidecarPaths } from "../../src/node/TargetRecord.ts"
import { fixture, secret } from "../support/Fixture.ts"
import { Network } from "../support/Network.ts"
import { cutting } from "./support/Cutting.ts"
import { fileRequests, jobWith, listening } from "./support/Downloads.ts"
import { folder, namesIn, save } from "./support/Folder.ts"

const size = 3_000_000
const paths = sidecarPaths("report.csv")
const record = basename(paths.record)
const temporary = basename(paths.temporary)

/** A download that broke off after so many bytes, and the folder with what it left. */
const broken = Effect.fnUntraced(function* (ref: JobRef, after = 1_000_000) {
  const directory = yield* folder
  const { transport } = yield* Network
  const path = join(directory, "report.csv")
  const once = { transport: cutting(transport, [after]) }
  const error = yield* Effect.flip(save(ref, path, { maxRetryTime: 0 }, once))
  assert.propertyVal(error, "reason", "interrupted")
  return { directory, path }
})

const partIn = Effect.fnUntraced(function* (directory: string) {
  const [part = "", ...more] = (yield* namesIn(directory)).filter((name) => name.endsWith(".part"))
  assert.deepStrictEqual(more, [])
  return part
})

describe("D5 the partial download", () => {
  layer(fixture())((it) => {
    it.effect("D5 is one temporary file and a record without link or token, both its owner's alone", () =>
      Effect.gen(function* () {
        const { directory } = yield* broken(yield* jobWith({ size }))
        assert.sameMembers(yield* namesIn(directory), [temporary, record])
        const text = yield* Effect.promise(() => readFile(join(directory, record), "utf8"))
        assert.notMatch(text, /sig=|expires=|http/)
        assert.notInclude(text, secret)
        for (const name of [temporary, record]) {
          assert.strictEqual((yield* Effect.promise(() => stat(join(directory, name)))).mode & 0o777, 0o600)
        }
      })
    )

    it.effect("D5 is resumed, and verified by the digest of the whole", () =>
      Effect.gen(function* () {
        const { reset, resultFile } = yield* Simulator
        yield* reset
        const ref = yield* jobWith({ size, digests: ["content-md5"] })
        const { bytes, sha256 } = yield* resultFile(ref)
        const { directory, path } = yield* broken(ref)
        const { events, onProgress } = listening("Started")
        const saved = yield* save(ref, path, { onProgress })
        assert.deepStrictEqual([saved.resumedFrom, saved.bytes, events[0]?.bytes], [1_000_000, size, 1_000_000])
        assert.strictEqual((yield* fileRequests)[1]?.headers["range"], "bytes=1000000-")
        assert.strictEqual(saved.sha256, yield* sha256)
        assert.isTrue(Buffer.from(bytes()).equals(yield* Effect.promise(() => readFile(path))))
        assert.deepStrictEqual(yield* namesIn(directory), ["report.csv"])
      })
    )

    it.effect("D5 is verified as a whole: a byte changed in between is found by the digest", () =>
      Effect.gen(function* () {
        const ref = yield* jobWith({ size, digests: ["content-md5"] })
        const { directory, path } = yield* broken(ref)
        const part = join(directory, yield* partIn(directory))
        yield* Effect.promise(() => writeFile(part, new Uint8Array(1_000_000), { flag: "r+" }))
        assert.propertyVal(yield* Effect.flip(save(ref, path)), "reason", "digest")
        assert.deepStrictEqual(yield* namesIn(directory), [])
      })
    )

    it.effect("D5 is resumed also when the name comes from the server", () =>
      Effect.gen(function* () {
        const ref = yield* jobWith({ size })
        const { path } = yield* broken(ref)
        const saved = yield* save(ref, () => path)
        assert.deepStrictEqual([saved.resumedFrom, saved.bytes], [1_000_000, size])
      })
    )

    it.effect("D5 is at most one, however often it breaks off", () =>
      Effect.gen(function* () {
        const { transport } = yield* Network
        const ref = yield* jobWith({ size })
        const { directory, path } = yield* broken(ref)
        for (const after of [200_000, 300_000]) {
          yield* Effect.flip(save(ref, path, { maxRetryTime: 0 }, { transport: cutting(transport, [after]) }))
          yield* partIn(directory)
        }
        assert.strictEqual((yield* save(ref, path)).resumedFrom, 1_500_000)
      })
    )

    it.effect("D5 is discarded when the file is another one meanwhile", () =>
      Effect.gen(function* () {
        const { addFaults } = yield* Simulator
        const ref = yield* jobWith({ size })
        const { directory, path } = yield* broken(ref)
        yield* addFaults({ fault: Fault.replacedFile(), on: { file: ref }, times: "always" })
        const saved = yield* save(ref, path)
        assert.deepStrictEqual([saved.resumedFrom, saved.bytes], [0, size])
        assert.deepStrictEqual(yield* namesIn(directory), ["report.csv"])
      })
    )

    it.effect("D5 is discarded when another job's result is to have the name", () =>
      Effect.gen(function* () {
        const { resultFile } = yield* Simulator
        const { directory, path } = yield* broken(yield* jobWith({ size }))
        const other = yield* jobWith({ size, seed: "other" })
        const saved = yield* save(other, path)
        assert.strictEqual(saved.resumedFrom, 0)
        assert.strictEqual(saved.sha256, yield* (yield* resultFile(other)).sha256)
        assert.deepStrictEqual(yield* namesIn(directory), ["report.csv"])
      })
    )

    it.effect("D5 is not kept when nothing could prove later that it belongs to the file", () =>
      Effect.gen(function* () {
        const { directory } = yield* broken(yield* jobWith({ size, etag: "none", lastModified: false }))
        assert.deepStrictEqual(yield* namesIn(directory), [])
      })
    )

    it.effect("D5 is removed when the result has expired", () =>
      Effect.gen(function* () {
        const { addJob } = yield* Simulator
        const ref = yield* addJob({ duration: 0, age: "23 hours", result: ResultScript.link({ size }) })
        const { directory, path } = yield* broken(ref)
        yield* TestClock.adjust("2 hours")
        assert.propertyVal(yield* Effect.flip(save(ref, path)), "reason", "expired")
        assert.deepStrictEqual(yield* namesIn(directory), [])
      })
    )

    it.effect("D5 is cleaned up when its run was killed between giving it its name and the end", () =>
      Effect.gen(function* () {
        const ref = yield* jobWith({ size })
        const { directory, path } = yield* broken(ref)
        const part = join(directory, yield* partIn(directory))
        yield* Effect.promise(() => link(part, path))
        assert.propertyVal(yield* Effect.flip(save(ref, path)), "reason", "exists")
        assert.deepStrictEqual(yield* namesIn(directory), ["report.csv"])
      })
    )

    it.effect("D5 is not followed to a file elsewhere, nor trusted when its record is broken", () =>
      Effect.gen(function* () {
        const { resultFile } = yield* Simulator
        const ref = yield* jobWith({ size })
        const { sha256 } = yield* resultFile(ref)
        const spoils: ReadonlyArray<(directory: string, part: string) => Promise<void>> = [
          async (directory, part) => {
            await rename(join(directory, part), join(directory, "victim"))
            await symlink(join(directory, "victim"), join(directory, part))
          },
          (directory) => writeFile(join(directory, record), '{"version":1,"ref":"standard:1","pa'),
          (directory) => writeFile(join(directory, record), JSON.stringify({ version: 3 })),
          async (directory) => {
            await rename(join(directory, record), join(directory, "victim"))
            await symlink(join(directory, "victim"), join(directory, record))
          }
        ]
        for (const spoil of spoils) {
          const { directory, path } = yield* broken(ref)
          const part = yield* partIn(directory)
          yield* Effect.promise(() => spoil(directory, part))
          const saved = yield* save(ref, path)
          assert.deepStrictEqual([saved.resumedFrom, saved.sha256], [0, yield* sha256])
          const names = yield* namesIn(directory)
          assert.deepStrictEqual(
            names.filter((name) => name !== "victim"),
            ["report.csv"]
          )
        }
      })
    )
  })
})
