import { writeFileSync } from "node:fs"
import { readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, layer } from "@effect/vitest"
import { DownloadError, type DownloadEvent } from "@ttd-jobs/core"
import { Fault, ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect, Exit } from "effect"
import { fixture } from "../support/Fixture.ts"
import { Network } from "../support/Network.ts"
import { behaviours, size as small } from "./support/Behaviours.ts"
import { cutting } from "./support/Cutting.ts"
import { fileRequests, jobWith, listening } from "./support/Downloads.ts"
import { folder, namesIn, save } from "./support/Folder.ts"

const size = 3_000_000

const contentOf = (path: string) => Effect.promise(async () => new Uint8Array(await readFile(path)))

describe("a result in a file", () => {
  layer(fixture())((it) => {
    it.effect("D4 is complete, readable by its owner alone, and its SHA-256 is reported", () =>
      Effect.gen(function* () {
        const path = join(yield* folder, "report.csv")
        const ref = yield* jobWith({ size, digests: ["repr-digest"] })
        const { bytes, sha256 } = yield* (yield* Simulator).resultFile(ref)
        const saved = yield* save(ref, path)
        assert.deepStrictEqual([saved.path, saved.bytes, saved.resumedFrom], [path, size, 0])
        assert.strictEqual(saved.sha256, yield* sha256)
        assert.strictEqual(saved.file.contentType, "text/csv")
        assert.deepStrictEqual(yield* contentOf(path), bytes())
        assert.strictEqual((yield* Effect.promise(() => stat(path))).mode & 0o777, 0o600)
        assert.deepStrictEqual(yield* namesIn(join(path, "..")), ["report.csv"])
      })
    )

    it.effect("D4 has the requested permissions", () =>
      Effect.gen(function* () {
        const path = join(yield* folder, "report.csv")
        yield* save(yield* jobWith({ size: 10 }), path, { mode: 0o664 })
        assert.strictEqual((yield* Effect.promise(() => stat(path))).mode & 0o777, 0o664)
      })
    )

    for (const digests of [["content-md5"], ["digest"], ["repr-digest"]] as const) {
      it.effect(`D4 leaves nothing behind when ${digests[0]} says that it is corrupt`, () =>
        Effect.gen(function* () {
          const directory = yield* folder
          const ref = yield* jobWith({ size, digests })
          yield* (yield* Simulator).addFaults({ fault: Fault.corruptBytes(7), on: { file: ref } })
          const error = yield* Effect.flip(save(ref, join(directory, "report.csv")))
          assert.instanceOf(error, DownloadError)
          assert.strictEqual(error.reason, "digest")
          assert.deepStrictEqual(yield* namesIn(directory), [])
        })
      )
    }

    it.effect("D4 has nothing under its name when it came short", () =>
      Effect.gen(function* () {
        const directory = yield* folder
        const ref = yield* jobWith({ size })
        yield* (yield* Simulator).addFaults({ fault: Fault.wrongLength(5), on: { file: ref }, times: "always" })
        const error = yield* Effect.flip(save(ref, join(directory, "report.csv")))
        assert.propertyVal(error, "reason", "interrupted")
        assert.notInclude(yield* namesIn(directory), "report.csv")
      })
    )

    it.effect("D9 may be an inline one, or empty", () =>
      Effect.gen(function* () {
        const directory = yield* folder
        for (const [name, result] of [
          ["inline", ResultScript.inline("a,b\n")],
          ["empty", ResultScript.inline("")],
          ["empty-file", ResultScript.link({ size: 0 })]
        ] as const) {
          const ref = yield* (yield* Simulator).addJob({ duration: 0, result })
          const path = join(directory, name)
          const saved = yield* save(ref, path)
          assert.strictEqual(Buffer.from(yield* contentOf(path)).toString(), name === "inline" ? "a,b\n" : "")
          assert.lengthOf(saved.sha256, 64)
        }
      })
    )

    it.effect("D10 does not replace another unless asked, and asks for nothing then", () =>
      Effect.gen(function* () {
        const { reset, report } = yield* Simulator
        yield* reset
        const path = join(yield* folder, "report.csv")
        yield* Effect.promise(() => writeFile(path, "mine"))
        const ref = yield* jobWith({ size: 4 })
        const error = yield* Effect.flip(save(ref, path))
        assert.deepStrictEqual([error._tag, "reason" in error && error.reason], ["DownloadError", "exists"])
        assert.lengthOf((yield* report).requests, 0)
        assert.strictEqual(Buffer.from(yield* contentOf(path)).toString(), "mine")
        yield* save(ref, path, { overwrite: true })
        assert.deepStrictEqual(yield* contentOf(path), (yield* (yield* Simulator).resultFile(ref)).bytes())
      })
    )

    it.effect("D10 does not replace one that came meanwhile; what was downloaded is kept and used when it can be", () =>
      Effect.gen(function* () {
        const { reset } = yield* Simulator
        yield* reset
        const directory = yield* folder
        const path = join(directory, "report.csv")
        const ref = yield* jobWith({ size: 4 })
        const racing = ({ _tag }: DownloadEvent) => {
          if (_tag === "Started") writeFileSync(path, "mine")
        }
        const error = yield* Effect.flip(save(ref, path, { onProgress: racing }))
        assert.propertyVal(error, "reason", "exists")
        assert.strictEqual(Buffer.from(yield* contentOf(path)).toString(), "mine")
        const saved = yield* save(ref, path, { overwrite: true })
        assert.deepStrictEqual([saved.bytes, saved.resumedFrom], [4, 4])
        assert.lengthOf(yield* fileRequests, 1)
        assert.deepStrictEqual(yield* namesIn(directory), ["report.csv"])
      })
    )

    it.effect("D10 says what is wrong with the place", () =>
      Effect.gen(function* () {
        const directory = yield* folder
        const ref = yield* jobWith({ size: 4 })
        const missing = yield* Effect.flip(save(ref, join(directory, "no", "report.csv")))
        assert.deepStrictEqual([missing._tag, "reason" in missing && missing.reason], ["DownloadError", "file"])
        assert.include(missing.message, `cannot write ${join(directory, "no", "report.csv")}: no such directory`)
        const taken = yield* Effect.flip(save(ref, directory, { overwrite: true }))
        assert.include(taken.message, "it is a directory")
      })
    )

    it.effect("may be named by the headers of the server", () =>
      Effect.gen(function* () {
        const directory = yield* folder
        const ref = yield* jobWith({ size: 4, name: "spend 2026.csv" })
        const saved = yield* save(ref, ({ contentDisposition, size }) => {
          assert.include(contentDisposition ?? "", "spend 2026.csv")
          return join(directory, `${size}.csv`)
        })
        assert.strictEqual(saved.path, join(directory, "4.csv"))
      })
    )

    it.effect("starts over where a stream of bytes could not go on", () =>
      Effect.gen(function* () {
        const { transport } = yield* Network
        const path = join(yield* folder, "report.csv")
        const ref = yield* jobWith({ size, etag: "none", lastModified: false })
        const { events, onProgress } = listening("StartedOver")
        const { bytes, sha256 } = yield* (yield* Simulator).resultFile(ref)
        const saved = yield* save(ref, path, { onProgress }, { transport: cutting(transport, [1000, 2_000_000]) })
        assert.lengthOf(events, 2)
        assert.strictEqual(saved.sha256, yield* sha256)
        assert.deepStrictEqual(yield* contentOf(path), bytes())
      })
    )

    it.effect("does not start over for ever", () =>
      Effect.gen(function* () {
        const { transport } = yield* Network
        const directory = yield* folder
        const ref = yield* jobWith({ size, etag: "none", lastModified: false })
        const cuts = { transport: cutting(transport, Array(50).fill(1000)) }
        const error = yield* Effect.flip(save(ref, join(directory, "report.csv"), {}, cuts))
        assert.propertyVal(error, "reason", "interrupted")
        assert.deepStrictEqual(yield* namesIn(directory), [])
      })
    )

    it.effect.each(behaviours)("D3 is never a wrong one against $name", ({ ends, fault, file, times = 1 }) =>
      Effect.gen(function* () {
        const { resultFile, addFaults } = yield* Simulator
        const { transport } = yield* Network
        const directory = yield* folder
        for (const cut of [1, 6, small - 1]) {
          const ref = yield* jobWith({ size: small, seed: "cut", ...file })
          const path = join(directory, `${cut}.csv`)
          if (fault !== undefined) yield* addFaults({ fault, times, skip: 1, on: { file: ref } })
          const exit = yield* Effect.exit(save(ref, path, {}, { transport: cutting(transport, [cut]) }))
          assert.strictEqual(Exit.isSuccess(exit), ends !== "digest", `after a cut at ${cut}`)
          if (Exit.isFailure(exit)) assert.deepStrictEqual(yield* namesIn(directory), [])
          else if (ends !== "changed") assert.deepStrictEqual(yield* contentOf(path), (yield* resultFile(ref)).bytes())
        }
      })
    )
  })
})
