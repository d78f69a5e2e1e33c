/**
 * A result of 1 GiB over loopback, beside curl and beside the runtime's bare `fetch`.
 *
 * @module
 */
import { execFile } from "node:child_process"
import { mkdtempDisposable } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { bundle, run } from "./DownloadProcess.ts"
import type { Way } from "./DownloadRun.ts"
import { resultServer, resultSize } from "./ResultServer.ts"
import { median, medians } from "./Rounds.ts"
import { against, table } from "./Table.ts"

const rounds = 3

/** Speed and memory of downloading to nowhere and to a file, in turns with curl doing the same. */
export const download = async (): Promise<string> => {
  using server = await resultServer()
  await using folder = await mkdtempDisposable(join(tmpdir(), "ttd-jobs-bench-"))
  const program = await bundle(folder.path)
  const path = join(folder.path, "result")
  const memory: Record<Way, Array<number>> = { fetch: [], stream: [], nodeStream: [], file: [] }
  const own = (way: Way) => async () => {
    const { mebibytes, seconds } = await run(program, way, server, path)
    memory[way].push(mebibytes)
    return seconds
  }
  const shell = (command: string) => async () => {
    const start = performance.now()
    await promisify(execFile)("sh", ["-c", command], { env: { ...process.env, LINK: server.large.link, FILE: path } })
    return (performance.now() - start) / 1000
  }
  const secondsOf = await medians(
    {
      curl: shell('curl -sf -o /dev/null "$LINK"'),
      fetch: own("fetch"),
      stream: own("stream"),
      nodeStream: own("nodeStream"),
      curlFile: shell('curl -sf -o "$FILE" "$LINK"'),
      curlSame: shell('curl -sf -o "$FILE" "$LINK" && sha256sum "$FILE" && sync "$FILE"'),
      file: own("file")
    },
    rounds
  )
  const curl = (name: string, kind: "curl" | "curlFile" | "curlSame") => [name, ...speedOf(secondsOf(kind)), "1.00", ""]
  const row = (name: string, way: Way, beside: "curl" | "curlFile" | "curlSame", target: number) => [
    name,
    ...speedOf(secondsOf(way)),
    against(secondsOf(beside) / secondsOf(way), target, "≥"),
    against(median(memory[way]), 64, "≤")
  ]
  return table(
    ["1 GiB over loopback", "s", "MiB/s", "of curl's speed", "MiB above idle"],
    [
      curl("`curl -o /dev/null`", "curl"),
      // For comparison: no target holds for it.
      [
        "bare `fetch`, to nowhere",
        ...speedOf(secondsOf("fetch")),
        (secondsOf("curl") / secondsOf("fetch")).toFixed(2),
        median(memory.fetch).toFixed(2)
      ],
      row("`download`, to nowhere", "stream", "curl", 0.3),
      row("`downloadToStream`, with SHA-256, to /dev/null", "nodeStream", "curl", 0.3),
      curl("`curl -o FILE`", "curlFile"),
      row("`downloadToFile`, with SHA-256 and sync", "file", "curlFile", 0.9),
      curl("`curl -o FILE`, `sha256sum`, `sync`", "curlSame"),
      row("`downloadToFile`, with SHA-256 and sync", "file", "curlSame", 0.9)
    ]
  )
}

const speedOf = (seconds: number) => [seconds.toFixed(2), (resultSize / 2 ** 20 / seconds).toFixed(0)]
