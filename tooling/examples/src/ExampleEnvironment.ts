/**
 * The environment that an example runs in: an empty folder, a user's environment variables, and a simulator with fixed jobs.
 *
 * | job | state |
 * | --- | --- |
 * | `standard:412651` | running, ends after 1.5 seconds with a result file of 2,000 bytes |
 * | `standard:412652` | succeeded, its result inline |
 * | `standard:412653` | failed |
 * | `standard:412654` | partially succeeded, its result inline |
 * | `standard:412655` | succeeded, but its result has expired |
 * | `graphql-query:7ab2`, `graphql-bulk:7ab2` | running, end after one second |
 * | `graphql-bulk:7` | succeeded, its result a file of 2,000 bytes |
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type JobScript, ResultScript, type RunningSimulator, startSimulator } from "@ttd-jobs/simulator/promise"

/** The environment of one example. */
export interface ExampleEnvironment extends AsyncDisposable {
  readonly simulator: RunningSimulator
  /** The working directory, empty at first. */
  readonly folder: string
  /** Environment variables. */
  readonly environment: NodeJS.ProcessEnv
}

/** Starts a simulator and creates the folder. */
export const createEnvironment = async (): Promise<ExampleEnvironment> => {
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
      // All examples load much the same modules.
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

const file = ResultScript.link({ size: 2000, digests: ["content-md5"] })

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
