import { createClient, type JobStatusClient } from "@ttd-jobs/core/promise"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { advance, fakeServer, fakeTime, noResponse, resultOf, settle } from "./FakeServer.ts"

const clients: Array<JobStatusClient> = []

/** A client of a fake server, with an account of its own; closed after the test. */
const clientOf = (fetch: typeof globalThis.fetch) => {
  const token = `token-of-a-test-${crypto.randomUUID()}`
  const client = createClient({ server: "http://127.0.0.1:9", token, fetch })
  clients.push(client)
  return client
}

/** Loads the modules of waiting, so that no test waits for them. */
const preload = async () => {
  const { fetch } = fakeServer()
  await clientOf(fetch).waitAll([])
}

beforeEach(async () => {
  await preload()
  fakeTime()
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  vi.useRealTimers()
})

describe("an aborted wait", () => {
  it("P7 sends nothing when it was aborted before", async () => {
    const { requests, fetch } = fakeServer({})
    const client = clientOf(fetch)
    const signal = AbortSignal.abort(new Error("not today"))
    await expect(client.wait("standard:1", { signal })).rejects.toThrow("not today")
    await expect(client.waitAll(["standard:1"], { signal })).rejects.toThrow("not today")
    await expect(client.watch("standard:1", { signal })[Symbol.asyncIterator]().next()).rejects.toThrow("not today")
    await settle()
    expect(requests).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    ["before the first request", 0, {}],
    ["while the first request is in flight", 100, noResponse()],
    ["between two polls", 1500, {}],
    ["while a later request is in flight", 5000, noResponse()],
    ["during the backoff after an error", 3000, new Response(null, { status: 500 })],
    ["during a rate-limit pause", 3000, new Response(null, { status: 429, headers: { "retry-after": "60" } })]
  ] as const)("P7 %s rejects with the reason; no request, no timer is left", async (moment, after, reply) => {
    const { requests, fetch } = fakeServer(...(moment === "while a later request is in flight" ? [{}, reply] : [reply]))
    const aborting = new AbortController()
    const outcome = clientOf(fetch)
      .wait("standard:1", { signal: aborting.signal })
      .catch((error: unknown) => error)
    await advance(after)
    const before = requests.length
    aborting.abort(new Error("enough"))
    expect(await outcome).toMatchObject({ message: "enough" })
    await advance(10_000)
    expect(requests).toHaveLength(before)
    expect(vi.getTimerCount()).toBe(0)
  })

  it("P7 aborts the request in flight", async () => {
    const { aborted, fetch } = fakeServer(noResponse())
    const aborting = new AbortController()
    const outcome = clientOf(fetch)
      .wait("standard:1", { signal: aborting.signal })
      .catch((error: unknown) => error)
    await advance(1000)
    expect(aborted()).toBe(0)
    aborting.abort()
    expect(await outcome).toMatchObject({ name: "AbortError" })
    expect(aborted()).toBe(1)
  })

  it("P7 rejects with the timeout's own reason under AbortSignal.timeout", async () => {
    const { fetch } = fakeServer({})
    const signal = AbortSignal.abort(new DOMException("too late", "TimeoutError"))
    await expect(clientOf(fetch).wait("standard:1", { signal })).rejects.toMatchObject({ name: "TimeoutError" })
  })

  it("P7 a wait that ended leaves no listener on its signal, and no timer", async () => {
    const { fetch } = fakeServer({ status: "Success" })
    const { signal } = new AbortController()
    const add = vi.spyOn(signal, "addEventListener")
    const remove = vi.spyOn(signal, "removeEventListener")
    await resultOf(clientOf(fetch).wait("standard:1", { signal }))
    await settle()
    expect(remove.mock.calls.length).toBe(add.mock.calls.length)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe("a client that is closed", () => {
  it("P7 ends everything in progress with an AbortError, and starts nothing more", async () => {
    const { requests, fetch } = fakeServer({})
    const client = clientOf(fetch)
    const iterator = client.watch("standard:2")[Symbol.asyncIterator]()
    const ends = [
      client.wait("standard:1"),
      client.waitAll(["standard:3"]),
      iterator.next().then(() => iterator.next())
    ]
    const outcomes = Promise.allSettled(ends)
    await advance(2000)
    await client.close()
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { name: "AbortError" } })
    const before = requests.length
    await expect(client.wait("standard:1")).rejects.toMatchObject({ name: "AbortError" })
    await advance(60_000)
    expect(requests).toHaveLength(before)
    expect(vi.getTimerCount()).toBe(0)
  })

  it("P7 await using closes it", async () => {
    const { fetch } = fakeServer({})
    let outcome: Promise<unknown>
    {
      await using client = createClient({ server: "http://127.0.0.1:9", token: "token-of-a-test", fetch })
      outcome = client.wait("standard:1").catch((error: unknown) => error)
      await advance(1000)
    }
    expect(await outcome).toMatchObject({ name: "AbortError" })
    await advance(10)
    expect(vi.getTimerCount()).toBe(0)
  })

  it("P7 a wait that was aborted while its modules were loaded does not break a later one", async () => {
    const { fetch } = fakeServer({ status: "Success" })
    const client = clientOf(fetch)
    const aborting = new AbortController()
    const first = client.wait("standard:1", { signal: aborting.signal }).catch((error: unknown) => error)
    aborting.abort()
    expect(await first).toMatchObject({ name: "AbortError" })
    expect(await resultOf(client.wait("standard:1"))).toMatchObject({ phase: "succeeded" })
  })
})

describe("watch as an async iterable", () => {
  it("P13 yields the changes and ends", async () => {
    const { fetch } = fakeServer({ completionPercentage: 10 }, { completionPercentage: 10 }, { status: "Success" })
    const phases: Array<string> = []
    const watching = (async () => {
      for await (const { phase } of clientOf(fetch).watch("standard:1")) phases.push(phase)
    })()
    await advance(10_000)
    await watching
    expect(phases).toEqual(["running", "succeeded"])
    expect(vi.getTimerCount()).toBe(0)
  })

  it("P7 leaving the loop stops polling", async () => {
    const { requests, fetch } = fakeServer({})
    const watching = (async () => {
      for await (const _ of clientOf(fetch).watch("standard:1")) break
    })()
    await advance(100)
    await watching
    await advance(60_000)
    expect(requests).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it("P7 an error in the loop's body stops polling", async () => {
    const { requests, fetch } = fakeServer({})
    const watching = (async () => {
      for await (const _ of clientOf(fetch).watch("standard:1")) throw new Error("The body broke")
    })().catch((error: unknown) => error)
    await advance(100)
    expect(await watching).toMatchObject({ message: "The body broke" })
    await advance(60_000)
    expect(requests).toHaveLength(1)
  })

  it("P7 return() ends a pending next(), and its request", async () => {
    const { aborted, requests, fetch } = fakeServer({}, noResponse())
    const iterator = clientOf(fetch).watch("standard:1")[Symbol.asyncIterator]()
    await resultOf(iterator.next())
    const pending = iterator.next()
    await advance(5000)
    expect(requests).toHaveLength(2)
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await pending).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(aborted()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it("P7 return() before the first next() sends nothing", async () => {
    const { requests, fetch } = fakeServer({})
    const iterator = clientOf(fetch).watch("standard:1")[Symbol.asyncIterator]()
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    await advance(5000)
    expect(requests).toEqual([])
  })

  it("P13 does not poll while no change is requested", async () => {
    const { requests, fetch } = fakeServer({})
    const iterator = clientOf(fetch).watch("standard:1")[Symbol.asyncIterator]()
    await resultOf(iterator.next())
    await advance(60_000)
    expect(requests).toHaveLength(1)
    await iterator.return?.()
  })

  it("P1 rejects with the same tagged errors as a wait", async () => {
    const { fetch } = fakeServer(Response.json({ title: "No such job" }, { status: 404 }))
    const iterator = clientOf(fetch).watch("standard:1")[Symbol.asyncIterator]()
    await expect(resultOf(iterator.next())).rejects.toMatchObject({ _tag: "ProblemDetailsError", status: 404 })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })
})
