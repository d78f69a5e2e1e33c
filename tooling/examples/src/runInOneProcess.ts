/** Runs programs one after the other and reports errors to the parent process: `node runInOneProcess.ts PROGRAM …`. */
import { pathToFileURL } from "node:url"
import { inspect } from "node:util"

for (const program of process.argv.slice(2)) {
  try {
    await import(pathToFileURL(program).href)
  } catch (error) {
    process.send?.({ program, error: inspect(error) })
  }
}
