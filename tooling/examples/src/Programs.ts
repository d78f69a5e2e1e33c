/**
 * Writes examples as programs, each with the line numbers of its document, so that errors of the compiler and the runtime name
 * the right lines.
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assertionImport, withAssertions } from "./CommentAssertions.ts"
import { binary, root } from "./Documents.ts"
import { type Example, placeOf } from "./Example.ts"

/** Inside this package, so that programs resolve its dependencies. */
export const packageFolder = join(root, "tooling/examples/dist")

/** The folder of the repository's examples. */
export const programsFolder = join(packageFolder, "programs")

/** The program of an example. */
export const programOf = (example: Example, folder = programsFolder): string => {
  const place = placeOf(example).replace(/\.(?:md|ts)(?=:)/, "")
  return join(folder, `${place.replace(/[^A-Za-z0-9-]+/g, "_")}${isTest(example) ? ".test" : ""}.ts`)
}

/** Whether an example is a test, which Vitest runs. */
export const isTest = ({ code }: Example): boolean => /from "vitest"/.test(code)

/** Writes the programs of examples, and nothing else, into a folder. */
export const writePrograms = (examples: ReadonlyArray<Example>, folder = programsFolder): void => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const example of examples) writeFileSync(programOf(example, folder), textOf(example))
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings))
}

/** Compiler errors of the programs in a folder, with file and line of the documents. */
export const compilerErrors = (examples: ReadonlyArray<Example>, folder = programsFolder): ReadonlyArray<string> => {
  const options = { cwd: folder, encoding: "utf8" } as const
  const { error: failure, stdout } = spawnSync(binary("tsc"), ["--project", folder, "--pretty", "false"], options)
  if (failure !== undefined) throw failure
  return stdout
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => {
      const [, program = "", line, error] = /^([^\s(]+)\((\d+),\d+\): (.*)$/.exec(text) ?? []
      const example = examples.find((each) => programOf(each, folder) === join(folder, program))
      return example === undefined ? text : `${example.file}:${line}: ${error}`
    })
}

const settings = {
  extends: "@ttd-jobs/typescript-config/node.json",
  // Examples may use web streams and `fetch`.
  compilerOptions: { lib: ["es2024", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"] },
  include: ["*.ts"]
}

const textOf = ({ code, line }: Example): string =>
  `${assertionImport}${"\n".repeat(line - 1)}${withAssertions(code)}\n`
