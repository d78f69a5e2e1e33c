#!/usr/bin/env node
/** A package's version as a constant: `generate-version [--check] package.json VERSION.ts`. */
import { readFile } from "node:fs/promises"
import { generate } from "./generate.ts"

await generate("generate-version", async (manifest) => {
  const { name, version } = JSON.parse(await readFile(manifest, "utf8"))
  return `/**
 * The version of ${name}.
 *
 * @example
 * \`\`\`ts
 * import { version } from "${name}"
 *
 * version // "${version}"
 * \`\`\`
 */
export const version = ${JSON.stringify(version)}
`
})
