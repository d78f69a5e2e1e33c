import { once } from "node:events"
import { createServer, type Socket } from "node:net"
import { describe, expect, it } from "@effect/vitest"
import { createClient } from "@ttd-jobs/core/promise"

/** A server that sends these bytes to every request, and keeps the connection open. */
const rawServer = async (bytes: string) => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on("error", () => {})
    socket.once("data", () => socket.write(bytes, "latin1"))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = address !== null && typeof address === "object" ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
  }
}

const head = (status: string, ...headers: ReadonlyArray<string>) =>
  `HTTP/1.1 ${[status, ...headers].join("\r\n")}\r\n\r\n`

describe("a status line", () => {
  it.each([
    ["999 Denied", { _tag: "ApiError", status: 999, transient: false }],
    ["600 Odd", { _tag: "ApiError", status: 600, transient: false }],
    ["101 Switching Protocols", { _tag: "TransportError" }]
  ])("%s is a typed error", async (status, expected) => {
    using server = await rawServer(`${head(status, "content-length: 2", "connection: upgrade", "upgrade: x")}no`)
    await using client = createClient({ server: server.url, retry: false, timeout: 2000 })
    await expect(client.get(1)).rejects.toMatchObject(expected)
  })
})

describe("the status of a response", () => {
  it.each([
    ["401 Unauthorized", '{"title":"Unauthorized"', { _tag: "ApiError", status: 401, body: '{"title":"Unauthorized"' }],
    ["429 Too Many Requests", "slow down", { _tag: "ApiError", status: 429, retryAfter: 30_000 }]
  ])("P5 counts as soon as its headers are there: %s with a body that never ends", async (status, start, expected) => {
    using server = await rawServer(
      `${head(status, "content-type: application/problem+json", "retry-after: 30", "content-length: 999")}${start}`
    )
    await using client = createClient({
      server: server.url,
      retry: false,
      token: `token of ${status}`.replaceAll(" ", "-")
    })
    const before = performance.now()
    await expect(client.get(1)).rejects.toMatchObject(expected)
    // Far below the timeout of an attempt, which is 30 seconds.
    expect(performance.now() - before).toBeLessThan(20_000)
  })

  it("of a success does not: its body has the time of the attempt", async () => {
    using server = await rawServer(`${head("200 OK", "content-type: application/json", "content-length: 999")}{"id":1`)
    await using client = createClient({ server: server.url, retry: false, timeout: 1500 })
    await expect(client.get(1)).rejects.toMatchObject({ _tag: "RequestTimeoutError", timeout: 1500 })
  })
})
