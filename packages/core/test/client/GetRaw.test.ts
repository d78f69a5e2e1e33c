import { describe, expect, it } from "@effect/vitest"
import { createClient } from "@ttd-jobs/core/promise"
import { jobJson, recordingFetch, server } from "./support.ts"

const bytesOf = (text: string) => new TextEncoder().encode(text)

describe("getRaw", () => {
  it("gives upstream's own status, headers and bytes, and the snapshot", async () => {
    const text = ` {"unknown":[1], "id":1,"createdAtUtc":"2026-11-23T20:49:00.1234567Z","status":"Success","rawResult":"€"}\n`
    const headers = { "content-type": "application/json", "x-ttd-request-id": "4f3a", "content-length": "999" }
    await using client = createClient({ server, fetch: async () => new Response(text, { status: 203, headers }) })
    const { body, error, headers: received, snapshot, status } = await client.getRaw(1)
    expect({ status, error }).toEqual({ status: 203, error: null })
    expect(body).toEqual(bytesOf(text))
    expect(received.get("x-ttd-request-id")).toBe("4f3a")
    expect(received.has("content-length")).toBe(false)
    expect(snapshot).toMatchObject({ phase: "succeeded", result: { inline: true, bytes: 3 } })
  })

  it.each([
    [404, '{"title":"Not Found"}', "application/json", "ProblemDetailsError"],
    [410, "gone", "text/plain", "ApiError"],
    [200, "<h1>Sign in</h1>", "text/html", "ResponseDecodeError"],
    [999, "denied", "text/plain", "ApiError"]
  ])("gives a response with status %i as a value, with the error beside it", async (status, text, type, tag) => {
    const { fetch, requests } = recordingFetch(() => {
      const response = new Response(text, { headers: { "content-type": type } })
      return Object.defineProperty(response, "status", { value: status })
    })
    await using client = createClient({ server, fetch })
    const raw = await client.getRaw(1)
    expect(raw).toMatchObject({ status, snapshot: null, error: { _tag: tag, status } })
    expect(raw.body).toEqual(bytesOf(text))
    expect(requests).toHaveLength(1)
  })

  it("retries what is transient, and gives the last response", async () => {
    const { fetch, requests } = recordingFetch((_, index) =>
      index === 0 ? new Response("later", { status: 500 }) : new Response("gone", { status: 410 })
    )
    await using client = createClient({ server, fetch })
    const raw = await client.getRaw(1, { retry: { initialInterval: 1 } })
    expect(raw).toMatchObject({ status: 410, error: { _tag: "ApiError", status: 410 } })
    expect(new TextDecoder().decode(raw.body)).toBe("gone")
    expect(requests).toHaveLength(2)
  })

  it("fails where there is no response", async () => {
    await using client = createClient({
      server,
      retry: false,
      fetch: () => Promise.reject(new TypeError("fetch failed"))
    })
    await expect(client.getRaw(1)).rejects.toMatchObject({ _tag: "TransportError" })
    await expect(client.getRaw("no job")).rejects.toMatchObject({ _tag: "InvalidJobRefError" })
  })

  it("P3 pauses the endpoint after a 429 like every other call", async () => {
    const { fetch, requests } = recordingFetch(
      () => new Response(null, { status: 429, headers: { "retry-after": "60" } })
    )
    await using client = createClient({ server: "http://localhost:39", fetch, retry: false })
    expect((await client.getRaw(1)).error).toMatchObject({ status: 429, retryAfter: 60_000 })
    await expect(client.getRaw(1)).rejects.toMatchObject({ _tag: "RateLimitedError" })
    expect(requests).toHaveLength(1)
  })

  it("leaves a success alone, and redacts credentials that any other response echoes", async () => {
    const token = "tok_S3cr3t-7f0a91c2"
    const text = JSON.stringify({ ...jobJson(1), url: `https://files.example/r?sig=1`, note: token })
    const { fetch } = recordingFetch((_, index) =>
      index === 0
        ? new Response(text)
        : new Response(`you sent ${token}`, { status: 400, headers: { "x-echo": token } })
    )
    await using client = createClient({ server, token, fetch })
    expect((await client.getRaw(1)).body).toEqual(bytesOf(text))
    const echo = await client.getRaw(1)
    expect(new TextDecoder().decode(echo.body)).toBe("you sent <redacted>")
    expect(echo.headers.get("x-echo")).toBe("<redacted>")
  })
})
