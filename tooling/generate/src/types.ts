#!/usr/bin/env node
/** The TypeScript types of an OpenAPI document: `generate-types [--check] DOCUMENT.yaml TYPES.ts`. */
import { pathToFileURL } from "node:url"
import openapiTypescript, { astToString } from "openapi-typescript"
import ts from "typescript"
import { generate } from "./generate.ts"

const stringType = ts.factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword)
const nullType = ts.factory.createLiteralTypeNode(ts.factory.createNull())

await generate("generate-types", async (document) => {
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
  return astToString(nodes)
})
