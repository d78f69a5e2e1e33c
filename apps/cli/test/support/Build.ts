/**
 * Before the tests: the program is built once, into a package folder as people install it. The folder is named after what it was
 * made from, so that nothing is built twice and a build for another purpose disturbs no test. With `TTD_JOBS_FROM=sources` the
 * tests run the sources instead.
 *
 * @module
 */
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  export interface ProvidedContext {
    /** The words that run the program. */
    readonly program: ReadonlyArray<string>
    /** The package as it is published: `package.json` and `dist`. */
    readonly packageFolder: string
    /** The home directory of every program that is run. */
    readonly home: string
  }
}

const cli = fileURLToPath(new URL("../..", import.meta.url))
const cache = join(cli, "node_modules/.cache/ttd-jobs")

export default (project: TestProject): void => {
  const packageFolder = built()
  const home = join(packageFolder, "home")
  mkdirSync(home, { recursive: true })
  const fromSources = process.env["TTD_JOBS_FROM"] === "sources"
  project.provide("packageFolder", packageFolder)
  project.provide("home", home)
  project.provide("program", [
    process.execPath,
    ...(fromSources
      ? ["--conditions=@ttd-jobs/source", join(cli, "src/main.ts")]
      : [join(packageFolder, "dist/main.js")])
  ])
}

const built = (): string => {
  const folder = join(cache, digest())
  if (existsSync(folder)) return folder
  forgetOldBuilds()
  const draft = join(cache, `draft-${process.pid}`)
  mkdirSync(draft, { recursive: true })
  copyFileSync(join(cli, "package.json"), join(draft, "package.json"))
  execFileSync(join(cli, "node_modules/.bin/tsdown"), ["--out-dir", join(draft, "dist"), "--log-level", "error"], {
    cwd: cli,
    stdio: ["ignore", "ignore", "inherit"]
  })
  renameSync(draft, folder)
  return folder
}

/** Another run may be in the middle of its tests, so what is young stays. */
const forgetOldBuilds = () => {
  for (const folder of globSync(join(cache, "*"))) {
    if (statSync(folder).mtimeMs < Date.now() - 3_600_000) rmSync(folder, { recursive: true, force: true })
  }
}

/** Everything that the bundle is made of. */
const sources = [
  "package.json",
  "tsdown.config.ts",
  "src/**/*.ts",
  "../../packages/*/src/**/*.ts",
  "../../pnpm-lock.yaml"
]

const digest = (): string => {
  const hash = createHash("sha256").update(process.version)
  for (const file of globSync(sources, { cwd: cli }).toSorted()) hash.update(file).update(readFileSync(join(cli, file)))
  return hash.digest("hex").slice(0, 16)
}
