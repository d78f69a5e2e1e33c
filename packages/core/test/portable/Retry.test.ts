import { createClient } from "@ttd-jobs/core/promise"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { fakeServer, fakeTime, pass } from "./FakeServer.ts"

/** A client of an account of its own: the pauses of another test are not its. */
const connect = (fetch: typeof globalThis.fetch) =>
  createClient({ server: "http://127.0.0.1:9", token: `token-of-a-test-${crypto.randomUUID()}`, fetch })

const refusal = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers })

beforeEach(fakeTime)

afterEach(() => {
  vi.useRealTimers()
})

describe("retries", () => {
  it("try again after a pause that grows", async () => {
    const { asked, fetch } = fakeServer(refusal(500), refusal(502), refusal(503), { status: "Success" })
    await using client = connect(fetch)
    const outcome = client.get("standard:1")
    await pass(10_000)
    expect(await outcome).toMatchObject({ phase: "succeeded" })
    const pauses = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0))
    ;[500, 750, 1125].forEach((backoff, index) => {
      expect(pauses[index]).toBeGreaterThanOrEqual(backoff)
      expect(pauses[index]).toBeLessThanOrEqual(backoff + 1000)
    })
  })

  it("P3 keep the pause that the server asks for", async () => {
    const { asked, fetch } = fakeServer(refusal(429, { "retry-after": "7" }), { status: "Success" })
    await using client = connect(fetch)
    const outcome = client.get("standard:1")
    await pass(10_000)
    expect(await outcome).toMatchObject({ phase: "succeeded" })
    expect(asked[1]?.at).toBeGreaterThanOrEqual(7000)
  })

  it("P3 do not wait for a pause past their time", async () => {
    const { asked, fetch } = fakeServer(refusal(429, { "retry-after": "3600" }))
    await using client = connect(fetch)
    await expect(client.get("standard:1")).rejects.toMatchObject({ status: 429, retryAfter: 3_600_000 })
    expect(asked).toHaveLength(1)
  })

  it("are none on request", async () => {
    const { asked, fetch } = fakeServer(refusal(500))
    await using client = connect(fetch)
    await expect(client.get("standard:1", { retry: false })).rejects.toMatchObject({ status: 500 })
    expect(asked).toHaveLength(1)
  })
})
