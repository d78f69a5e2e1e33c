import { createClient } from "@ttd-jobs/core/promise"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { advance, fakeServer, fakeTime } from "./FakeServer.ts"

/** A client of an account of its own: the pauses of another test are not its. */
const connect = (fetch: typeof globalThis.fetch) =>
  createClient({ server: "http://127.0.0.1:9", token: `token-of-a-test-${crypto.randomUUID()}`, fetch })

const errorResponse = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers })

beforeEach(fakeTime)

afterEach(() => {
  vi.useRealTimers()
})

describe("retries", () => {
  it("retry with backoff", async () => {
    const { requests, fetch } = fakeServer(errorResponse(500), errorResponse(502), errorResponse(503), {
      status: "Success"
    })
    await using client = connect(fetch)
    const outcome = client.get("standard:1")
    await advance(10_000)
    expect(await outcome).toMatchObject({ phase: "succeeded" })
    const pauses = requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0))
    ;[500, 750, 1125].forEach((backoff, index) => {
      expect(pauses[index]).toBeGreaterThanOrEqual(backoff)
      expect(pauses[index]).toBeLessThanOrEqual(backoff + 1000)
    })
  })

  it("P3 wait for Retry-After", async () => {
    const { requests, fetch } = fakeServer(errorResponse(429, { "retry-after": "7" }), { status: "Success" })
    await using client = connect(fetch)
    const outcome = client.get("standard:1")
    await advance(10_000)
    expect(await outcome).toMatchObject({ phase: "succeeded" })
    expect(requests[1]?.at).toBeGreaterThanOrEqual(7000)
  })

  it("P3 fail at once when Retry-After is past the deadline", async () => {
    const { requests, fetch } = fakeServer(errorResponse(429, { "retry-after": "3600" }))
    await using client = connect(fetch)
    await expect(client.get("standard:1")).rejects.toMatchObject({ status: 429, retryAfter: 900_000 })
    expect(requests).toHaveLength(1)
  })

  it("can be switched off", async () => {
    const { requests, fetch } = fakeServer(errorResponse(500))
    await using client = connect(fetch)
    await expect(client.get("standard:1", { retry: false })).rejects.toMatchObject({ status: 500 })
    expect(requests).toHaveLength(1)
  })
})
