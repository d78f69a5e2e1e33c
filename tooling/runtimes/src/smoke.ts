/**
 * What must work in every runtime: status, many calls at once, waiting, watching, downloading, a typed error. Written in
 * TypeScript that needs no compiler option; bundled for runtimes that read no TypeScript.
 *
 * @module
 */
import { createClient } from "@ttd-jobs/core/promise"

/** The server and the references that a smoke test uses. */
export interface SmokeOptions {
  readonly server: string
  readonly token: string
  /** A job that ends soon, with a result file of `size` bytes. */
  readonly running: string
  readonly size: number
  /** A job whose id is above 2^53. */
  readonly large: string
  /** A job that the server does not know. */
  readonly missing: string
}

/** Runs the checks; rejects with the first that fails. */
export const smoke = async (options: SmokeOptions): Promise<ReadonlyArray<string>> => {
  const passed: Array<string> = []
  const check = (name: string, holds: boolean) => {
    if (!holds) throw new Error(`${name} failed`)
    passed.push(name)
  }
  await using client = createClient({ server: options.server, token: options.token })

  const large = await client.get(options.large)
  check("exact id", options.large.endsWith(`:${large.id}`))

  const many = await Promise.all(Array.from({ length: 12 }, (_, index) => client.getJobStatus(index + 1)))
  check(
    "twelve calls at once",
    many.every(({ id }, index) => id === String(index + 1))
  )

  const phases: Array<string> = []
  for await (const { phase } of client.watch(options.running)) phases.push(phase)
  check("watch", phases.at(-1) === "succeeded")

  const job = await client.wait(options.running, { timeout: "30 seconds" })
  check("wait", job.phase === "succeeded")

  let bytes = 0
  for await (const part of client.download(options.running)) bytes += part.byteLength
  check("download", bytes === options.size)

  const error: unknown = await client.get(options.missing).catch((error: unknown) => error)
  check("typed error", error instanceof Error && "_tag" in error && error._tag === "ProblemDetailsError")
  return passed
}
