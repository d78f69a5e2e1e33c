/**
 * Loads the modules that core imports on first use (waiting, downloading, digests). Loading takes real time, which a test on the test
 * clock cannot see.
 */
import { createClient } from "@ttd-jobs/core/promise"
import { Effect } from "effect"

const server = "http://localhost"

const status = { id: 1, createdAtUtc: "2026-11-23T20:49:00Z", status: "Success", url: `${server}/file` }

/** A server with one job, whose result is an empty file. */
const fetch: typeof globalThis.fetch = async (input) => {
  const { pathname } = new URL(input instanceof Request ? input.url : String(input))
  return pathname === "/file"
    ? new Response("", { headers: { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" } })
    : Response.json(status)
}

let loading: Promise<unknown> | undefined

const load = async () => {
  await using client = createClient({ server, fetch })
  await client.wait(1)
  await new Response(client.download(1)).arrayBuffer()
}

/** Loads the modules, once per process. */
export const preload: Effect.Effect<void> = Effect.promise(() => {
  loading ??= load()
  return loading
})
