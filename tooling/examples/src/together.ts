/** Runs programs one after the other, and tells its parent which failed: `node together.ts PROGRAM …`. */
import { pathToFileURL } from "node:url"
import { inspect } from "node:util"

for (const program of process.argv.slice(2)) {
  try {
    await import(pathToFileURL(program).href)
  } catch (error) {
    process.send?.({ program, error: inspect(error) })
  }
}
