/**
 * Downloads in processes of their own, so that their memory can be told.
 *
 * @module
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import type { Measured, Task, Way } from "./DownloadRun.ts"
import type { ResultServer } from "./ResultServer.ts"

/** Bundles the program that downloads into a folder, as an application would: otherwise the sources' own loader is measured too. */
export const bundle = async (folder: string): Promise<string> => {
  const build = await rolldown({
    input: fileURLToPath(new URL("DownloadRun.ts", import.meta.url)),
    platform: "node",
    resolve: { conditionNames: ["@ttd-jobs/source", "import", "node", "default"] }
  })
  await build.write({ dir: folder, format: "esm", entryFileNames: "run.mjs", chunkFileNames: "[name].mjs" })
  return join(folder, "run.mjs")
}

/** Downloads in a new process. */
export const run = async (program: string, way: Way, server: ResultServer, path = ""): Promise<Measured> => {
  const task: Task = { ...server, way, path }
  const child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ["ignore", "pipe", "inherit"] })
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")])
  return JSON.parse(output)
}
