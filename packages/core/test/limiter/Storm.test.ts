import { createClient } from "@ttd-jobs/core/promise"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { advance, fakeServer, fakeTime } from "../portable/FakeServer.ts"

const connect = (fetch: typeof globalThis.fetch) =>
  createClient({ server: "http://127.0.0.1:9", token: `token-of-a-test-${crypto.randomUUID()}`, fetch })

const refs = Array.from({ length: 1000 }, (_, job) => `standard:${job}`)

const refusal =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response("{}", { status, headers })

beforeEach(async () => {
  // Loads what waiting needs, so that no test waits for a module.
  await using client = connect(fakeServer({}).fetch)
  await client.waitAll([])
  fakeTime()
})

afterEach(() => {
  vi.useRealTimers()
})

describe("1,000 waiting jobs", () => {
  it.each([429, 503])("P18 send at most 60 requests in 30 s to a server that sends only %i", async (status) => {
    const { requests, fetch } = fakeServer(refusal(status))
    await using client = connect(fetch)
    const outcome = client.waitAll(refs, { timeout: "1 hour" }).catch(() => "closed")
    await advance(30_000)
    expect(requests.length).toBeGreaterThan(5)
    expect(requests.length).toBeLessThanOrEqual(60)
    await client.close()
    expect(await outcome).toBe("closed")
  })

  it("P18 are polled again at full speed when the server has recovered", async () => {
    let isDown = true
    const { fetch, requests } = fakeServer(() =>
      isDown ? new Response("{}", { status: 503 }) : Response.json({ message: "recovered" }, { status: 404 })
    )
    await using client = connect(fetch)
    const outcome = client.waitAll(refs, { timeout: "1 hour" })
    await advance(10_000)
    isDown = false
    await advance(60_000)
    expect((await outcome).every(({ status }) => status === "rejected")).toBe(true)
    expect(requests.length).toBeGreaterThanOrEqual(1000)
  })
})
