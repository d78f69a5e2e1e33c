import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { files, root } from "../src/results.ts"

const place = mkdtempSync(join(tmpdir(), "packages-"))
afterAll(() => rmSync(place, { recursive: true }))

const published = files("*package.json")
  .map((file) => ({ folder: dirname(file), ...JSON.parse(readFileSync(join(root, file), "utf8")) }))
  .filter((manifest) => manifest.private !== true)

const bin = (name: string) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url))

const run = (command: string, args: ReadonlyArray<string>, cwd = place) => {
  const { status, stderr, stdout } = spawnSync(command, args, { cwd, encoding: "utf8" })
  return { status, output: `${stdout}${stderr}` }
}

describe("M3 each packed package passes publint and attw", () => {
  it("for three packages", () => {
    expect(published.map(({ name }) => name).toSorted()).toEqual([
      "@ttd-jobs/cli",
      "@ttd-jobs/core",
      "@ttd-jobs/simulator"
    ])
  })

  it.each(published)("$name", { timeout: 60_000 }, ({ exports, folder, name }) => {
    const into = mkdtempSync(join(place, "packed-"))
    expect(run("pnpm", ["pack", "--pack-destination", into], join(root, folder))).toMatchObject({ status: 0 })
    const [tarball = `no tarball of ${name}`] = readdirSync(into)
    expect(run(bin("publint"), ["run", "--strict", join(into, tarball)])).toMatchObject({ status: 0 })
    if (exports === undefined) return
    const entries = Object.keys(exports).filter((entry) => /\.(?:yaml|schema\.json)$/.test(entry))
    const excluded = entries.flatMap((entry) => ["--exclude-entrypoints", entry])
    expect(run(bin("attw"), [join(into, tarball), "--profile", "esm-only", ...excluded])).toMatchObject({ status: 0 })
  })
})
