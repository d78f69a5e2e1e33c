import { once } from "node:events"
import { createServer as createPlainServer, type RequestListener } from "node:http"
import { createServer as createSecureServer } from "node:https"
import { createServer as createRawServer, type Server } from "node:net"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib"
import type { TransportRequest, TransportResponse } from "@ttd-jobs/core"
import { socketTransport } from "@ttd-jobs/core/node"
import { afterEach, describe, expect, it } from "vitest"
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
    socket.on("error", () => {})
    socket.on("close", () => {
      open -= 1
    })
  })
  server.listen(0)
  await once(server, "listening")
  undo.push(() => server.close())
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return { port: address.port, closed: () => expect.poll(() => open).toBe(0) }
}

const transport = socketTransport()

const send = (url: string, { headers = {}, signal }: Partial<TransportRequest> = {}) =>
  transport({ url: new URL(url), headers, redirect: "manual", signal: signal ?? new AbortController().signal })

const chunksOf = async ({ body }: TransportResponse, pause = () => Promise.resolve()) => {
  const chunks: Array<Uint8Array> = []
  while (body !== null) {
    const bytes = await body.read()
    if (bytes === undefined) break
    chunks.push(bytes)
    await pause()
  }
  return chunks
}

const bytesOf = async (response: TransportResponse) => Buffer.concat(await chunksOf(response))

describe.each([
  { name: "over http", scheme: "http", serverFor: (listener: RequestListener) => createPlainServer(listener) },
  {
    name: "over https",
    scheme: "https",
    serverFor: (listener: RequestListener) => createSecureServer({ key, cert: certificate }, listener)
  }
])("downloads over Node's sockets $name", ({ scheme, serverFor }) => {
  const serving = async (listener: RequestListener) => {
    const trusted = getCACertificates("default")
    setDefaultCACertificates([...trusted, certificate])
    undo.push(() => setDefaultCACertificates(trusted))
    const { closed, port } = await serve(serverFor(listener))
    return { closed, url: `${scheme}://localhost:${port}/result?sig=1` }
  }

  it("send the request as it is, and close the connection with the body", async () => {
    const { closed, url } = await serving(({ headers, httpVersion, method, url }, response) => {
      response.writeHead(206, { "x-request": JSON.stringify([method, url, headers.range, httpVersion]) })
      response.end(source)
    })
    const response = await send(url, { headers: { range: "bytes=1-" } })
    expect(response.status).toBe(206)
    expect(response.header("x-request")).toBe('["GET","/result?sig=1","bytes=1-","1.1"]')
    expect((await bytesOf(response)).equals(source)).toBe(true)
    await closed()
  })

  it("bring every byte to a slow reader, whatever the sizes of the chunks", async () => {
    const { url } = await serving(async (_, response) => {
      for (let at = 0, size = 1; at < source.length; at += size, size = (size * 7) % 300_007) {
        if (!response.write(source.subarray(at, at + size))) await once(response, "drain")
      }
      response.end()
    })
    const chunks = await chunksOf(await send(url), () => new Promise((resume) => setImmediate(resume)))
    expect(Buffer.concat(chunks).equals(source)).toBe(true)
  })

  it("may have no body", async () => {
    for (const status of [200, 204, 304]) {
      const { closed, url } = await serving((_, response) => void response.writeHead(status).end())
      const response = await send(url)
      expect([response.status, (await bytesOf(response)).length]).toEqual([status, 0])
      await closed()
    }
  })

  it("deliver the bytes that came before the connection broke, and end with their signal", async () => {
    const { closed, url } = await serving((request, response) => {
      response.writeHead(200, { "content-length": source.length })
      response.write(source.subarray(0, 1000))
      if (request.headers["x-cut"] === "1") setTimeout(() => response.destroy(), 20)
    })
    const { body } = await send(url, { headers: { "x-cut": "1" } })
    await new Promise((resume) => setTimeout(resume, 60))
    expect((await body?.read())?.length).toBe(1000)
    await expect(body?.read()).rejects.toMatchObject({ code: "ECONNRESET" })
    await closed()
    const controller = new AbortController()
    const reading = bytesOf(await send(url, { signal: controller.signal }))
    controller.abort()
    await expect(reading).rejects.toThrow()
    await closed()
    await expect(send(url, { signal: AbortSignal.abort() })).rejects.toThrow()
  })

  it("do not follow redirects", async () => {
    const { url } = await serving((_, response) => void response.writeHead(302, { location: "/there" }).end())
    const response = await send(url)
    expect([response.status, response.header("location")]).toEqual([302, "/there"])
  })
})

/** A server that sends these bytes and closes the connection. */
const raw = async (...parts: ReadonlyArray<string | Uint8Array>) => {
  const server = createRawServer((socket) => {
    socket.once("data", () => socket.end(Buffer.concat(parts.map((part) => Buffer.from(part)))))
  })
  const { port } = await serve(server)
  return send(`http://127.0.0.1:${port}/`)
}

describe("D3 any status line", () => {
  it.each([
    ["000 Zero", 0],
    ["101 Switching Protocols", 101],
    ["600 Strange", 600],
    ["999 Request denied", 999]
  ])("D3 %s is a response like any other", async (line, status) => {
    const upgrade = status === 101 ? "Connection: upgrade\r\nUpgrade: foo\r\n" : "Content-Length: 0\r\n"
    expect((await raw(`HTTP/1.1 ${line}\r\n${upgrade}\r\n`)).status).toBe(status)
  })

  it("D3 what is no HTTP is an error", async () => {
    await expect(raw("SSH-2.0-OpenSSH\r\n\r\n")).rejects.toThrow()
  })
})

describe("header fields", () => {
  it("D11 are read as UTF-8, or byte by byte where they are none", async () => {
    const response = await raw(
      "HTTP/1.1 302 Found\r\nLocation: /träume/日本.csv\r\nX-Latin: caf",
      Uint8Array.of(0xe9),
      "\r\nX-Ascii: a; b\r\nContent-Length: 0\r\n\r\n"
    )
    expect(response.header("location")).toBe("/träume/日本.csv")
    expect(response.header("x-latin")).toBe("café")
    expect(response.header("x-ascii")).toBe("a; b")
    expect(response.header("x-none")).toBeNull()
  })

  it("D3 may have 100 KB", async () => {
    const response = await raw(`HTTP/1.1 200 OK\r\nX-Policy: ${"x".repeat(100_000)}\r\nContent-Length: 2\r\n\r\nok`)
    expect((await bytesOf(response)).toString()).toBe("ok")
  })
})

const text = Buffer.from(Array.from({ length: 60_000 }, (_, index) => (index * 7919) % 1013).join(","))

const codings = [
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync]
] as const

describe.each([
  { ending: "closed", head: "Connection: close\r\n\r\n", wrap: (bytes: Buffer) => [bytes] },
  {
    ending: "chunked",
    head: "Transfer-Encoding: chunked\r\n\r\n",
    wrap: (bytes: Buffer) => [`${bytes.length.toString(16)}\r\n`, bytes, "\r\n0\r\n\r\n"]
  }
])("D4 a compressed body in a transfer that is $ending", ({ head, wrap }) => {
  const encoded = (coding: string, bytes: Buffer) =>
    raw(
      `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\n${head}`,
      ...(bytes.length === 0 ? ["0\r\n\r\n"].slice(0, head.startsWith("T") ? 1 : 0) : wrap(bytes))
    )

  it.each(codings)("D4 %s is decoded", async (coding, compress) => {
    expect((await bytesOf(await encoded(coding, compress(text)))).equals(text)).toBe(true)
  })

  it.each(codings)("D4 %s fails when its end is missing", async (coding, compress) => {
    const whole = compress(text)
    for (const length of [0, 1, whole.length >> 1, whole.length - 4, whole.length - 1]) {
      const reading = bytesOf(await encoded(coding, whole.subarray(0, length)))
      await expect(reading, `cut after ${length}`).rejects.toMatchObject({ name: "EncodingError", received: length })
    }
  })

  it.each(codings)("D4 %s fails when there is more after its end", async (coding, compress) => {
    const reading = bytesOf(await encoded(coding, Buffer.concat([compress(text), Buffer.from("more")])))
    await expect(reading).rejects.toMatchObject({ name: "EncodingError" })
  })

  it("D4 several codings are decoded one after the other", async () => {
    const twice = brotliCompressSync(gzipSync(text))
    expect((await bytesOf(await encoded("gzip, br", twice))).equals(text)).toBe(true)
  })

  it("D4 an unknown coding is left as it is, and not vouched for", async () => {
    const response = await encoded("compress", text)
    expect(response.verifiesEncoding).toBe(false)
  })
})

describe("a server that cannot be used", () => {
  it("D2 is not trusted without a certificate for its name", async () => {
    const { port } = await serve(createSecureServer({ key, cert: certificate }, (_, response) => response.end("a")))
    await expect(send(`https://localhost:${port}/`)).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" })
  })

  it("is unreachable with the system's code when the port is closed", async () => {
    const server = createPlainServer()
    const { port } = await serve(server)
    server.close()
    await once(server, "close")
    await expect(send(`http://localhost:${port}/`)).rejects.toMatchObject({ code: "ECONNREFUSED" })
  })
})
