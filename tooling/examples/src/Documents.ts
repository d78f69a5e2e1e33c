/**
 * Finds all examples of the repository: in Markdown files and in docstrings.
 *
 * @module
 */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Example, examplesIn } from "./Example.ts"

/** The root of the repository. */
export const root = fileURLToPath(new URL("../../..", import.meta.url))

/** A binary of one of this package's dependencies. */
export const binary = (name: string): string => join(root, "tooling/examples/node_modules/.bin", name)

/** The published entry points, relative to the root. */
export const entryPoints: ReadonlyArray<string> = ["core", "simulator"].flatMap((name) => {
  const folder = `packages/${name}`
  const { exports } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
  return Object.values<string | { readonly "@ttd-jobs/source": string }>(exports).flatMap((target) =>
    typeof target === "string" ? [] : [join(folder, target["@ttd-jobs/source"])]
  )
})

/** All examples of Markdown files and of the packages' docstrings. */
export const allExamples = (): ReadonlyArray<Example> =>
  files("*.md", "packages/*/src/*.ts")
    .filter((file) => !/(?:^|\/)(?:CHANGELOG\.md$|\.)|\.api\.md$/.test(file))
    .flatMap((file) => examplesIn(file, readFileSync(join(root, file), "utf8")))

/** The tracked files, and those that could be, that match the pathspecs. */
const files = (...pathspecs: ReadonlyArray<string>): ReadonlyArray<string> =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...pathspecs], { cwd: root })
    .toString()
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(root, file)))
