import { createClient } from "@ttd-jobs/core/promise"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { advance, fakeServer, fakeTime, noResponse, settle } from "../portable/FakeServer.ts"

/** A client of an account of its own: the pauses of another test are not its. */
const connect = (fetch: typeof globalThis.fetch) =>
  createClient({ server: "http://127.0.0.1:9", token: `token-of-a-test-${crypto.randomUUID()}`, fetch })

const refs = Array.from({ length: 2000 }, (_, job) => `standard:${job}`)

beforeEach(async () => {
  await using client = connect(fakeServer({}).fetch)
  await client.waitAll([])
  fakeTime()
})

afterEach(() => {
  vi.useRealTimers()
})

describe("thousands of jobs", () => {
  it.each(["waitAll", "wait", "watch"] as const)(
    "P11 %s needs no timer per job while all permits are in use",
    async (way) => {
      const { requests, fetch } = fakeServer(noResponse())
      await using client = connect(fetch)
      const waits = {
        waitAll: () => [client.waitAll(refs)],
        wait: () => refs.map((ref) => client.wait(ref)),
        watch: () => refs.map((ref) => client.watch(ref)[Symbol.asyncIterator]().next())
      }[way]()
      const outcomes = Promise.allSettled<unknown>(waits)
      await settle()
      expect(requests).toHaveLength(4)
      // One timer for all polls and deadlines, and one for each request in flight.
      expect(vi.getTimerCount()).toBeLessThanOrEqual(5)
      await client.close()
      await outcomes
      expect(vi.getTimerCount()).toBe(0)
    }
  )

  it("P11 no timer per job between polls either", async () => {
    const { requests, fetch } = fakeServer({})
    await using client = connect(fetch)
    const outcome = client.waitAll(refs, { poll: { interval: "5 minutes" } }).catch(() => "closed")
    for (let turn = 0; turn < 2000 && requests.length < refs.length; turn++) await settle()
    await settle()
    expect(requests).toHaveLength(refs.length)
    expect(vi.getTimerCount()).toBe(1)
    await client.close()
    expect(await outcome).toBe("closed")
  })

  it("P3 P6 a pause past the deadline ends them all", async () => {
    const { requests, fetch } = fakeServer(new Response(null, { status: 429, headers: { "retry-after": "3600" } }))
    await using client = connect(fetch)
    const outcome = client.waitAll(refs, { timeout: "1 minute" })
    await advance(1000)
    expect(new Set((await outcome).map((end) => end.status === "rejected" && end.reason._tag))).toEqual(
      new Set(["WaitTimeoutError"])
    )
    expect(requests.length).toBeLessThanOrEqual(4)
    expect(vi.getTimerCount()).toBe(0)
  })

  it("P12 ten thousand watchers of one job share its two polls", async () => {
    const { requests, fetch } = fakeServer({}, { status: "Success" })
    await using client = connect(fetch)
    const outcome = client.waitAll(Array.from({ length: 10_000 }, () => "standard:1"))
    await advance(3000)
    expect(new Set((await outcome).map(({ status }) => status))).toEqual(new Set(["fulfilled"]))
    expect(requests).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it("P6 one deadline ends them all", async () => {
    const { fetch } = fakeServer(noResponse())
    await using client = connect(fetch)
    const outcome = client.waitAll(refs, { timeout: 2000 })
    await advance(2000)
    expect((await outcome).map(({ status }) => status)).toEqual(refs.map(() => "rejected"))
    expect(vi.getTimerCount()).toBe(0)
  })
})
