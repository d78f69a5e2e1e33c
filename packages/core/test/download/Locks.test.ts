import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFile, utimes, writeFile } from "node:fs/promises"
import type { Socket } from "node:net"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { DownloadError, JobStatus } from "@ttd-jobs/core"
import { checkTargetEffect, downloadToFileEffect } from "@ttd-jobs/core/node"
import { Effect, Fiber } from "effect"
import { current, type ProcessIdentity } from "../../src/node/ProcessIdentity.ts"
import { TargetLock } from "../../src/node/TargetLock.ts"
import { sidecarPaths, type TargetRecord } from "../../src/node/TargetRecord.ts"
import { folder, namesIn } from "./support/Folder.ts"
import { rawServer, statusFetch, statusOf, withResultAt } from "./support/RawServer.ts"

const result = (bytes: string) => [`HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes}`]

const busy = (error: unknown) => {
  assert.instanceOf(error, DownloadError)
  assert.strictEqual(error.reason, "busy")
  return error.message
}

it.live("D12 a second download to a path names the first, which ends well", () =>
  Effect.gen(function* () {
    const ready = Promise.withResolvers<() => void>()
    const { origin } = yield* rawServer((socket: Socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
      ready.resolve(() => socket.end("def"))
    })
    const directory = yield* folder
    const path = join(directory, "report.csv")
    const first = yield* Effect.forkChild(withResultAt(origin, downloadToFileEffect("1", path)))
    const finish = yield* Effect.promise(() => ready.promise)
    for (const overwrite of [false, true]) {
      const second = yield* Effect.flip(withResultAt(origin, downloadToFileEffect("1", path, { overwrite })))
      assert.include(busy(second), `another download is writing ${path} (process ${process.pid}`)
    }
    busy(yield* Effect.flip(checkTargetEffect("1", path)))
    finish()
    yield* Fiber.join(first)
    assert.strictEqual(yield* Effect.promise(() => readFile(path, "utf8")), "abcdef")
    assert.deepStrictEqual(yield* namesIn(directory), ["report.csv"])
  })
)

const recordBy = (owner: Partial<ProcessIdentity>) =>
  Effect.map(
    Effect.promise(current),
    (own): TargetRecord => ({
      version: 2,
      target: "report.csv",
      owner: { ...own, token: "other", ...owner },
      partial: null
    })
  )

/** Saves over the record of another process, which was touched some seconds ago. */
const saveOver = Effect.fnUntraced(function* (text: string, secondsAgo = 0) {
  const directory = yield* folder
  const path = join(directory, "report.csv")
  const { record } = sidecarPaths(path)
  const time = new Date(Date.now() - secondsAgo * 1000)
  yield* Effect.promise(async () => {
    await writeFile(record, text, { mode: 0o600 })
    await utimes(record, time, time)
  })
  const { origin } = yield* rawServer(result("abc"))
  const saved = yield* withResultAt(origin, downloadToFileEffect("1", path))
  assert.deepStrictEqual(yield* namesIn(directory), ["report.csv"])
  return saved
})

it.live("D12 the lock of a process that is gone is taken over, and so is one that was cut off", () =>
  Effect.gen(function* () {
    const gone = spawn("true")
    yield* Effect.promise(() => once(gone, "exit"))
    const ended = JSON.stringify(yield* recordBy({ pid: gone.pid ?? 0 }))
    const reused = JSON.stringify(yield* recordBy({ pid: process.ppid, startedAt: "1" }))
    for (const text of [ended, reused, "", '{"version":2,"tar']) {
      assert.strictEqual((yield* saveOver(text)).bytes, 3)
    }
  })
)

it.live("D12 the lock of another machine holds as long as it is touched", () =>
  Effect.gen(function* () {
    const elsewhere = JSON.stringify(yield* recordBy({ machine: "elsewhere 1" }))
    const error = yield* Effect.flip(saveOver(elsewhere, 30))
    assert.include(busy(error), "on elsewhere")
    assert.strictEqual((yield* saveOver(elsewhere, 90)).bytes, 3)
  })
)

it.live("D12 of many that try to take over a lock at once one gets it", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    const path = join(directory, "report.csv")
    const { record } = sidecarPaths(path)
    for (let round = 0; round < 20; round++) {
      const left = JSON.stringify(yield* recordBy({ pid: 2 ** 22 + round }))
      yield* Effect.promise(() => writeFile(record, left, { mode: 0o600 }))
      const attempts = yield* Effect.promise(() =>
        Promise.allSettled(Array.from({ length: 10 }, () => TargetLock.acquire(path)))
      )
      const locks = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []))
      assert.lengthOf(locks, 1)
      yield* Effect.promise(async () => locks[0]?.release())
      assert.deepStrictEqual(yield* namesIn(directory), [])
    }
  })
)

it.live(
  "D12 two processes: one saves, the other names it",
  () =>
    Effect.gen(function* () {
      const ready = Promise.withResolvers<() => void>()
      const { origin } = yield* rawServer((socket: Socket) => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
        ready.resolve(() => socket.end("def"))
      })
      const path = join(yield* folder, "report.csv")
      const program = `
      import { JobStatus } from "@ttd-jobs/core"
      import { downloadToFileEffect } from "@ttd-jobs/core/node"
      import { Effect } from "effect"
      const fetch = async () => Response.json(${JSON.stringify(statusOf(origin))})
      const sockets = await import("@ttd-jobs/core/node").then(({ socketTransport }) => socketTransport())
      const { CurrentTransport } = await import("@ttd-jobs/core")
      const jobs = JobStatus.layer({ server: "http://127.0.0.1:9", fetch })
      const saving = Effect.provideService(downloadToFileEffect("1", ${JSON.stringify(path)}), CurrentTransport, sockets)
      console.log((await Effect.runPromise(Effect.provide(saving, jobs))).bytes)`
      const args = ["--conditions=@ttd-jobs/source", "--input-type=module", "-e", program]
      const other = spawn(process.execPath, args, {
        cwd: join(import.meta.dirname, ".."),
        stdio: ["ignore", "pipe", "inherit"]
      })
      const output = once(other.stdout, "data")
      const finish = yield* Effect.promise(() => ready.promise)
      const second = yield* Effect.flip(withResultAt(origin, downloadToFileEffect("1", path)))
      assert.include(busy(second), `(process ${other.pid} on`)
      finish()
      assert.strictEqual(String((yield* Effect.promise(() => output))[0]).trim(), "6")
      assert.strictEqual(yield* Effect.promise(() => readFile(path, "utf8")), "abcdef")
    }),
  60_000
)

it.live("a download that is interrupted while its file is opened leaves no descriptor and no lock", () =>
  Effect.gen(function* () {
    const { origin } = yield* rawServer(result("abc"))
    const directory = yield* folder
    const { options } = statusFetch(() => statusOf(origin))
    for (let round = 0; round < 30; round++) {
      const saving = Effect.provide(
        downloadToFileEffect("1", join(directory, `${round}.csv`)),
        JobStatus.layer({ ...options, retry: false })
      )
      const fiber = yield* Effect.forkChild(saving)
      yield* Effect.sleep(round / 3)
      yield* Fiber.interrupt(fiber)
    }
    const open = yield* Effect.promise(() => openFilesIn(directory))
    assert.deepStrictEqual(open, [])
    assert.isEmpty((yield* namesIn(directory)).filter((name) => name.startsWith(".")))
  })
)

const openFilesIn = async (directory: string) => {
  const { readdir, readlink } = await import("node:fs/promises")
  const descriptors = await readdir("/proc/self/fd")
  const paths = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")))
  return paths.filter((path) => path.startsWith(directory))
}
