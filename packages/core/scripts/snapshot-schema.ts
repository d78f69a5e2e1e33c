/**
 * JSON Schema of a job's snapshot, generated from the Effect schema.
 *
 *     node --conditions=@ttd-jobs/source scripts/snapshot-schema.ts [--check]
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs"
import * as Schema from "effect/Schema"
import { JobSnapshot } from "../src/JobSnapshot.ts"
import type { JobSnapshotJson } from "../src/model/index.ts"

const descriptions: Readonly<Record<keyof JobSnapshotJson, string>> = {
  ref: "The job reference, such as standard:412651.",
  kind: "The kind of job.",
  id: "Decimal digits of an int64 for a standard job, any text for the others.",
  phase: "Where the job stands, in one vocabulary for all kinds of job.",
  status: "The server's own status.",
  completionPercentage: "Percent, 0 – 100; null when the server does not say.",
  createdAt: "When the job was created.",
  completedAt: "When the job ended; null until then, or when the server does not say.",
  expiresAt: "When the result is gone; null until the job has ended.",
  result: "The size of a result that came inside the status, or the link to it; null while there is none.",
  errors: "All of the server's error texts, in order."
}

const { schema } = Schema.toJsonSchemaDocument(Schema.toEncoded(JobSnapshot))

/** Effect describes the encoded form of a time in words; JSON Schema has a format for it. */
const withFormats = (_: string, value: unknown): unknown =>
  typeof value === "object" &&
  value !== null &&
  "description" in value &&
  String(value.description).includes("DateTime")
    ? { type: "string", format: "date-time" }
    : value

const withDescription = ([name, property]: [string, unknown]) => [
  name,
  { description: new Map(Object.entries(descriptions)).get(name), ...Object(property) }
]

const { properties, ...rest } = JSON.parse(JSON.stringify(schema, withFormats))

const document = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $comment: "Generated from src/JobSnapshot.ts. Do not edit: run `pnpm generate`.",
  title: "Job snapshot",
  ...rest,
  properties: Object.fromEntries(Object.entries(properties).map(withDescription))
}

const target = new URL("../schema/job-snapshot.schema.json", import.meta.url)
const text = `${JSON.stringify(document, null, 2)}\n`

if (!process.argv.includes("--check")) writeFileSync(target, text)
else if (readFileSync(target, "utf8") !== text) {
  console.error("schema/job-snapshot.schema.json is stale: run `pnpm generate` and commit the result.")
  process.exitCode = 1
}
