/**
 * A result of 1 GiB over loopback, beside curl.
 *
 * @module
 */
import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { type Measured, run } from "./DownloadRun.ts"
import { type ResultServer, resultServer, resultSize } from "./ResultServer.ts"
import { median, medians } from "./Rounds.ts"
import { against, table } from "./Table.ts"

const rounds = 3

/** Speed and memory of downloading to nowhere and to a file, in turns with curl doing the same. */
export const download = async (): Promise<string> => {
  using server = await resultServer()
  const directory = await mkdtemp(join(tmpdir(), "ttd-jobs-bench-"))
  const path = join(directory, "result")
  const memory = { stream: [] as Array<number>, file: [] as Array<number> }
  const seconds = async (kind: keyof typeof memory, measured: Promise<Measured>) => {
    const { mebibytes, seconds } = await measured
    memory[kind].push(mebibytes)
    return seconds
  }
  const secondsOf = await medians(
    {
      curl: () => shell(server, "curl -sf -o /dev/null $LINK"),
      stream: () => seconds("stream", run(server)),
      curlFile: () => shell(server, `curl -sf -o ${path} $LINK`),
      curlSame: () => shell(server, `curl -sf -o ${path} $LINK && sha256sum ${path} && sync ${path}`),
      file: () => seconds("file", run(server, path))
    },
    rounds
  )
  await rm(directory, { recursive: true })
  const row = (name: string, own: Parameters<typeof secondsOf>[0], ratio = "", mebibytes = "") => [
    name,
    secondsOf(own).toFixed(2),
    (resultSize / 2 ** 20 / secondsOf(own)).toFixed(0),
    ratio,
    mebibytes
  ]
  const ratio = (own: "stream" | "file", other: "curl" | "curlFile" | "curlSame") =>
    against(secondsOf(other) / secondsOf(own), 0.9, "≥")
  const most = (kind: keyof typeof memory) => against(median(memory[kind]), 64, "≤")
  return table(
    ["1 GiB over loopback", "s", "MiB/s", "of curl's speed", "MiB above idle"],
    [
      row("`curl -o /dev/null`", "curl"),
      row("`download`, to nowhere", "stream", ratio("stream", "curl"), most("stream")),
      row("`curl -o FILE`", "curlFile"),
      row("`curl -o FILE`, then `sha256sum` and `sync`", "curlSame"),
      row("`downloadToFile`, beside `curl -o FILE`", "file", ratio("file", "curlFile"), most("file")),
      row("`downloadToFile`, beside curl with digest and sync", "file", ratio("file", "curlSame"))
    ]
  )
}

const shell = async ({ link }: ResultServer, command: string): Promise<number> => {
  const start = performance.now()
  await promisify(execFile)("sh", ["-c", command], { env: { ...process.env, LINK: link } })
  return (performance.now() - start) / 1000
}
