/**
 * Where examples stand: every page and every docstring of the house.
 *
 * @module
 */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Example, examplesIn } from "./Example.ts"

/** The top of the repository. */
export const root = fileURLToPath(new URL("../../..", import.meta.url))

/** A program that comes with a dependency of this package, whatever `PATH` says. */
export const binary = (name: string): string => join(root, "tooling/examples/node_modules/.bin", name)

/** The modules that users import, from the top of the repository. */
export const entryPoints: ReadonlyArray<string> = ["core", "simulator"].flatMap((name) => {
  const folder = `packages/${name}`
  const { exports } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
  return Object.values<string | { readonly "@ttd-jobs/source": string }>(exports).flatMap((target) =>
    typeof target === "string" ? [] : [join(folder, target["@ttd-jobs/source"])]
  )
})

/** Every example of the house: of its pages, and of the docstrings of the packages. */
export const allExamples = (): ReadonlyArray<Example> =>
  files("*.md", "packages/*/src/*.ts")
    .filter((file) => !/(?:^|\/)(?:CHANGELOG\.md$|\.)/.test(file))
    .flatMap((file) => examplesIn(file, readFileSync(join(root, file), "utf8")))

/** The files git knows or could add, by pathspecs. */
const files = (...pathspecs: ReadonlyArray<string>): ReadonlyArray<string> =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...pathspecs], { cwd: root })
    .toString()
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(root, file)))
