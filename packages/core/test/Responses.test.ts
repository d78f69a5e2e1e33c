import { execFile } from "node:child_process"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"

const core = fileURLToPath(new URL("..", import.meta.url))
const compiler = fileURLToPath(new URL("node_modules/.bin/tsc", import.meta.url))

const schemas = "http/Responses.ts"
const types = "generated/job-status.ts"
const kinds = "model/JobKinds.ts"

/** A change of one of the two sides, after which they no longer agree. */
const partings = [
  ["the document drops a field", types, /readonly rawResult\?: string \| null;/, ""],
  ["the document adds a field", types, "readonly rawResult?", "readonly partner?: string; readonly rawResult?"],
  ["the document renames a field", types, "createdAtUtc", "submittedAtUtc"],
  ["the document makes a number a text", types, "completionPercentage?: number", "completionPercentage?: string"],
  ["the document no longer allows null", types, "url?: string | null", "url?: string"],
  ["the document requires a field", types, "readonly url?:", "readonly url:"],
  ["the document adds a status of standard jobs", types, '"ResultsExpired"', '"ResultsExpired" | "Archived"'],
  ["the document drops a status of GraphQL jobs", types, ' | "Cancelled"', ""],
  ["the document takes the job out of an answer", types, /readonly job\?: .*;/, ""],
  ["the schema drops a field", schemas, /rawResult: NullishString,/, ""],
  [
    "the schema adds a field",
    schemas,
    "rawResult: NullishString,",
    "rawResult: NullishString, partner: NullishString,"
  ],
  ["the schema requires a field", schemas, "url: NullishString", "url: Schema.String"],
  [
    "the schema reads a number as a text",
    schemas,
    "completionPercentage: NullishNumber",
    "completionPercentage: NullishString"
  ],
  [
    "the schema reads one text instead of many",
    schemas,
    "queryGqlErrors: NullishTexts",
    "queryGqlErrors: NullishString"
  ],
  ["the table of kinds forgets a status", kinds, '"Queued", ', ""]
] as const

/** Compiles the two sides as they are, and after each change; the names of what did not compile. */
const compileAll = async (directory: string) => {
  const sides = { [schemas]: await read(schemas), [types]: await read(types), [kinds]: await read(kinds) }
  await write(join(directory, "unchanged"), sides)
  for (const [name, side, from, to] of partings) {
    const changed = sides[side]?.replace(from, to)
    expect(changed, name).not.toBe(sides[side])
    await write(join(directory, name), { ...sides, [side]: changed ?? "" })
  }
  const files = ["unchanged", ...partings.map(([name]) => name)].map((name) => `${name}/${schemas}`)
  const settings = { extends: "@ttd-jobs/typescript-config/base.json", files }
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(settings))
  const output = await new Promise<string>((resolve) => {
    execFile(compiler, ["--pretty", "false"], { cwd: directory }, (_, stdout) => resolve(stdout))
  })
  return new Set(
    output.split("\n").flatMap((line) => line.match(/^(.+)\/http\/Responses\.ts\(\d+,\d+\): error/)?.[1] ?? [])
  )
}

const read = (file: string) => readFile(join(core, "src", file), "utf8")

const write = async (directory: string, files: Readonly<Record<string, string>>) => {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(directory, dirname(file)), { recursive: true })
    await writeFile(join(directory, file), text)
  }
}

describe("the schemas and the generated types", () => {
  it("agree, and stop compiling when either changes without the other", async () => {
    // Inside the package, so that the compiler finds what the sources import.
    const directory = await mkdtemp(join(core, "node_modules", ".partings-"))
    try {
      expect([...(await compileAll(directory))].toSorted()).toEqual(partings.map(([name]) => name).toSorted())
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
