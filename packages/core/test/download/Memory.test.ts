import { spawn } from "node:child_process"
import { type FileHandle, open, stat } from "node:fs/promises"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { assert, it, layer, vi } from "@effect/vitest"
import { downloadToFileEffect } from "@ttd-jobs/core/node"
import { ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect, Fiber } from "effect"
import { fixture } from "../support/Fixture.ts"
import { jobWith, listening, sent } from "./support/Downloads.ts"
import { folder } from "./support/Folder.ts"

const mebibyte = 2 ** 20
const program = fileURLToPath(new URL("./support/measuring.ts", import.meta.url))

/** How many bytes of memory a process of its own takes for a large result. */
const memoryFor = Effect.fnUntraced(function* (size: number) {
  const { addJob, url } = yield* Simulator
  const [small, large] = yield* Effect.forEach([1000, size], (size) =>
    addJob({ duration: 0, result: ResultScript.link({ size }) })
  )
  const path = join(yield* folder, "result")
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, ["--conditions=@ttd-jobs/source", program, url, String(small), String(large), path], {
        stdio: ["ignore", "pipe", "inherit"]
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  const output = yield* Effect.promise(() => text(child.stdout))
  assert.strictEqual((yield* Effect.promise(() => stat(path))).size, size)
  return Number(output)
})

it.live(
  "D6 a file of half a GiB needs at most 64 MiB more memory than a small one",
  () =>
    Effect.gen(function* () {
      const bytes = yield* memoryFor(512 * mebibyte)
      assert.isAbove(bytes, 0)
      assert.isAtMost(bytes / mebibyte, 64)
    }).pipe(Effect.scoped, Effect.provide(Simulator.layer())),
  90_000
)

/** Lets no write to any file end until the disk fails. */
const stuckDisk = Effect.gen(function* () {
  const handle = yield* Effect.promise(() => open(program))
  const prototype: FileHandle = Object.getPrototypeOf(handle)
  yield* Effect.promise(() => handle.close())
  const write = Promise.withResolvers<Awaited<ReturnType<FileHandle["writev"]>>>()
  write.promise.catch(() => {})
  const fail = () => write.reject(new Error("the disk is broken"))
  const spy = yield* Effect.acquireRelease(
    Effect.sync(() => vi.spyOn(prototype, "writev").mockReturnValue(write.promise)),
    (spy) =>
      Effect.sync(() => {
        spy.mockRestore()
        fail()
      })
  )
  return { fail, writes: () => spy.mock.calls.length }
})

layer(fixture())((it) => {
  it.effect("D6 a disk that takes nothing makes the server wait, and memory does not grow", () =>
    Effect.gen(function* () {
      yield* (yield* Simulator).reset
      const path = join(yield* folder, "result")
      const ref = yield* jobWith({ size: 2 ** 31 })
      const disk = yield* stuckDisk
      const { events, onProgress } = listening("Progress")
      const saving = yield* Effect.forkChild(Effect.flip(downloadToFileEffect(ref, path, { onProgress })))
      const bytes = yield* sent
      const taken = events.at(-1)?.bytes ?? 0
      assert.strictEqual(disk.writes(), 1)
      assert.isAbove(taken, mebibyte)
      assert.isAtMost(taken, 2 * mebibyte)
      // The rest is in the buffers of the connection's both ends.
      assert.isAtMost(bytes, 32 * mebibyte)
      disk.fail()
      const error = yield* Fiber.join(saving)
      assert.propertyVal(error, "reason", "file")
      assert.include(error.message, "the disk is broken")
    })
  )
})
