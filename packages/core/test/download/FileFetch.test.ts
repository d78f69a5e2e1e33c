import { once } from "node:events"
import { createServer as createPlainServer, type RequestListener } from "node:http"
import { createServer as createSecureServer } from "node:https"
import type { Server } from "node:net"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { gzipSync } from "node:zlib"
import { afterEach, describe, expect, it } from "vitest"
import { fetchFile } from "../../src/node/FileFetch.ts"
import { certificate, key } from "./support/certificate.ts"

const source = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * index) >> 7)

const undo: Array<() => void> = []

afterEach(() => {
  for (const step of undo.splice(0).reverse()) step()
})

/** A server for one test; its port, and how many of its connections are open. */
const serve = async (server: Server) => {
  let open = 0
  server.on("connection", (socket) => {
    open += 1
    socket.on("close", () => {
      open -= 1
    })
  })
  server.listen(0)
  await once(server, "listening")
  undo.push(() => server.close())
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("It listens at no port.")
  return { port: address.port, closed: () => expect.poll(() => open).toBe(0) }
}

const ask = (url: string, init: RequestInit = {}) => fetchFile(url, { redirect: "manual", ...init })

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

describe.each([
  { name: "over http", scheme: "http", serverFor: (listener: RequestListener) => createPlainServer(listener) },
  {
    name: "over https",
    scheme: "https",
    serverFor: (listener: RequestListener) => createSecureServer({ key, cert: certificate }, listener)
  }
])("files by Node's sockets $name", ({ scheme, serverFor }) => {
  const serving = async (listener: RequestListener) => {
    const trusted = getCACertificates("default")
    setDefaultCACertificates([...trusted, certificate])
    undo.push(() => setDefaultCACertificates(trusted))
    const { closed, port } = await serve(serverFor(listener))
    return { closed, url: `${scheme}://localhost:${port}/result?sig=1` }
  }

  it("come whole, with what is told of them, over a connection that ends with them", async () => {
    const { closed, url } = await serving(({ headers, httpVersion, method, url }, response) => {
      response.writeHead(206, { "x-asked": JSON.stringify([method, url, headers.range, httpVersion]) })
      response.end(source)
    })
    const response = await ask(url, { headers: { range: "bytes=1-" } })
    expect(response.status).toBe(206)
    expect(response.headers.get("x-asked")).toBe('["GET","/result?sig=1","bytes=1-","1.1"]')
    expect(Buffer.from(await bytesOf(response)).equals(source)).toBe(true)
    await closed()
  })

  it("keep every byte when their reader takes its time, whatever size they come in", async () => {
    const { url } = await serving(async (_, response) => {
      for (let at = 0, size = 1; at < source.length; at += size, size = (size * 7) % 300_007) {
        if (!response.write(source.subarray(at, at + size))) await once(response, "drain")
      }
      response.end()
    })
    const { body } = await ask(url)
    const parts: Array<Uint8Array> = []
    for await (const part of body ?? []) {
      parts.push(part)
      await new Promise((resume) => setImmediate(resume))
    }
    expect(Buffer.concat(parts).equals(source)).toBe(true)
  })

  it("are decoded when they are encoded, although nobody asked for it", async () => {
    const { url } = await serving((_, response) => {
      response.setHeader("content-encoding", "gzip")
      response.end(gzipSync(source))
    })
    expect(Buffer.from(await bytesOf(await ask(url))).equals(source)).toBe(true)
  })

  it("may be none", async () => {
    for (const status of [200, 204, 304]) {
      const { closed, url } = await serving((_, response) => void response.writeHead(status).end())
      const response = await ask(url)
      expect([response.status, (await bytesOf(response)).length]).toEqual([status, 0])
      await closed()
    }
  })

  it("fail when they break off, and end when they are given up or their signal says so", async () => {
    const { closed, url } = await serving((request, response) => {
      response.writeHead(200, { "content-length": source.length })
      response.write(source.subarray(0, 1000))
      if (request.headers["x-cut"] === "1") setImmediate(() => response.destroy())
    })
    await expect(bytesOf(await ask(url, { headers: { "x-cut": "1" } }))).rejects.toThrow()
    await (await ask(url)).body?.cancel()
    await closed()
    const controller = new AbortController()
    const reading = bytesOf(await ask(url, { signal: controller.signal }))
    controller.abort()
    await expect(reading).rejects.toThrow()
    await closed()
    await expect(ask(url, { signal: AbortSignal.abort() })).rejects.toThrow()
  })

  it("are not looked for where a redirect leads", async () => {
    const { closed, url } = await serving((_, response) => void response.writeHead(302, { location: "/there" }).end())
    const response = await ask(url)
    expect([response.status, response.headers.get("location")]).toEqual([302, "/there"])
    await response.body?.cancel()
    await closed()
  })
})

describe("a server that is not what it should be", () => {
  it("D2 is not believed when nobody vouches for its name", async () => {
    const { port } = await serve(createSecureServer({ key, cert: certificate }, (_, response) => response.end("a")))
    const failure = await ask(`https://localhost:${port}/`).catch((error) => error)
    expect(failure).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" })
  })

  it("is refused with the system's own word when nobody listens", async () => {
    const server = createPlainServer()
    const { port } = await serve(server)
    server.close()
    await once(server, "close")
    expect(await ask(`http://localhost:${port}/`).catch((error) => error)).toMatchObject({ code: "ECONNREFUSED" })
  })
})
