/** A simulator behind gateways that let any page in: prints where it is, and runs until it is ended. */
import { createServer, request, type Server } from "node:http"
import { ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"

const jobs = [
  { id: "1", age: "1 hour" },
  { id: "2", duration: "30 days", progress: () => 42.5 },
  { id: "3", age: "1 hour", status: "Failure", errors: "Disk full" },
  { id: "9007199254740993", age: "1 hour" },
  { id: "5", age: "1 hour", result: ResultScript.file({ size: 3_000_000 }) },
  { kind: "graphql-bulk", id: "a/b", age: "1 hour", status: "PartialSuccess", runtimeErrors: ["One row was skipped"] }
] as const

/** Passes requests on, and adds what a browser asks of a server on another origin. The real API has no such leave to give. */
const gateway = async (target: string, rewrite: (text: string) => string) => {
  const server = createServer((asked, answer) => {
    if (asked.method === "OPTIONS") {
      answer.writeHead(204, leave).end()
      return
    }
    const onward = request(target + asked.url, { method: asked.method, headers: asked.headers }, (response) => {
      const { "content-length": length, ...headers } = response.headers
      if (!headers["content-type"]?.startsWith("application/json")) {
        answer.writeHead(response.statusCode ?? 502, { ...response.headers, ...leave })
        response.pipe(answer)
        return
      }
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () => {
        answer.writeHead(response.statusCode ?? 502, { ...headers, ...leave })
        answer.end(rewrite(Buffer.concat(chunks).toString()))
      })
    })
    onward.on("error", () => answer.destroy())
    asked.pipe(onward)
  })
  return `http://127.0.0.1:${await listen(server)}`
}

const leave = {
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
  const files = yield* Effect.promise(() => gateway(simulator.filesUrl, (text) => text))
  const url = yield* Effect.promise(() => gateway(simulator.url, (text) => text.replaceAll(simulator.filesUrl, files)))
  console.log(JSON.stringify({ url, token: simulator.token }))
  return yield* Effect.never
})

Effect.runFork(Effect.provide(serve, Simulator.layer()))
