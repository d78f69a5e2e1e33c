import { describe, expect, it } from "@effect/vitest"
import { createClient } from "@ttd-jobs/core/promise"
import { idIn, jobJson, recordingFetch, server } from "./support.ts"

/** A server that responds when it is told to, and notes which requests were aborted. */
const held = () => {
  const aborted: Array<string> = []
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const upstream = recordingFetch(async ({ init, url }) => {
    init.signal?.addEventListener("abort", () => aborted.push(url))
    await released
    return Response.json(jobJson(idIn(url)))
  })
  return { ...upstream, aborted, release }
}

const settle = () => new Promise((resume) => setTimeout(resume, 10))

describe("calls for one job at the same time", () => {
  it("share one request, by whatever name, and get the same snapshot", async () => {
    const upstream = held()
    await using client = createClient({ server, fetch: upstream.fetch })
    const calls = [client.get(1), client.get("standard:1"), client.get({ kind: "standard", id: "1" })]
    const typed = client.getJobStatus(1)
    await settle()
    upstream.release()
    const snapshots = await Promise.all(calls)
    expect(new Set(snapshots.map(({ ref }) => ref))).toEqual(new Set(["standard:1"]))
    expect((await typed).id).toBe("1")
    expect(upstream.requests).toHaveLength(1)
  })

  it("begin a new request once it has ended", async () => {
    const { fetch, requests } = recordingFetch()
    await using client = createClient({ server, fetch })
    await client.get(1)
    await client.get(1)
    expect(requests).toHaveLength(2)
  })

  it("do not share with other jobs, other kinds, other retries and other timeouts", async () => {
    const upstream = held()
    await using client = createClient({ server, fetch: upstream.fetch, concurrency: 4 })
    const calls = [
      client.get(1),
      client.get(2),
      client.getGraphQlBulkJobStatus("1"),
      client.get(1, { retry: false }),
      client.get(1, { timeout: "5 seconds" }),
      client.get(1, { timeout: 5000 })
    ]
    const outcomes = Promise.allSettled(calls)
    await settle()
    upstream.release()
    await outcomes
    expect(upstream.requests).toHaveLength(5)
  })

  it("P7 one that is aborted leaves the others alone, and the last one ends the request", async () => {
    const upstream = held()
    await using client = createClient({ server, fetch: upstream.fetch })
    const [first, second] = [new AbortController(), new AbortController()]
    const calls = [client.get(1, { signal: first.signal }), client.get(1, { signal: second.signal }), client.get(2)]
    const outcomes = Promise.allSettled(calls)
    await settle()
    first.abort()
    await settle()
    expect(upstream.aborted).toEqual([])
    second.abort()
    await settle()
    expect(upstream.aborted).toEqual(["http://localhost:9/standardjob/1/status"])
    upstream.release()
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"])
  })

  it("P7 end with their client, and nothing is sent after that", async () => {
    const upstream = held()
    const client = createClient({ server, fetch: upstream.fetch })
    const outcomes = Promise.allSettled([client.get(1), client.get(1), client.getRaw(1)])
    await settle()
    await client.close()
    expect(upstream.aborted).toHaveLength(2)
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { name: "AbortError" } })
  })
})
