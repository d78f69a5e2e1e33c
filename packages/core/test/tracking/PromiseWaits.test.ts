import { createClient, type WaitEvent } from "@ttd-jobs/core/promise"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { advance, fakeServer, fakeTime, noResponse, resultOf, settle } from "../portable/FakeServer.ts"

/** A client of an account of its own: the pauses of another test are not its. */
const connect = (fetch: typeof globalThis.fetch) =>
  createClient({ server: "http://127.0.0.1:9", token: `token-of-a-test-${crypto.randomUUID()}`, fetch })

beforeEach(async () => {
  await using client = connect(fakeServer({}).fetch)
  await client.waitAll([])
  fakeTime()
})

afterEach(() => {
  vi.useRealTimers()
})

describe("joining and leaving from inside a listener", () => {
  it("P12 a wait that begins in onProgress shares the poll, and polls no earlier than the interval allows", async () => {
    let percentage = 0
    const { fetch, requests } = fakeServer(() => ({ completionPercentage: ++percentage }))
    await using client = connect(fetch)
    const stop = new AbortController()
    const waits: Array<Promise<unknown>> = []
    const wait = (onProgress?: (event: WaitEvent) => void) => {
      waits.push(client.wait("standard:1", { signal: stop.signal, onProgress }).catch(() => "aborted"))
    }
    wait(() => {
      if (waits.length < 4) wait()
    })
    await advance(5000)
    const intervals = requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0))
    expect(waits).toHaveLength(4)
    expect(Math.min(...intervals)).toBeGreaterThanOrEqual(1000)
    stop.abort()
    expect(await Promise.all(waits)).toEqual(waits.map(() => "aborted"))
    expect(vi.getTimerCount()).toBe(0)
  })

  it("P7 P12 when everybody has left, from inside a listener too, no request is open", async () => {
    const { aborted, fetch, requests } = fakeServer({}, noResponse())
    await using client = connect(fetch)
    const stop = new AbortController()
    const second = new AbortController()
    let other: Promise<unknown> = Promise.resolve()
    const first = client
      .wait("standard:1", {
        signal: stop.signal,
        onProgress: () => {
          other = client.wait("standard:1", { signal: second.signal }).catch(() => "aborted")
          stop.abort()
        }
      })
      .catch(() => "aborted")
    await advance(3000)
    expect(requests).toHaveLength(2)
    second.abort()
    expect([await first, await other]).toEqual(["aborted", "aborted"])
    await settle()
    expect(aborted()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe("rejoining", () => {
  it("P12 a loop of watch and break sends one request a second", async () => {
    const { fetch, requests } = fakeServer({})
    await using client = connect(fetch)
    const until = Date.now() + 3000
    const looping = (async () => {
      while (Date.now() < until) {
        for await (const _ of client.watch("standard:1")) break
        await settle()
      }
    })()
    await advance(3100)
    await looping
    expect(requests.length).toBeLessThanOrEqual(4)
  })

  it("P12 a loop of short waits sends one request a second", async () => {
    const { fetch, requests } = fakeServer({})
    await using client = connect(fetch)
    const until = Date.now() + 3000
    const looping = (async () => {
      while (Date.now() < until) await client.wait("standard:1", { timeout: 100 }).catch(() => {})
    })()
    await advance(3200)
    await looping
    expect(requests.length).toBeLessThanOrEqual(4)
  })
})

describe("reports", () => {
  it("P13 a standard job's growing error text is a change each time, and so is its result", async () => {
    const running = { completionPercentage: 10 }
    const { fetch } = fakeServer(
      { ...running, errors: "row 1: bad" },
      { ...running, errors: "row 1: bad\nrow 2: bad" },
      { ...running, errors: "row 1: bad\nrow 2: bad" },
      { ...running, errors: "row 1: bad\nrow 2: bad", url: "https://files.example/1" },
      { status: "PartialSuccess", errors: "row 1: bad\nrow 2: bad", url: "https://files.example/1" }
    )
    await using client = connect(fetch)
    const changes: Array<unknown> = []
    const watching = (async () => {
      for await (const job of client.watch(412651, { poll: { interval: "1 second" } })) {
        changes.push([job.phase, job.errors.length, job.errors.join().length, job.result !== null])
      }
    })()
    await advance(6000)
    await watching
    expect(changes).toEqual([
      ["running", 1, 10, false],
      ["running", 1, 21, false],
      ["running", 1, 21, true],
      ["partially-succeeded", 1, 21, true]
    ])
  })

  it("P10 polls that were never sent are not counted", async () => {
    const { fetch, requests } = fakeServer(new Response(null, { status: 429, headers: { "retry-after": "60" } }))
    await using client = connect(fetch)
    await client.get("standard:1", { retry: false }).catch(() => {})
    expect(requests).toHaveLength(1)
    const error = await resultOf(client.wait("standard:2", { timeout: "5 seconds" }).catch((error: unknown) => error))
    expect(error).toMatchObject({
      _tag: "WaitTimeoutError",
      polls: 0,
      responses: {},
      lastError: { _tag: "RateLimitedError", status: 429 }
    })
    expect(requests).toHaveLength(1)
  })

  it("P6 a wait of no time checks a job once: its end is a result, a running job a timeout", async () => {
    const { fetch, requests } = fakeServer({ status: "Success" }, {})
    await using client = connect(fetch)
    expect(await resultOf(client.wait("standard:412651", { timeout: 0 }))).toMatchObject({ phase: "succeeded" })
    await advance(2000)
    const error = await resultOf(client.wait("standard:412651", { timeout: 0 }).catch((error: unknown) => error))
    expect(error).toMatchObject({ _tag: "WaitTimeoutError", polls: 1, responses: { 200: 1 } })
    expect(requests).toHaveLength(2)
  })
})

describe("many that end together", () => {
  /** What an action comes to, and how many turns of the event loop come between the first and the last report. */
  const turnsOf = async (begin: (report: () => void) => Promise<unknown>) => {
    let turn = 0
    let first: number | undefined
    let last = 0
    let isOver = false
    const counting = (async () => {
      while (!isOver) {
        await new Promise<void>((resume) => setImmediate(resume))
        turn += 1
      }
    })()
    await begin(() => {
      first ??= turn
      last = turn
    })
    isOver = true
    await counting
    return last - (first ?? 0)
  }

  it("P12 ten thousand watchers of one job that ends get their events in slices", async () => {
    vi.useRealTimers()
    const { fetch } = fakeServer({ status: "Success" })
    await using client = connect(fetch)
    const turns = await turnsOf((report) =>
      client.waitAll(
        Array.from({ length: 10_000 }, () => "standard:412651"),
        { onProgress: report }
      )
    )
    expect(turns).toBeGreaterThan(20)
  })

  it("P6 ten thousand jobs that time out together get their events in slices, in the order of the references", async () => {
    vi.useRealTimers()
    const { fetch } = fakeServer(noResponse())
    await using client = connect(fetch)
    const refs = Array.from({ length: 10_000 }, (_, job) => `standard:${job}`)
    const reported: Array<string> = []
    const turns = await turnsOf((report) =>
      client.waitAll(refs, {
        timeout: 1000,
        onProgress: ({ ref }) => {
          report()
          reported.push(ref)
        }
      })
    )
    expect(turns).toBeGreaterThan(20)
    expect(reported).toEqual(refs)
  })

  it("P7 an abort of ten thousand leaves them in slices, and nothing more is sent", async () => {
    vi.useRealTimers()
    const { fetch, requests } = fakeServer(noResponse())
    await using client = connect(fetch)
    const stop = new AbortController()
    const refs = Array.from({ length: 10_000 }, (_, job) => `standard:${job}`)
    const waiting = client.waitAll(refs, { signal: stop.signal }).catch(() => "aborted")
    while (requests.length < 4) await new Promise<void>((resume) => setImmediate(resume))
    stop.abort()
    expect(await waiting).toBe("aborted")
    expect(requests).toHaveLength(4)
    expect(requests.every(({ signal }) => signal?.aborted)).toBe(true)
  })
})
