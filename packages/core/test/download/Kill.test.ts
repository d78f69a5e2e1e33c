import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { Fault, ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { folder, namesIn } from "./support/Folder.ts"

const size = 4_000_000
const program = fileURLToPath(new URL("./support/saving.ts", import.meta.url))

/** A process that is ready to save a result: what it does when told to, and how it ends. */
const saver = Effect.fnUntraced(function* (server: string, ref: string, path: string) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, ["--conditions=@ttd-jobs/source", program, server, ref, path], {
        stdio: ["pipe", "pipe", "inherit"]
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  const exit = once(child, "exit")
  const code = Effect.promise(async () => (await exit)[0])
  const begin = Effect.promise(() => {
    child.stdin.write("go")
    return Promise.race([once(child.stdout, "data"), exit])
  })
  return {
    /** Saves to the end, and gives the exit code. */
    save: Effect.andThen(begin, code),
    /** Begins, and is killed so many milliseconds later. */
    killedAfter: (moment: number) =>
      begin.pipe(
        Effect.andThen(Effect.sleep(moment)),
        Effect.andThen(Effect.sync(() => child.kill("SIGKILL"))),
        Effect.andThen(code)
      )
  }
})

/** One process for each moment and one that is left alone. They load their modules side by side, before the first begins. */
const savers = Effect.fnUntraced(function* (moments: ReadonlyArray<number>, ...task: Parameters<typeof saver>) {
  const killed = yield* Effect.forEach(moments, (moment) =>
    Effect.map(saver(...task), ({ killedAfter }) => ({ moment, run: killedAfter(moment) }))
  )
  return { killed, last: (yield* saver(...task)).save }
})

/** A job, where its result is to go, and what a killed run may leave there. */
const target = Effect.fnUntraced(function* () {
  const { addJob, resultFile } = yield* Simulator
  const ref = yield* addJob({ duration: 0, result: ResultScript.link({ size }) })
  const whole = (yield* resultFile(ref)).bytes()
  const directory = yield* folder
  const path = join(directory, "report.csv")
  const leftovers = Effect.map(namesIn(directory), (names) => names.filter((name) => name !== "report.csv"))
  return { directory, leftovers, path, ref, whole }
})

const content = (path: string) => Effect.promise(() => readFile(path))

/** Each test starts several processes side by side, which takes long on a busy machine; in milliseconds. */
const patience = 120_000

describe.concurrent("a download whose process is killed", () => {
  it.live(
    "D5 killed again and again: nothing under the name, one temporary file, and each run resumes the last",
    () =>
      Effect.gen(function* () {
        const { report, addFaults, url } = yield* Simulator
        const { directory, leftovers, path, ref, whole } = yield* target()
        yield* addFaults({ fault: Fault.slowBody({ bytes: 100_000, every: 10 }), on: { file: ref }, times: 4 })
        const { killed, last } = yield* savers([0, 40, 120, 200], url, String(ref), path)
        for (const { run } of killed) {
          yield* run
          assert.notInclude(yield* namesIn(directory), "report.csv")
          assert.isAtMost((yield* leftovers).filter((name) => name.endsWith(".part")).length, 1)
        }
        assert.strictEqual(yield* last, 0)
        assert.isTrue((yield* content(path)).equals(whole))
        assert.deepStrictEqual(yield* leftovers, [])
        const ranges = (yield* report).requests.flatMap(({ headers }) => headers["range"] ?? [])
        const offsets = ranges.map((range) => Number(range.replace(/\D/g, "")))
        assert.isNotEmpty(offsets)
        assert.deepStrictEqual(
          offsets,
          offsets.toSorted((one, other) => one - other)
        )
      }).pipe(Effect.scoped, Effect.provide(Simulator.layer())),
    patience
  )

  it.live(
    "D5 killed at any moment while one replaces another: the file is the old one or the whole new one",
    () =>
      Effect.gen(function* () {
        const { url } = yield* Simulator
        const { leftovers, path, ref, whole } = yield* target()
        const { killed, last } = yield* savers([2, 6, 10, 15, 22, 30], url, String(ref), path)
        for (const { moment, run } of killed) {
          yield* Effect.promise(() => writeFile(path, "old"))
          yield* run
          const left = yield* content(path)
          assert.isTrue(left.equals(whole) || left.toString() === "old", `${left.length} bytes after ${moment} ms`)
          assert.isAtMost((yield* leftovers).filter((name) => name.endsWith(".part")).length, 1)
        }
        assert.strictEqual(yield* last, 0)
        assert.isTrue((yield* content(path)).equals(whole))
        assert.deepStrictEqual(yield* leftovers, [])
      }).pipe(Effect.scoped, Effect.provide(Simulator.layer())),
    patience
  )
})
