/**
 * One download in a process of its own, so that its memory can be told: `DownloadRun.ts SERVER TOKEN SMALL REF [PATH]`.
 *
 * @module
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { downloadToFile } from "@ttd-jobs/core/node"
import { createClient } from "@ttd-jobs/core/promise"
import type { ResultServer } from "./ResultServer.ts"

/** How long a download took, in seconds, and how much memory it needed beyond what an idle client has, in MiB. */
export interface Measured {
  readonly seconds: number
  readonly mebibytes: number
}

/** Downloads in a new process: to a path, or to nowhere. */
export const run = async ({ ref, small, token, url }: ResultServer, path = ""): Promise<Measured> => {
  const program = ["--conditions=@ttd-jobs/source", fileURLToPath(import.meta.url)]
  const child = spawn(process.execPath, [...program, url, token, small, ref, path], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")])
  return JSON.parse(output)
}

const measure = async (server: string, token: string, small: string, ref: string, path: string): Promise<Measured> => {
  await using client = createClient({ server, token })
  const download = async (ref: string) => {
    if (path === "") for await (const _ of client.download(ref));
    else await downloadToFile(client, ref, path, { overwrite: true })
  }
  // Idle is a client that has done it before: its code is loaded.
  await download(small)
  const idle = process.memoryUsage.rss()
  let peak = idle
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 5)
  const start = performance.now()
  await download(ref)
  const seconds = (performance.now() - start) / 1000
  clearInterval(sampling)
  return { seconds, mebibytes: (peak - idle) / 2 ** 20 }
}

if (import.meta.main) {
  const [server = "", token = "", small = "", ref = "", path = ""] = process.argv.slice(2)
  console.log(JSON.stringify(await measure(server, token, small, ref, path)))
}
