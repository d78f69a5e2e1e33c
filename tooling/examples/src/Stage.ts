/**
 * What an example meets: an empty folder, the environment of a user, and a simulator with the same jobs every time.
 *
 * | job | stands |
 * | --- | --- |
 * | `standard:412651` | running, a second and a half before its end; its result will be a file of 2,000 bytes |
 * | `standard:412652` | succeeded, its result inline |
 * | `standard:412653` | failed |
 * | `standard:412654` | partially succeeded, its result inline |
 * | `standard:412655` | succeeded, but its result has expired |
 * | `graphql-query:7ab2`, `graphql-bulk:7ab2` | running, a second before their end |
 * | `graphql-bulk:7` | succeeded, its result a file of 2,000 bytes |
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type JobScript, ResultScript, type RunningSimulator, startSimulator } from "@ttd-jobs/simulator/promise"

/** A stage for one example. */
export interface Stage extends AsyncDisposable {
  readonly simulator: RunningSimulator
  /** The folder the example runs in, empty at first. */
  readonly folder: string
  /** The environment it runs with. */
  readonly environment: NodeJS.ProcessEnv
}

/** Sets a stage. */
export const setStage = async (): Promise<Stage> => {
  const simulator = await startSimulator()
  for (const job of jobs) await simulator.addJob(job)
  const folder = mkdtempSync(join(tmpdir(), "example-"))
  const { PATH = "", HOME = "" } = process.env
  return {
    simulator,
    folder,
    environment: {
      PATH,
      HOME,
      // All of them load much the same modules.
      NODE_COMPILE_CACHE: join(tmpdir(), "ttd-jobs-examples-cache"),
      WORKFLOWS_SERVER: simulator.url,
      WORKFLOWS_TTD_AUTH: simulator.token
    },
    [Symbol.asyncDispose]: async () => {
      await simulator.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

const file = ResultScript.file({ size: 2000, digests: ["content-md5"] })

const jobs: ReadonlyArray<JobScript> = [
  { id: 412651, age: "100 seconds", duration: "101500 millis", result: file },
  { id: 412652, age: "10 minutes", duration: "5 minutes" },
  { id: 412653, age: "10 minutes", duration: "5 minutes", status: "Failure", errors: "The date range is empty." },
  {
    id: 412654,
    age: "10 minutes",
    duration: "5 minutes",
    status: "PartialSuccess",
    errors: "One advertiser was skipped."
  },
  { id: 412655, age: "25 hours", duration: "5 minutes" },
  { kind: "graphql-query", id: "7ab2", age: "59 seconds", duration: "60 seconds" },
  { kind: "graphql-bulk", id: "7ab2", age: "59 seconds", duration: "60 seconds" },
  { kind: "graphql-bulk", id: "7", age: "10 minutes", duration: "5 minutes", result: file }
]
