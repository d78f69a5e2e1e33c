import { execFile, execFileSync, spawn } from "node:child_process"
import { closeSync, openSync } from "node:fs"
import { chmod, lstat, readFile, readlink, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { promisify } from "node:util"
import { assert, it } from "@effect/vitest"
import { DownloadError, JobStatus } from "@ttd-jobs/core"
import { checkTargetEffect, downloadToFileEffect, type FileDownloadOptions } from "@ttd-jobs/core/node"
import { Effect } from "effect"
import { sidecarPaths } from "../../src/node/TargetRecord.ts"
import { folder, namesIn } from "./support/Folder.ts"
import { statusFetch } from "./support/RawServer.ts"

const content = "a,b\n1,2\n"

const jobs = JobStatus.layer(
  statusFetch(() => ({
    id: 1,
    createdAtUtc: new Date().toISOString(),
    completedAtUtc: new Date().toISOString(),
    status: "Success",
    rawResult: content
  })).options
)

const save = (path: string, options?: FileDownloadOptions) =>
  Effect.provide(downloadToFileEffect("1", path, options), jobs)

const reasonOf = (effect: ReturnType<typeof save> | ReturnType<typeof checkTargetEffect>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, DownloadError)
    return { reason: error.reason, message: error.message, code: codeOf(error.cause) }
  })

const codeOf = (cause: unknown) => (cause instanceof Error && "code" in cause ? cause.code : undefined)

const read = (path: string) => Effect.promise(() => readFile(path, "utf8"))

it.live("D10 a symbolic link is followed: the file behind it is replaced, the link stays", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    const [link, real] = [join(directory, "link"), join(directory, "real")]
    yield* Effect.promise(() => symlink("real", link))
    const saved = yield* save(link)
    assert.strictEqual(saved.path, link)
    assert.strictEqual(yield* read(real), content)
    yield* Effect.promise(() => writeFile(real, "old"))
    assert.strictEqual((yield* reasonOf(save(link))).reason, "exists")
    yield* save(link, { overwrite: true })
    assert.strictEqual(yield* read(real), content)
    assert.strictEqual(yield* Effect.promise(() => readlink(link)), "real")
    assert.sameMembers(yield* namesIn(directory), ["link", "real"])
  })
)

it.live("D10 a pipe is written through, whether overwriting is allowed or not", () =>
  Effect.gen(function* () {
    const path = join(yield* folder, "pipe")
    execFileSync("mkfifo", [path])
    for (const overwrite of [false, true]) {
      const reader = spawn("cat", [path])
      const received = text(reader.stdout)
      const saved = yield* save(path, { overwrite })
      assert.strictEqual(saved.bytes, content.length)
      assert.strictEqual(yield* Effect.promise(() => received), content)
    }
    assert.isTrue((yield* Effect.promise(() => lstat(path))).isFIFO())
  })
)

it.live(
  "D10 a pipe without a reader is an error after a while, and interruptible before",
  () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "pipe")
      execFileSync("mkfifo", [path])
      assert.isTrue(yield* Effect.isSuccess(Effect.timeoutOption(save(path), "100 millis")))
      const { message, reason } = yield* reasonOf(save(path))
      assert.strictEqual(reason, "file")
      assert.include(message, `cannot write ${path}: no process reads the pipe`)
    }),
  30_000
)

it.live("D10 a device is written through, and one that is full is an error", () =>
  Effect.gen(function* () {
    assert.strictEqual((yield* save("/dev/null")).bytes, content.length)
    assert.isTrue((yield* Effect.promise(() => lstat("/dev/null"))).isCharacterDevice())
    const full = yield* reasonOf(save("/dev/full"))
    assert.deepStrictEqual([full.reason, full.code], ["file", "ENOSPC"])
    assert.include(full.message, "cannot write /dev/full: no space left on device")
  })
)

it.live("D10 an open descriptor is written where it stands, and left open", () =>
  Effect.gen(function* () {
    const path = join(yield* folder, "log")
    const fd = openSync(path, "w")
    yield* save(`/dev/fd/${fd}`)
    yield* save(`/proc/self/fd/${fd}`)
    closeSync(fd)
    assert.strictEqual(yield* read(path), content + content)
    const closed = yield* reasonOf(save(`/dev/fd/${fd}`))
    assert.deepStrictEqual([closed.reason, closed.code], ["file", "EBADF"])
  })
)

it.live(
  "D10 /dev/stdout is the standard output, also where that is a pipe",
  () =>
    Effect.gen(function* () {
      const program = `
      import { JobStatus } from "@ttd-jobs/core"
      import { downloadToFileEffect } from "@ttd-jobs/core/node"
      import { Effect } from "effect"
      const fetch = async () => Response.json({ id: 1, createdAtUtc: "2026-11-25T10:00:00Z", status: "Success", rawResult: "abc" })
      const jobs = JobStatus.layer({ server: "http://127.0.0.1:9", fetch })
      await Effect.runPromise(Effect.provide(downloadToFileEffect("1", "/dev/stdout"), jobs))`
      const args = ["--conditions=@ttd-jobs/source", "--input-type=module", "-e", program]
      const cwd = join(import.meta.dirname, "..")
      const { stdout } = yield* Effect.promise(() => promisify(execFile)(process.execPath, args, { cwd }))
      assert.strictEqual(stdout, "abc")
    }),
  60_000
)

it.live("D5 a name of 255 bytes leaves room for the temporary files, and messages name the target", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    for (const name of ["n".repeat(255), `${"ü".repeat(125)}.csv`]) {
      const path = join(directory, name)
      assert.strictEqual((yield* save(path)).path, path)
      assert.strictEqual(yield* read(path), content)
    }
    const missing = join(directory, "none", "report.csv")
    const { message } = yield* reasonOf(save(missing))
    assert.include(message, `cannot write ${missing}: no such directory`)
    assert.notInclude(message, ".ttd-jobs-")
    const long = yield* reasonOf(save(join(directory, "n".repeat(256))))
    assert.include(long.message, "name too long")
  })
)

it.live("D10 what can be known before is checked before", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    const path = join(directory, "report.csv")
    yield* checkTargetEffect("1", path)
    yield* checkTargetEffect("1", "/dev/stdout")
    const space = yield* reasonOf(checkTargetEffect("1", path, { bytes: Number.MAX_SAFE_INTEGER }))
    assert.deepStrictEqual([space.reason, space.code], ["file", "ENOSPC"])
    yield* Effect.promise(() => writeFile(path, "old"))
    assert.strictEqual((yield* reasonOf(checkTargetEffect("1", path))).reason, "exists")
    yield* checkTargetEffect("1", path, { overwrite: true })
    const inFile = yield* reasonOf(checkTargetEffect("1", join(path, "below")))
    assert.strictEqual(inFile.reason, "file")
    assert.include((yield* reasonOf(checkTargetEffect("1", directory))).message, "it is a directory")
    assert.deepStrictEqual(yield* namesIn(directory), ["report.csv"])
  })
)

it.live("D12 the record of another user's is not trusted: a link in its place is removed, not followed", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    const path = join(directory, "report.csv")
    const victim = join(directory, "victim")
    yield* Effect.promise(() => writeFile(victim, "mine"))
    for (const name of Object.values(sidecarPaths(path))) yield* Effect.promise(() => symlink(victim, name))
    yield* save(path)
    assert.strictEqual(yield* read(victim), "mine")
    assert.sameMembers(yield* namesIn(directory), ["report.csv", "victim"])
  })
)

it.live(
  "D10 a directory without permission is an error that says so",
  () =>
    Effect.gen(function* () {
      const directory = yield* folder
      yield* Effect.promise(() => chmod(directory, 0o555))
      const path = join(directory, "report.csv")
      const program = `
        import { checkTarget } from "@ttd-jobs/core/node"
        await checkTarget("standard:1", ${JSON.stringify(path)}).catch(({ message }) => console.log(message))`
      const args = ["--conditions=@ttd-jobs/source", "--input-type=module", "-e", program]
      // Root may write everywhere.
      const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
      const options = { cwd: join(import.meta.dirname, ".."), ...user }
      const { stdout } = yield* Effect.promise(() => promisify(execFile)(process.execPath, args, options))
      assert.include(stdout, `cannot write ${path}: permission denied`)
    }),
  60_000
)
