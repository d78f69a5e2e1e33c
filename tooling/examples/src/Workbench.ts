/**
 * A folder in which the examples stand as programs, each on the lines it has in its document, so that the compiler and the
 * runtime name the right ones.
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { claimsImport, withClaims } from "./Claims.ts"
import { binary, root } from "./Documents.ts"
import { type Example, placeOf } from "./Example.ts"

/** What workbenches stand in: a package, so that examples find what they import. */
export const workshop = join(root, "tooling/examples/dist")

/** The workbench of the house's examples. */
export const workbench = join(workshop, "programs")

/** The program of an example. */
export const programOf = (example: Example, folder = workbench): string => {
  const place = placeOf(example).replace(/\.(?:md|ts)(?=:)/, "")
  return join(folder, `${place.replace(/[^A-Za-z0-9-]+/g, "_")}${isTest(example) ? ".test" : ""}.ts`)
}

/** Whether an example is a test, which Vitest runs. */
export const isTest = ({ code }: Example): boolean => /from "vitest"/.test(code)

/** Writes the programs of examples, and nothing else, into a folder. */
export const writePrograms = (examples: ReadonlyArray<Example>, folder = workbench): void => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const example of examples) writeFileSync(programOf(example, folder), textOf(example))
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings))
}

/** What the compiler says about the programs in a folder, with the lines of the documents. */
export const complaints = (examples: ReadonlyArray<Example>, folder = workbench): ReadonlyArray<string> => {
  const options = { cwd: folder, encoding: "utf8" } as const
  const { error, stdout } = spawnSync(binary("tsc"), ["--project", folder, "--pretty", "false"], options)
  if (error !== undefined) throw error
  return stdout
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => {
      const [, program = "", line, complaint] = /^([^\s(]+)\((\d+),\d+\): (.*)$/.exec(text) ?? []
      const example = examples.find((each) => programOf(each, folder) === join(folder, program))
      return example === undefined ? text : `${example.file}:${line}: ${complaint}`
    })
}

const settings = {
  extends: "@ttd-jobs/typescript-config/node.json",
  // Whoever uses streams of bytes or `fetch` has these.
  compilerOptions: { lib: ["es2024", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"] },
  include: ["*.ts"]
}

const textOf = ({ code, line }: Example): string => `${claimsImport}${"\n".repeat(line - 1)}${withClaims(code)}\n`
