/**
 * A `fetch` that counts what is waiting for it, so that a test knows when it can advance the clock. It is the runtime's `fetch`, or
 * the one of file downloads, depending on `TEST_TRANSPORT`.
 */
import { Context, Layer } from "effect"
import { fetchFile } from "../../src/node/FileFetch.ts"

/** A `fetch` for a client. */
export class Network extends Context.Service<
  Network,
  {
    readonly fetch: typeof globalThis.fetch
    /** How many response heads and body parts are awaited. */
    readonly waiting: () => number
    /** How many of them arrived or failed. */
    readonly settled: () => number
  }
>()("@ttd-jobs/core-test/Network") {
  static readonly layer = Layer.sync(Network, () => {
    let waiting = 0
    let settled = 0
    const during = async <A>(promise: Promise<A>): Promise<A> => {
      waiting += 1
      try {
        return await promise
      } finally {
        waiting -= 1
        settled += 1
      }
    }
    return {
      waiting: () => waiting,
      settled: () => settled,
      fetch: async (input, init) => {
        const response = await during(send(input, init))
        return response.body === null ? response : new Response(watched(response.body, during), response)
      }
    }
  })
}

const send = process.env["TEST_TRANSPORT"] === "sockets" ? fetchFile : globalThis.fetch

type During = <A>(promise: Promise<A>) => Promise<A>

const watched = (body: ReadableStream<Uint8Array>, during: During): ReadableStream<Uint8Array> => {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await during(reader.read())
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason)
    },
    { highWaterMark: 0 }
  )
}
