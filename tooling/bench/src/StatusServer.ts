/**
 * A server that does as little as an API can, in a process of its own, so that what is measured is the client.
 *
 * @module
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"

/** A running server. */
export interface StatusServer extends Disposable {
  readonly url: string
}

/** Starts the server; it ends with the scope that uses it. */
export const statusServer = async (): Promise<StatusServer> => {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ["ignore", "pipe", "inherit"] })
  const [port] = await once(child.stdout, "data")
  return { url: `http://127.0.0.1:${String(port).trim()}`, [Symbol.dispose]: () => child.kill() }
}

const body = JSON.stringify({
  id: 412651,
  createdAtUtc: "2026-11-23T20:49:00.1234567Z",
  status: "InProgress",
  completedAtUtc: null,
  completionPercentage: 42.5,
  url: null,
  rawResult: null,
  errors: null
})

const headers = {
  "content-type": "application/json; charset=utf-8",
  "content-length": Buffer.byteLength(body),
  "x-ttd-request-id": "0b5c7a1e-00000001"
}

if (import.meta.main) {
  const server = createServer((_, response) => response.writeHead(200, headers).end(body))
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    if (address !== null && typeof address === "object") console.log(address.port)
  })
}
