import { readFile, writeFile } from "node:fs/promises"
import { parseArgs } from "node:util"

/**
 * The command line of a generator, `NAME [--check] SOURCE TARGET`: writes what `generate` makes of the source, or, with
 * `--check`, fails when the written target is stale.
 */
export const generate = async (name: string, make: (source: string) => Promise<string>): Promise<void> => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { check: { type: "boolean" } } })
  const [source, target] = positionals
  if (source === undefined || target === undefined) {
    console.error(`usage: ${name} [--check] SOURCE TARGET`)
    process.exit(2)
  }
  const banner = `// Generated from ${source.split("/").at(-1)} by ${name}. Do not edit: run \`pnpm generate\`.\n\n`
  const fresh = banner + (await make(source))
  if (values.check !== true) {
    await writeFile(target, fresh)
    console.log(`${target} written.`)
    return
  }
  const written = await readFile(target, "utf8").catch(() => "")
  if (written !== fresh) {
    console.error(`${target} is stale: run \`pnpm generate\` and commit the result.`)
    process.exit(1)
  }
  console.log(`${target} is fresh.`)
}
