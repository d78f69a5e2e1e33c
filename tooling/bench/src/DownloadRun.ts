/**
 * The program that downloads once and tells how long it took and how much memory.
 *
 * @module
 */
import { createWriteStream } from "node:fs"
import { downloadToFile, downloadToStream } from "@ttd-jobs/core/node"
import { createClient } from "@ttd-jobs/core/promise"
import type { ResultServer } from "./ResultServer.ts"

/** How long a download took, in seconds, and how much memory it needed beyond what the idle process has, in MiB. */
export interface Measured {
  readonly seconds: number
  readonly mebibytes: number
}

/** How a result is downloaded: by the runtime's bare `fetch`, as a stream to nowhere, to a Node stream, or to a file. */
export type Way = "fetch" | "stream" | "nodeStream" | "file"

/** What the process is told to do. */
export interface Task extends Omit<ResultServer, typeof Symbol.dispose> {
  readonly way: Way
  readonly path: string
}

const measure = async ({ large, path, server, small, token, way }: Task): Promise<Measured> => {
  await using client = createClient({ server, token })
  const ways: Readonly<Record<Way, (result: ResultServer["large"]) => Promise<unknown>>> = {
    fetch: async ({ link }) => drain((await fetch(link)).body),
    stream: ({ ref }) => drain(client.download(ref)),
    nodeStream: ({ ref }) => downloadToStream(client, ref, createWriteStream("/dev/null")),
    file: ({ ref }) => downloadToFile(client, ref, path, { overwrite: true })
  }
  // Idle is a process that has done it before: its code is loaded.
  await ways[way](small)
  const idle = process.memoryUsage.rss()
  let peak = idle
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 5)
  const start = performance.now()
  await ways[way](large)
  const seconds = (performance.now() - start) / 1000
  clearInterval(sampling)
  return { seconds, mebibytes: (peak - idle) / 2 ** 20 }
}

const drain = async (body: ReadableStream<Uint8Array> | null) => {
  const reader = body?.getReader()
  while (reader !== undefined && !(await reader.read()).done);
}

if (import.meta.main) console.log(JSON.stringify(await measure(JSON.parse(process.argv[2] ?? ""))))
