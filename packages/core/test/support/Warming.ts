/**
 * Core loads waiting, downloading and digests when they are first used. That takes real time, which a test that moves the clock
 * cannot see; so it is spent before.
 */
import { createClient } from "@ttd-jobs/core/promise"
import { Effect } from "effect"

const server = "http://localhost"

const status = { id: 1, createdAtUtc: "2026-11-23T20:49:00Z", status: "Success", url: `${server}/file` }

/** A server of one job, whose result is an empty file. */
const fetch: typeof globalThis.fetch = async (input) => {
  const { pathname } = new URL(input instanceof Request ? input.url : String(input))
  return pathname === "/file"
    ? new Response("", { headers: { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" } })
    : Response.json(status)
}

let warming: Promise<unknown> | undefined

const load = async () => {
  await using client = createClient({ server, fetch })
  await client.wait(1)
  await new Response(client.download(1)).arrayBuffer()
}

/** Uses once what is loaded late. */
export const warm: Effect.Effect<void> = Effect.promise(() => {
  warming ??= load()
  return warming
})
