/** A simulator behind CORS proxies, for tests in a browser: prints its address, and runs until it is killed. */
import { createServer, request, type Server } from "node:http"
import { ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"

const jobs = [
  { id: "1", age: "1 hour" },
  { id: "2", duration: "30 days", progress: () => 42.5 },
  { id: "3", age: "1 hour", status: "Failure", errors: "Disk full" },
  { id: "9007199254740993", age: "1 hour" },
  { id: "5", age: "1 hour", result: ResultScript.link({ size: 3_000_000 }) },
  { kind: "graphql-bulk", id: "a/b", age: "1 hour", status: "PartialSuccess", runtimeErrors: ["One row was skipped"] }
] as const

/** Forwards requests, and adds the CORS headers that the real API does not send. */
const proxy = async (target: string, rewrite: (text: string) => string) => {
  const server = createServer((incoming, outgoing) => {
    if (incoming.method === "OPTIONS") {
      outgoing.writeHead(204, corsHeaders).end()
      return
    }
    const { headers, method, url } = incoming
    const forwarded = request(target + url, { method, headers }, (response) => {
      const { "content-length": length, ...headers } = response.headers
      if (!headers["content-type"]?.startsWith("application/json")) {
        outgoing.writeHead(response.statusCode ?? 502, { ...response.headers, ...corsHeaders })
        response.pipe(outgoing)
        return
      }
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () => {
        outgoing.writeHead(response.statusCode ?? 502, { ...headers, ...corsHeaders })
        outgoing.end(rewrite(Buffer.concat(chunks).toString()))
      })
    })
    forwarded.on("error", () => outgoing.destroy())
    incoming.pipe(forwarded)
  })
  return `http://127.0.0.1:${await listen(server)}`
}

const corsHeaders = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*",
  "access-control-expose-headers": "*"
}

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      if (address !== null && typeof address === "object") resolve(address.port)
    })
  })

const serve = Effect.gen(function* () {
  const simulator = yield* Simulator
  yield* Effect.forEach(jobs, simulator.addJob)
  const files = yield* Effect.promise(() => proxy(simulator.filesUrl, (text) => text))
  const url = yield* Effect.promise(() => proxy(simulator.url, (text) => text.replaceAll(simulator.filesUrl, files)))
  console.log(JSON.stringify({ url, token: simulator.token }))
  return yield* Effect.never
})

Effect.runFork(Effect.provide(serve, Simulator.layer()))
