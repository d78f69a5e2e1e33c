import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { medians } from "./Rounds.ts"
import { statusServer } from "./StatusServer.ts"
import { against, table } from "./Table.ts"

const rounds = 31
const program = fileURLToPath(new URL("../../../apps/cli/dist/main.js", import.meta.url))

/** Wall time of the built program from its start to its end, beside Node alone and beside one bare `fetch`. */
export const startup = async (): Promise<string> => {
  if (!existsSync(program)) throw new Error("apps/cli/dist is missing: run pnpm build")
  using server = await statusServer()
  const home = mkdtempSync(join(tmpdir(), "ttd-jobs-bench-"))
  const env = { HOME: home, WORKFLOWS_SERVER: server.url, WORKFLOWS_TTD_AUTH: "bench-token" }
  const oneFetch = `fetch("${server.url}/standardjob/412651/status", { headers: { "ttd-auth": "bench-token" } })
    .then((response) => response.json()).then((job) => console.log(job.status))`
  const times = await medians(
    {
      node: () => wallTime(["-e", "0"], env),
      version: () => wallTime([program, "--version"], env),
      help: () => wallTime([program, "--help"], env),
      fetch: () => wallTime(["-e", oneFetch], env),
      status: () => wallTime([program, "status", "412651"], env)
    },
    rounds
  )
  rmSync(home, { recursive: true })
  const row = (name: string, time: number, target = "") => [
    name,
    time.toFixed(1),
    (time / times("node")).toFixed(2),
    target
  ]
  return table(
    ["start to end, output in a pipe", "ms", "of `node -e 0`", "target"],
    [
      row("`node -e 0`", times("node")),
      row("`ttd-jobs --version`", times("version"), against(times("version") / times("node"), 1.25, "≤")),
      row("`ttd-jobs --help`", times("help"), against(times("help") / times("node"), 1.25, "≤")),
      row("`node -e` with one bare `fetch`", times("fetch")),
      row(
        "`ttd-jobs status`, one request",
        times("status"),
        `of the fetch: ${against(times("status") / times("fetch"), 1.5, "≤")}`
      )
    ]
  )
}

/** Milliseconds from a start to the end. What the program has compiled is kept from one start to the next, as it is at home. */
const wallTime = async (args: ReadonlyArray<string>, env: Record<string, string>): Promise<number> => {
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] })
  child.stdout.resume()
  const [code] = await once(child, "close")
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`)
  return performance.now() - startedAt
}
