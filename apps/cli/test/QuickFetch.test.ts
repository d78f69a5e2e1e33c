import { createServer, type ServerResponse } from "node:http"
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { QuickRequest, quickFetch } from "../src/client/QuickFetch.ts"

const text = "größe,€\n".repeat(2_000)

/** What a server can do to one who asks. */
const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  plain: (response) => response.end(text),
  empty: (response) => response.writeHead(204).end(),
  status: (response) => response.writeHead(418, { "x-twice": ["one", "two"] }).end("teapot"),
  redirect: (response) => response.writeHead(302, { location: "/plain" }).end(),
  gzip: (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text)),
  deflate: (response) => response.writeHead(200, { "content-encoding": "deflate" }).end(deflateSync(text)),
  brotli: (response) => response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync(text)),
  identity: (response) => response.writeHead(200, { "content-encoding": "identity" }).end(text),
  "no gzip": (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(text),
  "cut gzip": (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text).subarray(0, 50)),
  reset: (response) => response.socket?.resetAndDestroy(),
  cut: (response) => {
    response.writeHead(200, { "content-length": "1000" }).write("begun", () => response.socket?.destroy())
  },
  hang: (response) => {
    response.writeHead(200).write("begun")
  }
}

const server = createServer(({ headers, url }, response) => {
  const name = decodeURIComponent((url ?? "").slice(1))
  if (name === "echo") response.end(JSON.stringify({ token: headers["ttd-auth"], accept: headers.accept }))
  else answers[name]?.(response)
})
let origin = ""
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (address !== null && typeof address === "object") origin = `http://127.0.0.1:${address.port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

interface Got {
  readonly status: number
  readonly ok: boolean
  readonly headers: { readonly get: (name: string) => string | null }
  readonly text: () => Promise<string>
}

/** All that a caller can tell of an answer, or of there being none. */
const outcomeOf = async (asked: Promise<Got>) => {
  try {
    const { headers, ok, status, ...rest } = await asked.then(async (response) => ({
      ok: response.ok,
      status: response.status,
      headers: ["content-type", "x-twice", "location", "X-Absent"].map((name) => response.headers.get(name)),
      text: await response.text()
    }))
    return { ok, status, headers, ...rest }
  } catch (error) {
    return error instanceof Error ? { name: error.name, message: error.message } : { error }
  }
}

describe("the small fetch", () => {
  const names = Object.keys(answers).filter((name) => name !== "hang" && name !== "cut gzip")

  it.each(names)("is told apart from Node's by nothing: %s", async (name) => {
    const url = `${origin}/${encodeURIComponent(name)}`
    const [small, large] = await Promise.all([
      outcomeOf(quickFetch(new QuickRequest(url, { redirect: "manual" }))),
      outcomeOf(fetch(url, { redirect: "manual" }))
    ])
    expect(small).toEqual(large)
  })

  it("takes no cut for an end, as Node's does with compressed bodies", async () => {
    const outcome = await outcomeOf(quickFetch(new QuickRequest(`${origin}/cut%20gzip`, { redirect: "manual" })))
    expect(outcome).toEqual({ name: "TypeError", message: "terminated" })
  })

  it("sends the headers it is given", async () => {
    const headers = { "TTD-Auth": "a-token", accept: "application/json" }
    const response = await quickFetch(new QuickRequest(`${origin}/echo`, { headers, redirect: "manual" }))
    expect(JSON.parse(await response.text())).toEqual({ token: "a-token", accept: "application/json" })
  })

  it("ends with the signal's reason, before the answer, within the body, and when it was given too late", async () => {
    const ask = async (signal: AbortSignal) =>
      (await quickFetch(new QuickRequest(`${origin}/hang`, { redirect: "manual", signal }))).text()
    const reason = new Error("enough")
    await expect(ask(AbortSignal.abort(reason))).rejects.toBe(reason)
    const controller = new AbortController()
    const asked = ask(controller.signal)
    setTimeout(() => controller.abort(reason), 50)
    await expect(asked).rejects.toBe(reason)
  })

  it("follows no redirect that it was not told to leave alone", async () => {
    await expect(quickFetch(new QuickRequest(`${origin}/redirect`))).rejects.toThrow("fetch failed")
  })

  it("tells what the system said when nobody listens", async () => {
    const [small, large] = await Promise.all(
      [quickFetch(new QuickRequest("http://127.0.0.1:1", { redirect: "manual" })), fetch("http://127.0.0.1:1")].map(
        (asked) =>
          asked.then(
            () => undefined,
            (error: unknown) => error
          )
      )
    )
    expect(small).toBeInstanceOf(TypeError)
    expect(small).toMatchObject({ message: "fetch failed", cause: { code: "ECONNREFUSED" } })
    expect(large).toMatchObject({ message: "fetch failed" })
  })
})
