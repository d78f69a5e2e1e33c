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

/** How large the result is, in bytes. */
export const resultSize = 2 ** 30

/** A running server: the API, the job with the large result and the link to its file, and a job with a small one. */
export interface ResultServer extends Disposable {
  readonly url: string
  readonly token: string
  readonly ref: string
  readonly link: string
  readonly small: string
}

/** Starts the server; it ends with the scope that uses it. */
export const resultServer = async (): Promise<ResultServer> => {
  const program = ["--conditions=@ttd-jobs/source", fileURLToPath(import.meta.url)]
  const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] })
  const [line] = await once(child.stdout, "data")
  return { ...JSON.parse(String(line)), [Symbol.dispose]: () => child.kill() }
}

const serve = Effect.gen(function* () {
  const { addJob, token, url } = yield* Simulator
  const jobWith = (size: number) =>
    addJob({ duration: 0, result: ResultScript.file({ size, linkLifetime: "10 hours" }) })
  const ref = yield* jobWith(resultSize)
  const small = yield* jobWith(1000)
  const jobs = JobStatus.layer({ server: url, token })
  const snapshot = yield* Effect.provide(
    JobStatus.use(({ get }) => get(ref)),
    jobs
  )
  const link = snapshot.result?.inline === false ? snapshot.result.url : ""
  yield* Console.log(JSON.stringify({ url, token, ref: String(ref), small: String(small), link }))
  return yield* Effect.never
})

if (import.meta.main) Effect.runFork(Effect.provide(serve, Simulator.layer()))
