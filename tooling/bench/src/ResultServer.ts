/**
 * The simulator with a finished job and its result of 1 GiB, in a process of its own.
 *
 * @module
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { JobStatus } from "@ttd-jobs/core"
import { ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Console, Effect } from "effect"

/** How large the large result is, in bytes. */
export const resultSize = 2 ** 30

/** A job, and the link to its result. */
export interface Result {
  readonly ref: string
  readonly link: string
}

/** A running server with a large result and a small one. */
export interface ResultServer extends Disposable {
  readonly server: string
  readonly token: string
  readonly large: Result
  readonly small: Result
}

/** Starts the server; it ends with the scope that uses it. */
export const resultServer = async (): Promise<ResultServer> => {
  const program = ["--conditions=@ttd-jobs/source", fileURLToPath(import.meta.url)]
  const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] })
  const [line] = await once(child.stdout, "data")
  return { ...JSON.parse(String(line)), [Symbol.dispose]: () => child.kill() }
}

const resultOf = Effect.fnUntraced(function* (size: number) {
  const { addJob, token, url } = yield* Simulator
  const ref = yield* addJob({ duration: 0, result: ResultScript.link({ size, linkLifetime: "10 hours" }) })
  const jobs = JobStatus.layer({ server: url, token })
  const { result } = yield* Effect.provide(
    JobStatus.use(({ get }) => get(ref)),
    jobs
  )
  return { ref: String(ref), link: result?.inline === false ? result.url : "" }
})

const serve = Effect.gen(function* () {
  const { token, url } = yield* Simulator
  const running = { server: url, token, large: yield* resultOf(resultSize), small: yield* resultOf(1000) }
  yield* Console.log(JSON.stringify(running))
  return yield* Effect.never
})

if (import.meta.main) Effect.runFork(Effect.provide(serve, Simulator.layer()))
