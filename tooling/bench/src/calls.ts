import { JobStatus } from "@ttd-jobs/core"
import { createClient } from "@ttd-jobs/core/promise"
import { Effect, ManagedRuntime } from "effect"
import ky from "ky"
import { medians } from "./Rounds.ts"
import { statusServer } from "./StatusServer.ts"
import { against, table } from "./Table.ts"

const calls = 2000
const rounds = 9
const concurrency = 4

/** Calls per second of `getJobStatus`, four at once, beside bare `fetch` and ky alone. */
export const callsPerSecond = async (): Promise<string> => {
  using server = await statusServer()
  const options = { server: server.url, token: "bench-token" }
  const url = `${server.url}/standardjob/412651/status`
  const headers = { "ttd-auth": options.token, accept: "application/json" }
  await using client = createClient(options)
  const runtime = ManagedRuntime.make(JobStatus.layer(options))
  const effects = JobStatus.use((jobs) =>
    Effect.forEach(Array.from({ length: calls }), () => jobs.getJobStatus(412651), { concurrency, discard: true })
  )
  const rateOf = await medians(
    {
      fetch: () => callRate(() => fourAtOnce(async () => JSON.parse(await (await fetch(url, { headers })).text()))),
      ky: () => callRate(() => fourAtOnce(() => ky.get(url, { headers }).json())),
      promises: () => callRate(() => fourAtOnce(() => client.getJobStatus(412651))),
      effects: () => callRate(() => runtime.runPromise(effects))
    },
    rounds
  )
  await runtime.dispose()
  const row = (name: string, own: number) => [
    name,
    own.toFixed(0),
    against(own / rateOf("ky"), 0.95, "≥"),
    against(own / rateOf("fetch"), 0.75, "≥")
  ]
  return table(
    ["getJobStatus, four at once", "calls/s", "of ky alone", "of bare fetch"],
    [
      ["bare `fetch` + `JSON.parse`", rateOf("fetch").toFixed(0), (rateOf("fetch") / rateOf("ky")).toFixed(2), "1.00"],
      ["ky alone", rateOf("ky").toFixed(0), "1.00", (rateOf("ky") / rateOf("fetch")).toFixed(2)],
      row("ttd-jobs, effects", rateOf("effects")),
      row("ttd-jobs, promises", rateOf("promises"))
    ]
  )
}

const callRate = async (run: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await run()
  return (calls / (performance.now() - start)) * 1000
}

const fourAtOnce = async (call: () => Promise<unknown>): Promise<void> => {
  let left = calls
  const caller = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: concurrency }, caller))
}
