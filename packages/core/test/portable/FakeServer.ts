/** A fake server as a `fetch` function, for tests that run in Node and in a browser. */
import { vi } from "vitest"

/** The reply to one request: fields of a standard job's status, a response, or a promise of a response. */
export type Reply = Readonly<Record<string, unknown>> | Response | Promise<Response>

/** A standard job's status as upstream sends it. */
export const statusBody = (fields: Readonly<Record<string, unknown>> = {}) => ({
  id: 1,
  createdAtUtc: new Date(0).toISOString(),
  completedAtUtc: null,
  status: "InProgress",
  completionPercentage: null,
  url: null,
  rawResult: null,
  errors: null,
  ...fields
})

/** A `fetch` that returns one reply after the other, then the last one again and again, and records its requests. */
export const fakeServer = (...replies: ReadonlyArray<Reply | ((request: Request) => Reply)>) => {
  const requests: Array<{ readonly url: string; readonly at: number; readonly signal: AbortSignal | null }> = []
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const signal = init?.signal ?? null
    requests.push({ url: request.url, at: Date.now(), signal })
    const next = replies[Math.min(requests.length, replies.length) - 1] ?? {}
    const reply = typeof next === "function" ? next(request) : next
    if (reply instanceof Promise) return Promise.race([reply, abortion(signal)])
    if (reply instanceof Response) return reply.clone()
    return Response.json(statusBody({ id: /\d+/.exec(new URL(request.url).pathname)?.[0], ...reply }))
  }
  return { fetch, requests, aborted: () => requests.filter(({ signal }) => signal?.aborted === true).length }
}

/** A response that never comes. */
export const noResponse = (): Promise<Response> => new Promise(() => {})

/** Fakes the timers and clocks of this test; the time is the epoch. */
export const fakeTime = (): void => {
  vi.useFakeTimers({
    now: 0,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"]
  })
}

// Node's monotonic clock, which Effect reads before a test can replace it.
const hrtime = globalThis.process?.hrtime
const realMonotonicTime = hrtime?.bigint
if (realMonotonicTime !== undefined) {
  hrtime.bigint = () => (vi.isFakeTimers() ? BigInt(Date.now()) * 1_000_000n : realMonotonicTime())
}

/** Advances the time, and runs everything that is due. */
export const advance = async (milliseconds: number): Promise<void> => {
  for (let left = milliseconds; left > 0; left -= step) {
    await settle()
    await vi.advanceTimersByTimeAsync(Math.min(step, left))
  }
  await settle()
}

/** The result of a promise that needs at most 100 ms: without `setImmediate` even a yield is a timer. */
export const resultOf = async <A>(promise: Promise<A>): Promise<A> => {
  let isPending = true
  const end = () => {
    isPending = false
  }
  promise.then(end, end)
  for (let moment = 0; isPending && moment < 100; moment++) {
    await settle()
    await vi.advanceTimersByTimeAsync(1)
  }
  return promise
}

/** Runs everything that does not wait for a timer. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resume) => macrotask(resume))
}

const step = 250

/** A turn of the event loop, by what no fake timer replaces. */
const macrotask = (resume: () => void) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    resume()
  }
  port2.postMessage(null)
}

const abortion = (signal: AbortSignal | null) =>
  new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
