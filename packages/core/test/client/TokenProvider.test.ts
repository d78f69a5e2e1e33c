import { describe, expect, it } from "@effect/vitest"
import { createClient, type TokenProvider } from "@ttd-jobs/core/promise"
import { Effect, Redacted } from "effect"
import { idIn, jobJson, recordingFetch, type SentRequest, server } from "./support.ts"

/** A server that accepts one token, which may change. */
const accepting = (token: string) => {
  const state = { token }
  const respond = ({ headers, url }: SentRequest) =>
    headers["ttd-auth"] === state.token
      ? Response.json(jobJson(idIn(url)))
      : Response.json({ title: "Unauthorized" }, { status: 401 })
  return { state, ...recordingFetch(respond) }
}

const tokens = ({ requests }: { readonly requests: ReadonlyArray<SentRequest> }) =>
  requests.map(({ headers }) => headers["ttd-auth"])

describe("a token provider", () => {
  it("is asked once for many requests", async () => {
    const upstream = accepting("token-of-monday")
    let asked = 0
    const token = () => {
      asked += 1
      return `${asked === 1 ? "token-of-monday" : "another-token"}\n`
    }
    await using client = createClient({ server, fetch: upstream.fetch, token })
    await Promise.all([client.get(1), client.get(2), client.get(3)])
    await client.get(4)
    expect(asked).toBe(1)
    expect(tokens(upstream)).toEqual(Array(4).fill("token-of-monday"))
  })

  const kinds: ReadonlyArray<readonly [string, TokenProvider]> = [
    ["a function", () => "token-of-monday"],
    ["an async function", async () => Redacted.make("token-of-monday")],
    ["an effect", Effect.succeed("token-of-monday")]
  ]
  it.each(kinds)("may be %s", async (_, token) => {
    await using client = createClient({ server, fetch: accepting("token-of-monday").fetch, token })
    expect((await client.get(1)).phase).toBe("running")
  })

  it("P5 is asked once for a fresh token before a 401 is final, and the call goes on with that", async () => {
    const upstream = accepting("token-of-monday")
    const retries: Array<boolean> = []
    await using client = createClient({
      server,
      fetch: upstream.fetch,
      token: ({ isRetry }) => {
        retries.push(isRetry)
        return isRetry ? "token-of-tuesday" : "token-of-monday"
      }
    })
    await client.get(1)
    upstream.state.token = "token-of-tuesday"
    expect((await client.get(2)).phase).toBe("running")
    expect(tokens(upstream)).toEqual(["token-of-monday", "token-of-monday", "token-of-tuesday"])
    expect(retries).toEqual([false, true])
  })

  it("P5 a 401 to the fresh token is final, and so is one when there is no other token", async () => {
    const upstream = accepting("another-token")
    let count = 0
    const token = () => {
      count += 1
      return `token-number-${count}`
    }
    await using client = createClient({ server, fetch: upstream.fetch, token })
    await expect(client.wait(1)).rejects.toMatchObject({ _tag: "ProblemDetailsError", status: 401 })
    expect(tokens(upstream)).toEqual(["token-number-1", "token-number-2"])
    await using same = createClient({ server, fetch: upstream.fetch, token: () => "the-same-token" })
    await expect(same.get(1)).rejects.toMatchObject({ status: 401 })
    expect(tokens(upstream).slice(2)).toEqual(["the-same-token"])
  })

  it("is asked once when many calls are rejected at the same time", async () => {
    const upstream = accepting("token-of-monday")
    let asked = 0
    await using client = createClient({
      server,
      fetch: upstream.fetch,
      token: async () => {
        asked += 1
        return asked === 1 ? "token-of-monday" : "token-of-tuesday"
      }
    })
    await client.get(1)
    upstream.state.token = "token-of-tuesday"
    await Promise.all([client.get(1), client.get(2), client.get(3), client.get(4)])
    expect(asked).toBe(2)
  })

  it("that fails is a transient error that does not show the reason's secrets", async () => {
    await using client = createClient({
      server,
      headers: { authorization: "Bearer keychain-secret-01" },
      retry: false,
      fetch: recordingFetch().fetch,
      token: () => Promise.reject(new Error("the keychain is locked for keychain-secret-01"))
    })
    const error = await client.get(1).catch((error: unknown) => error)
    expect(error).toMatchObject({ _tag: "TransportError", transient: true })
    expect(String(error)).toContain("the token provider failed: the keychain is locked for <redacted>")
  })

  it("that gives no token that can be sent is an error, and the value is not shown", async () => {
    const { fetch, requests } = recordingFetch()
    await using client = createClient({ server, fetch, retry: false, token: () => "two\nlines-of-a-secret" })
    const error = await client.get(1).catch((error: unknown) => error)
    expect(error).toMatchObject({ _tag: "TransportError" })
    expect(JSON.stringify(error)).not.toContain("lines-of-a-secret")
    expect(requests).toEqual([])
  })

  it("P11 a new token keeps the pauses of the account", async () => {
    const upstream = recordingFetch(({ headers, url }, index) => {
      if (index === 0) return new Response(null, { status: 429, headers: { "retry-after": "600" } })
      return headers["ttd-auth"] === "token-of-tuesday"
        ? Response.json(jobJson(idIn(url)))
        : Response.json({}, { status: 401 })
    })
    const token = ({ isRetry }: { readonly isRetry: boolean }) => (isRetry ? "token-of-tuesday" : "token-of-monday")
    await using first = createClient({ server: "http://localhost:19", fetch: upstream.fetch, token, retry: false })
    await expect(first.get(1)).rejects.toMatchObject({ status: 429 })
    await using second = createClient({ server: "http://localhost:19", fetch: upstream.fetch, token, retry: false })
    await expect(second.get(1)).rejects.toMatchObject({ _tag: "RateLimitedError" })
    expect(upstream.requests).toHaveLength(1)
  })
})
