/** A server behind a `fetch` of one's own, for tests that run in Node and in a browser alike. */
import { vi } from "vitest"

/** What the server answers to one request: fields of a standard job's status, or a whole response, or a promise of either. */
export type Reply = Readonly<Record<string, unknown>> | Response | Promise<Response>

/** A standard job's status as upstream sends it. */
export const statusBody = (fields: Readonly<Record<string, unknown>> = {}) => ({
  id: 412651,
  createdAtUtc: new Date(0).toISOString(),
  completedAtUtc: null,
  status: "InProgress",
  completionPercentage: null,
  url: null,
  rawResult: null,
  errors: null,
  ...fields
})

/** A `fetch` that answers with one reply after the other, the last one for ever, and remembers what it was asked. */
export const fakeServer = (...replies: ReadonlyArray<Reply | ((request: Request) => Reply)>) => {
  const asked: Array<{ readonly url: string; readonly at: number; readonly signal: AbortSignal | null }> = []
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const signal = init?.signal ?? null
    asked.push({ url: request.url, at: Date.now(), signal })
    const next = replies[Math.min(asked.length, replies.length) - 1] ?? {}
    const reply = typeof next === "function" ? next(request) : next
    if (reply instanceof Promise) return Promise.race([reply, abortion(signal)])
    if (reply instanceof Response) return reply.clone()
    return Response.json(statusBody(reply))
  }
  return { fetch, asked, aborted: () => asked.filter(({ signal }) => signal?.aborted === true).length }
}

/** A reply that never comes. */
export const silence = (): Promise<Response> => new Promise(() => {})

/** Makes the timers and clocks of this test fake, and begins at the epoch. */
export const fakeTime = (): void => {
  vi.useFakeTimers({
    now: 0,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"]
  })
}

// Node's monotonic clock, which Effect takes hold of before any test can replace it.
const hrtime = globalThis.process?.hrtime
const realMonotonicTime = hrtime?.bigint
if (realMonotonicTime !== undefined) {
  hrtime.bigint = () => (vi.isFakeTimers() ? BigInt(Date.now()) * 1_000_000n : realMonotonicTime())
}

/** Lets time pass, and everything that is due in it happen. */
export const pass = async (milliseconds: number): Promise<void> => {
  for (let left = milliseconds; left > 0; left -= step) {
    await settle()
    await vi.advanceTimersByTimeAsync(Math.min(step, left))
  }
  await settle()
}

/** What becomes of a promise that waits for a moment at most: where there is no `setImmediate`, even a yield is a timer. */
export const soon = async <A>(promise: Promise<A>): Promise<A> => {
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

/** Lets everything happen that waits for no time. */
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
