/** A server of files that sends exactly the bytes of a test, and a job whose result is behind a link to it. */
import { once } from "node:events"
import { createServer, type Socket } from "node:net"
import { CurrentTransport, JobStatus } from "@ttd-jobs/core"
import { socketTransport } from "@ttd-jobs/core/node"
import { Effect } from "effect"

/** A response: its bytes, after which the connection is closed, or a function that writes to the connection. */
export type RawResponse = ReadonlyArray<string | Uint8Array> | ((socket: Socket) => void)

/** A server for as long as the scope is open. It sends the responses one after the other, the last one again and again. */
export const rawServer = Effect.fnUntraced(function* (...responses: ReadonlyArray<RawResponse>) {
  const requests: Array<string> = []
  const server = yield* Effect.acquireRelease(
    Effect.promise(async () => {
      const server = createServer((socket) => {
        socket.on("error", () => {})
        socket.once("data", (head) => {
          const response = responses[Math.min(requests.length, responses.length - 1)] ?? []
          requests.push(head.toString("latin1"))
          if (typeof response === "function") response(socket)
          else socket.end(Buffer.concat(response.map((part) => Buffer.from(part))))
        })
      })
      server.listen(0, "127.0.0.1")
      await once(server, "listening")
      return server
    }),
    (server) => Effect.sync(() => server.close())
  )
  const address = server.address()
  if (address === null || typeof address === "string") return yield* Effect.die(new Error("no port"))
  return { origin: `http://127.0.0.1:${address.port}`, requests }
})

/** The status of a finished job whose result is behind a link. */
export const statusOf = (url: string) => ({
  id: 1,
  createdAtUtc: new Date(Date.now() - 60_000).toISOString(),
  completedAtUtc: new Date(Date.now() - 1000).toISOString(),
  status: "Success",
  url
})

/** A client's options: status calls return `body`, and are counted. */
export const statusFetch = (body: () => unknown) => {
  const calls = { count: 0 }
  const fetch: typeof globalThis.fetch = async () => {
    calls.count += 1
    return Response.json(body())
  }
  return { calls, options: { server: "http://127.0.0.1:9", fetch, retry: { initialInterval: 1 } } }
}

/** Runs an effect with a client whose job 1 has its result at `url`, over Node's sockets. */
export const withResultAt = <A, E, R>(url: string, effect: Effect.Effect<A, E, R | JobStatus>) =>
  Effect.provide(effect, JobStatus.layer(statusFetch(() => statusOf(url)).options)).pipe(
    Effect.provideService(CurrentTransport, socketTransport())
  )
