import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { inject } from "vitest"
import { endedJob } from "./support/Answers.ts"
import { start, startWords } from "./support/Program.ts"
import { temporaryFolder } from "./support/TemporaryFolder.ts"

/** Runs a script in bash, with `ttd-jobs` as the program. */
const bash = (script: string) =>
  Effect.gen(function* () {
    const words = inject("program").map((word) => `'${word}'`)
    const text = `ttd-jobs() { ${words.join(" ")} "$@"; }\n${script}`
    const { ended } = yield* startWords(["bash", "-c", text], {})
    return yield* ended
  }).pipe(Effect.scoped)

const diskFull = "error: cannot write to standard output: no space left on device"

layer(Simulator.layer(), { excludeTestServices: true })("C9 a pipe that is closed", (it) => {
  it.effect("ends status and watch quietly", () =>
    Effect.gen(function* () {
      const refs = yield* Effect.forEach(Array.from({ length: 300 }), () => endedJob("Success"))
      for (const args of [
        ["status", "-"],
        ["status", "--json", "-"],
        ["watch", "-"]
      ]) {
        const running = yield* start(args, { stdin: refs.join("\n") })
        yield* running.until(({ stdout }) => stdout().includes("\n"))
        yield* running.closeStdout
        const { code, stderr } = yield* running.ended
        expect({ code, stderr }).toEqual({ code: 141, stderr: "" })
      }
    })
  )

  it.effect("does not end wait, whose exit code is its result", () =>
    Effect.gen(function* () {
      const running = yield* start(["wait", String(yield* endedJob("Failure"))])
      yield* running.closeStdout
      const { code, stderr } = yield* running.ended
      expect({ code, stderr }).toEqual({ code: 3, stderr: "" })
    })
  )

  const answers = ["--version", "--help", "status --help", "status --help --json", "completions bash"]
  it.effect.each(answers)("ends %s quietly", (words) =>
    Effect.gen(function* () {
      const running = yield* start(words.split(" "))
      yield* running.closeStdout
      expect(yield* running.ended).toMatchObject({ code: 141, stderr: "" })
    })
  )

  it.effect("keeps the exit code that is known: a failed job is no success", () =>
    Effect.gen(function* () {
      const ref = yield* endedJob("Failure")
      const { stdout } = yield* bash(
        [`status ${ref} --exit-code`, `watch ${ref}`, `watch ${ref} --json`, `wait ${ref}`]
          // The reader is gone before anything is written.
          .map((args) => `{ sleep 0.1; ttd-jobs ${args}; } | true; echo \${PIPESTATUS[0]}`)
          .join("; ")
      )
      expect(stdout.trim().split("\n")).toEqual(["3", "3", "3", "3"])
    })
  )

  it.effect("fails a download that was cut", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const result = ResultScript.link({ size: 5_000_000 })
      const ref = yield* simulator.addJob({ age: "2 minutes", duration: "1 minute", result })
      const { stderr, stdout } = yield* bash(`ttd-jobs download ${ref} -o - -q | head -c 0; echo \${PIPESTATUS[0]}`)
      expect({ stderr, stdout }).toEqual({ stderr: "", stdout: "141\n" })
    })
  )
})

layer(Simulator.layer(), { excludeTestServices: true })("C9 any other write error on standard output", (it) => {
  const commands = [
    "--version",
    "--help",
    "status --help",
    "completions bash",
    "completions zsh",
    "completions fish",
    "status REF",
    "status REF --json",
    "wait REF",
    "wait REF --json",
    "watch REF",
    "watch REF --json",
    "download REF -o -",
    "download REF -o FOLDER/result --json",
    "simulate"
  ]
  it.effect.each(commands)("fails %s", (command) =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const ref = String(yield* endedJob("Success"))
      const words = command.replace("REF", ref).replace("FOLDER", folder)
      const { code, stderr } = yield* bash(`ttd-jobs ${words} > /dev/full`)
      expect(code).toBe(1)
      expect(stderr).toContain(diskFull)
    })
  )

  it.effect("is reported when the disk takes only the first part", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const file = join(folder, "out")
      const simulator = yield* Simulator
      const result = ResultScript.link({ size: 1_000_000 })
      const ref = yield* simulator.addJob({ age: "2 minutes", duration: "1 minute", result })
      // A limit of bash's, in units of 1024 bytes; exceeding it is EFBIG where the signal is ignored.
      const { code, stderr } = yield* bash(`trap '' XFSZ; ulimit -f 100; ttd-jobs download ${ref} -o - > ${file}`)
      expect(code).not.toBe(0)
      expect(stderr).toMatch(/error: cannot write to standard output: file too large|^$/)
      expect(readFileSync(file).byteLength).toBeLessThanOrEqual(102_400)
    })
  )

  it.effect("is worse than a failed job and not as bad as an API that cannot be reached", () =>
    Effect.gen(function* () {
      const failed = yield* endedJob("Failure")
      const { stdout } = yield* bash(
        `ttd-jobs watch ${failed} > /dev/full; echo $?; ttd-jobs status 1 --server http://127.0.0.1:1 --max-retry-time 0s > /dev/full; echo $?`
      )
      expect(stdout).toBe("1\n9\n")
    })
  )

  it.effect("on standard error changes nothing", () =>
    Effect.gen(function* () {
      const ref = yield* endedJob("Failure")
      const { stdout } = yield* bash(
        `ttd-jobs wait ${ref} 404 --verbose 2> /dev/full; echo $?; ttd-jobs status 2> /dev/full; echo $?; ttd-jobs wait ${ref} 2>&-; echo $?`
      )
      expect(stdout.split("\n").filter((line) => /^\d+$/.test(line))).toEqual(["5", "2", "3"])
    })
  )

  it.effect("such as a descriptor that can only be read", () =>
    Effect.gen(function* () {
      const ref = yield* endedJob("Success")
      const { code, stderr } = yield* bash(`ttd-jobs status ${ref} 1< /etc/hostname`)
      expect(code).toBe(1)
      expect(stderr).toContain("error: cannot write to standard output: bad file descriptor")
    })
  )
})
