import { createHash } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { Fault, ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { inject } from "vitest"
import { endedJob, endlessJob } from "./support/Answers.ts"
import { run, start, startWords } from "./support/Program.ts"
import { ctrlC, startOnTerminal } from "./support/Pty.ts"
import { temporaryFolder } from "./support/TemporaryFolder.ts"

const ended = { age: "2 minutes", duration: "1 minute" } as const

/** A job whose result is a file, and the file's bytes. */
const jobWithFile = (options: ResultScript.FileOptions) =>
  Effect.gen(function* () {
    const simulator = yield* Simulator
    const ref = yield* simulator.addJob({ ...ended, result: ResultScript.link(options) })
    const file = yield* simulator.resultFile(ref)
    return { ref: String(ref), bytes: Buffer.from(file.bytes()), sha256: yield* file.sha256 }
  })

/** Lets the next transfer come in small portions, so that it can be broken off. */
const slowly = Simulator.use(({ addFaults }) =>
  addFaults({ fault: Fault.slowBody({ bytes: 65_536, every: "20 millis" }), on: "files" })
)

const inFolder = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const cwd = yield* temporaryFolder
    return { cwd, ...(yield* run(["download", ...args], { cwd })) }
  })

layer(Simulator.layer(), { excludeTestServices: true })("download", (it) => {
  it.effect("saves under the server's name, and says where, how much and which digest", () =>
    Effect.gen(function* () {
      const { bytes, ref, sha256 } = yield* jobWithFile({ size: 1_234_567, name: "report 11-23.csv" })
      const { code, cwd, stderr, stdout } = yield* inFolder([ref])
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(stdout).toBe(`1.2 MB saved as report 11-23.csv  sha256 ${sha256}\n`)
      expect(readdirSync(cwd)).toEqual(["report 11-23.csv"])
      expect(readFileSync(join(cwd, "report 11-23.csv")).equals(bytes)).toBe(true)
      expect(statSync(join(cwd, "report 11-23.csv")).mode & 0o777).toBe(0o600)
    })
  )

  it.effect("saves a result that came inside the answer under the job's reference", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const result = ResultScript.inline("größe,€\n")
      const ref = yield* simulator.addJob({ ...ended, kind: "graphql-bulk", id: "55", result })
      const { code, cwd } = yield* inFolder([String(ref)])
      expect(code).toBe(0)
      const [name = ""] = readdirSync(cwd)
      expect(name).toContain("graphql-bulk-55")
      expect(readFileSync(join(cwd, name), "utf8")).toBe("größe,€\n")
    })
  )

  const names = [
    "../../evil.csv",
    "/etc/evil.csv",
    "..\\..\\evil.csv",
    "C:\\evil.csv",
    "evil.csv\u0000.txt",
    "....",
    "-rf",
    ".bashrc",
    "CON",
    "x".repeat(400)
  ]
  it.effect.each(names)("saves nothing outside the folder, hidden or unusable: a file called %.20j", (name) =>
    Effect.gen(function* () {
      const quoted = encodeURIComponent(name)
      const { bytes, ref } = yield* jobWithFile({
        size: 10,
        contentDisposition: `attachment; filename*=UTF-8''${quoted}`
      })
      const place = yield* temporaryFolder
      const cwd = join(place, "a/b")
      mkdirSync(cwd, { recursive: true })
      expect((yield* run(["download", ref], { cwd })).code).toBe(0)
      const [saved = ""] = readdirSync(cwd)
      expect(readFileSync(join(cwd, saved)).equals(bytes)).toBe(true)
      expect(saved).not.toMatch(/^[.-]|[/\\\p{Cc}]|^CON$/u)
      expect([readdirSync(place), readdirSync(join(place, "a"))]).toEqual([["a"], ["b"]])
    })
  )

  it.effect("overwrites only with --force, and refuses before it asks", () =>
    Effect.gen(function* () {
      const { bytes, ref } = yield* jobWithFile({ size: 100, name: "there.csv" })
      const cwd = yield* temporaryFolder
      const path = join(cwd, "there.csv")
      writeFileSync(path, "mine")
      const plain = yield* run(["download", ref], { cwd })
      const named = yield* run(["download", ref, "-o", "there.csv"], { cwd })
      for (const { code, stderr } of [plain, named]) {
        expect(code).toBe(2)
        expect(stderr).toContain("--force")
      }
      expect(readFileSync(path, "utf8")).toBe("mine")
      expect((yield* run(["download", ref, "-o", "there.csv", "--force"], { cwd })).code).toBe(0)
      expect(readFileSync(path).equals(bytes)).toBe(true)
    })
  )

  it.effect("-o - writes the bytes alone to standard output", () =>
    Effect.gen(function* () {
      const { ref, sha256 } = yield* jobWithFile({ size: 3_000_000 })
      const cwd = yield* temporaryFolder
      const words = ["bash", "-c", '"$@" | sha256sum', "bash", ...inject("program"), "download", ref, "-o", "-"]
      const { ended } = yield* startWords(words, { cwd })
      const { stderr, stdout } = yield* ended
      expect(stdout).toBe(`${sha256}  -\n`)
      expect(stderr).toContain(sha256)
      expect(readdirSync(cwd)).toEqual([])
      expect((yield* run(["download", ref, "-o", "-", "--json"])).code).toBe(2)
    })
  )

  it.effect("--json tells it as an object, --quiet nothing", () =>
    Effect.gen(function* () {
      const { ref, sha256 } = yield* jobWithFile({ size: 1000, name: "r.csv" })
      const { cwd, stdout } = yield* inFolder([ref, "--json"])
      expect(JSON.parse(stdout)).toEqual({
        ref,
        phase: "succeeded",
        path: join(cwd, "r.csv"),
        bytes: 1000,
        sha256,
        resumedFrom: 0
      })
      expect(yield* inFolder([ref, "--quiet"])).toMatchObject({ code: 0, stdout: "", stderr: "" })
    })
  )

  it.effect("waits for a job that has not ended", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const ref = yield* simulator.addJob({ duration: "1 second" })
      const { code, cwd } = yield* inFolder([String(ref), "--interval", "1s"])
      expect(code).toBe(0)
      expect(readdirSync(cwd)).toHaveLength(1)
    })
  )

  it.effect(
    "C1 C2 exit code: a job that failed, was partial, has expired, is unknown, has no result, takes too long",
    () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator
        const expired = yield* simulator.addJob({ age: "30 hours", duration: "1 hour" })
        const empty = yield* simulator.addJob({ ...ended, result: ResultScript.none })
        const partial = String(yield* endedJob("PartialSuccess"))
        const cases = [
          [3, [String(yield* endedJob("Failure"))]],
          [3, [String(yield* endedJob("Cancelled", "graphql-query"))]],
          [8, [partial]],
          [0, [partial, "--allow-partial"]],
          [7, [String(expired)]],
          [5, ["404"]],
          [1, [String(empty)]],
          [6, [String(yield* endlessJob), "--timeout", "300ms"]],
          [2, ["1", "2"]]
        ] as const
        for (const [code, args] of cases) {
          const outcome = yield* inFolder(args)
          expect({ args, code: outcome.code }).toEqual({ args, code })
          // A partial result is one all the same.
          expect(readdirSync(outcome.cwd)).toHaveLength(code === 0 || code === 8 ? 1 : 0)
        }
      })
  )
})

layer(Simulator.layer(), { excludeTestServices: true })("C8 an interrupted download", (it) => {
  it.effect("keeps what was downloaded, prints the command to resume, and resumes", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const { bytes, ref, sha256 } = yield* jobWithFile({ size: 40_000_000, name: "big.csv" })
      yield* slowly
      const cwd = yield* temporaryFolder
      const terminal = yield* startOnTerminal(["download", ref, "-o", join(cwd, "big.csv")])
      yield* terminal.until((lines) => lines.some((line) => /[1-9]% .*of 40 MB/.test(line)))
      yield* terminal.type(ctrlC)
      const { code, screen } = yield* terminal.ended
      expect(code).toBe(130)
      expect(screen.isCursorShown()).toBe(true)
      expect(screen.lines().slice(-2)).toEqual([
        expect.stringMatching(/^Stopped\. [\d.]+ [kM]B of 40 MB are kept\. To resume:$/),
        expect.stringContaining(`  ttd-jobs download ${ref} `)
      ])
      expect(readdirSync(cwd)).not.toContain("big.csv")
      const outcome = yield* run(["download", ref, "-o", "big.csv", "--json"], { cwd })
      expect(outcome.code).toBe(0)
      const saved = JSON.parse(outcome.stdout)
      expect(saved).toMatchObject({ bytes: 40_000_000, sha256 })
      expect(saved.resumedFrom).toBeGreaterThan(0)
      expect(readdirSync(cwd)).toEqual(["big.csv"])
      expect(readFileSync(join(cwd, "big.csv")).equals(bytes)).toBe(true)
      const { requests } = yield* simulator.report
      expect(requests.filter(({ headers }) => headers["range"] !== undefined)).toHaveLength(1)
    })
  )

  it.effect.each(["SIGTERM", "SIGKILL"] as const)("leaves nothing under the final name: %s", (signal) =>
    Effect.gen(function* () {
      const { ref } = yield* jobWithFile({ size: 40_000_000, name: "big.csv" })
      yield* slowly
      const cwd = yield* temporaryFolder
      const running = yield* start(["download", ref], { cwd })
      while (!readdirSync(cwd).some((name) => statSync(join(cwd, name)).size > 0)) yield* Effect.sleep("10 millis")
      yield* running.kill(signal)
      expect((yield* running.ended).code).toBe(signal === "SIGTERM" ? 143 : 137)
      expect(readdirSync(cwd)).not.toContain("big.csv")
    })
  )

  it.effect("C9 into a pipe that is closed is quiet", () =>
    Effect.gen(function* () {
      const { ref } = yield* jobWithFile({ size: 40_000_000 })
      const running = yield* start(["download", ref, "-o", "-"])
      yield* running.until(({ stdout }) => stdout() !== "")
      yield* running.closeStdout
      const { code, stderr } = yield* running.ended
      expect(code).toBe(141)
      expect(stderr).not.toContain("error")
    })
  )
})

layer(Simulator.layer(), { excludeTestServices: true })("a download's progress", (it) => {
  it.effect("is a line that is redrawn on a terminal, and erased at the end", () =>
    Effect.gen(function* () {
      const { ref, sha256 } = yield* jobWithFile({ size: 6_000_000, name: "big.csv" })
      yield* slowly
      const terminal = yield* startOnTerminal(["download", ref])
      yield* terminal.until((lines) => lines.some((line) => /^big\.csv .*% .*6 MB/.test(line)))
      const { code, screen } = yield* terminal.ended
      expect(code).toBe(0)
      expect(screen.lines()).toEqual([
        expect.stringMatching(/^✓ 6 MB saved as big\.csv in \d+ s$/),
        `  sha256 ${sha256}`
      ])
    })
  )

  it.effect("has a digest that is right", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const text = "a,b\n1,2\n"
      const ref = yield* simulator.addJob({ ...ended, result: ResultScript.inline(text) })
      const { stdout } = yield* inFolder([String(ref)])
      expect(stdout).toContain(`sha256 ${createHash("sha256").update(text).digest("hex")}`)
    })
  )
})
