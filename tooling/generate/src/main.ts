#!/usr/bin/env node
/**
 * Writes the TypeScript types of an OpenAPI document, or, with `--check`, fails when the written ones are stale.
 *
 *     generate-types [--check] DOCUMENT.yaml TYPES.ts
 */
import { readFile, writeFile } from "node:fs/promises"
import { pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import openapiTypescript, { astToString } from "openapi-typescript"
import ts from "typescript"

const { positionals, values } = parseArgs({ allowPositionals: true, options: { check: { type: "boolean" } } })
const [document, target] = positionals
if (document === undefined || target === undefined) {
  console.error("usage: generate-types [--check] DOCUMENT.yaml TYPES.ts")
  process.exit(2)
}

const banner = `// Generated from ${document.split("/").at(-1)} by openapi-typescript. Do not edit: run \`pnpm generate\`.\n\n`

const stringType = ts.factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword)
const nullType = ts.factory.createLiteralTypeNode(ts.factory.createNull())

const nodes = await openapiTypescript(pathToFileURL(document), {
  defaultNonNullable: false,
  immutable: true,
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
  // An int64 does not fit a JavaScript number: ids are decimal strings on our side of the JSON reader.
  transform: (schema) => {
    if (schema.format !== "int64") return undefined
    const nullable = Array.isArray(schema.type) && schema.type.includes("null")
    return nullable ? ts.factory.createUnionTypeNode([stringType, nullType]) : stringType
  }
})
const fresh = banner + astToString(nodes)

if (values.check === true) {
  const written = await readFile(target, "utf8").catch(() => "")
  if (written !== fresh) {
    console.error(`${target} is stale: run \`pnpm generate\` and commit the result.`)
    process.exit(1)
  }
  console.log(`${target} is fresh.`)
} else {
  await writeFile(target, fresh)
  console.log(`${target} written.`)
}
