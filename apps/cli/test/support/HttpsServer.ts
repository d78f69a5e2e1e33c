/**
 * An HTTPS server with a certificate that nobody trusts, and an HTTP proxy.
 *
 * @module
 */
import { readFileSync } from "node:fs"
import { createServer as createPlainServer, request, type Server } from "node:http"
import { createServer } from "node:https"
import { type AddressInfo, connect } from "node:net"
import { fileURLToPath } from "node:url"
import { Effect, type Scope } from "effect"

/** A self-signed certificate for `localhost` with its key. A file for `NODE_EXTRA_CA_CERTS`, too. */
export const certificateFile = fileURLToPath(new URL("../fixtures/localhost.pem", import.meta.url))

/** A server at work. */
export interface TestServer {
  readonly port: number
  /** What was asked of it so far. */
  readonly requests: ReadonlyArray<string>
}

/** An API on `https://localhost` whose only job has succeeded. */
export const httpsServer: Effect.Effect<TestServer, never, Scope.Scope> = Effect.suspend(() => {
  const requests: Array<string> = []
  const pem = readFileSync(certificateFile)
  const body = JSON.stringify({ id: 1, createdAtUtc: new Date().toISOString(), status: "Success", rawResult: "abc" })
  const server = createServer({ key: pem, cert: pem }, ({ url = "" }, response) => {
    requests.push(url)
    response.writeHead(200, { "content-type": "application/json" }).end(body)
  })
  return listening(server, requests)
})

/** A proxy: tunnels for https, and requests passed on for http. */
export const proxyServer: Effect.Effect<TestServer, never, Scope.Scope> = Effect.suspend(() => {
  const requests: Array<string> = []
  const server = createPlainServer((incoming, response) => {
    requests.push(`${incoming.method} ${incoming.url}`)
    const { headers, method, url = "" } = incoming
    request(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    }).end()
  })
  server.on("connect", ({ headers, url = "" }, client) => {
    requests.push(`CONNECT ${url}${headers["proxy-authorization"] === undefined ? "" : " with credentials"}`)
    const [host = "", port] = url.split(":")
    const upstream = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n")
      upstream.pipe(client).pipe(upstream)
    })
    for (const [socket, other] of [
      [upstream, client],
      [client, upstream]
    ] as const) {
      socket.on("error", () => other.destroy()).on("close", () => other.destroy())
    }
  })
  return listening(server, requests)
})

const listening = (server: Server, requests: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.callback<TestServer>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        resume(Effect.succeed({ port, requests }))
      })
    }),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )
