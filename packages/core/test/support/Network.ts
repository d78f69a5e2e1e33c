/**
 * A `fetch` and a transport of files that count what is waiting for them, so that a test knows when it can advance the clock. Files come by
 * `fetch` or by Node's sockets, depending on `TEST_TRANSPORT`.
 */
import { CurrentTransport, type FileTransport } from "@ttd-jobs/core"
import { socketTransport } from "@ttd-jobs/core/node"
import { Context, Effect, Layer } from "effect"
import * as FetchTransport from "../../src/download/FetchTransport.ts"

/** A network to hand to a client. */
export class Network extends Context.Service<
  Network,
  {
    readonly fetch: typeof globalThis.fetch
    /** The transport of files that the fixture provides. */
    readonly transport: FileTransport
    /** How many response heads and body parts are awaited. */
    readonly waiting: () => number
    /** How many of them arrived or failed. */
    readonly settled: () => number
  }
>()("@ttd-jobs/core-test/Network") {
  static readonly layer = Layer.effectContext(
    Effect.sync(() => {
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
      const fetch: typeof globalThis.fetch = async (input, init) => {
        const response = await during(globalThis.fetch(input, init))
        return response.body === null ? response : new Response(watched(response.body, during), response)
      }
      const transport: FileTransport = async (request) => {
        const response = await during(send(request))
        const { body } = response
        return body === null ? response : { ...response, body: { ...body, read: () => during(body.read()) } }
      }
      const network = { waiting: () => waiting, settled: () => settled, fetch, transport }
      return Context.make(Network, network).pipe(Context.add(CurrentTransport, transport))
    })
  )
}

const send = process.env["TEST_TRANSPORT"] === "sockets" ? socketTransport() : FetchTransport.make(globalThis.fetch)

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
