import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, layer } from "@effect/vitest"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { inject } from "vitest"
import { endedJob } from "./support/Answers.ts"
import { startWords } from "./support/Program.ts"

const place = mkdtempSync(join(tmpdir(), "ttd-jobs-install-"))
afterAll(() => rmSync(place, { recursive: true, force: true }))

const npm = (...args: ReadonlyArray<string>) =>
  execFileSync("npm", [...args, "--offline", "--no-audit", "--no-fund", "--cache", join(place, "cache")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: place }
  })

/** Packs the program and installs it where nothing is, without a network: all it needs is in the package. */
const installed = (): string => {
  const prefix = join(place, "prefix")
  mkdirSync(prefix)
  const [packed] = JSON.parse(npm("pack", inject("packageFolder"), "--json", "--pack-destination", place))
  npm("install", "--global", "--prefix", prefix, join(place, packed.filename))
  return join(prefix, "bin/ttd-jobs")
}

layer(Simulator.layer(), { excludeTestServices: true })("packed and installed into an empty prefix", (it) => {
  it.effect("the program works, and brings nothing along but itself", () =>
    Effect.gen(function* () {
      const program = installed()
      const { version } = JSON.parse(readFileSync(join(inject("packageFolder"), "package.json"), "utf8"))
      const ask = (...args: ReadonlyArray<string>) =>
        Effect.scoped(Effect.flatMap(startWords([program, ...args], { cwd: place }), ({ ended }) => ended))
      expect(yield* ask("--version")).toMatchObject({ code: 0, stdout: `ttd-jobs ${version}\n`, stderr: "" })
      const ref = String(yield* endedJob("Success"))
      for (const command of ["status", "wait", "watch"]) {
        const { code, stderr, stdout } = yield* ask(command, ref)
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
        expect(stdout).toContain(`${ref}\tsucceeded`)
      }
      expect((yield* ask("statsu")).stderr).toContain("did you mean status?")
      const folder = join(place, "prefix/lib/node_modules")
      expect(readdirSync(folder)).toEqual(["@ttd-jobs"])
      expect(readdirSync(join(folder, "@ttd-jobs/cli")).toSorted()).toEqual(["dist", "package.json"])
    })
  )
})
