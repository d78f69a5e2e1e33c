import { describe, expect, it } from "@effect/vitest"
import { JobStatus } from "@ttd-jobs/core"
import { createClient } from "@ttd-jobs/core/promise"
import { Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { afterEach, vi } from "vitest"
import { jobJson, recordingFetch, server } from "./support.ts"

afterEach(() => {
  vi.unstubAllGlobals()
})

describe("a custom fetch", () => {
  it("is called as fetch(url, init), with a text for the URL and plain headers", async () => {
    const calls: Array<ReadonlyArray<unknown>> = []
    const fetch = async (...call: ReadonlyArray<unknown>) => {
      calls.push(call)
      return Response.json(jobJson(1))
    }
    await using client = createClient({ server, token: "token-of-a-test", fetch })
    await client.get(1)
    expect(calls).toEqual([
      [
        "http://localhost:9/standardjob/1/status",
        {
          method: "GET",
          headers: expect.objectContaining({ accept: "application/json", "ttd-auth": "token-of-a-test" }),
          redirect: "manual",
          signal: expect.any(AbortSignal)
        }
      ]
    ])
  })

  it("may return a response of a library that has no web stream for a body", async () => {
    const fetch = async () => {
      const response = Response.json(jobJson(1))
      const text = await response.text()
      Object.defineProperty(response, "body", { value: { pipe: () => {} } })
      Object.defineProperty(response, "text", { value: async () => text })
      return response
    }
    await using client = createClient({ server, fetch })
    expect((await client.get(1)).phase).toBe("running")
  })

  it("that is installed globally after the client was made is used", async () => {
    await using client = createClient({ server })
    const { fetch, requests } = recordingFetch()
    vi.stubGlobal("fetch", fetch)
    await client.get(1)
    expect(requests).toHaveLength(1)
  })

  it.effect("is that of FetchHttpClient.Fetch by default, of the layer or of the caller", () =>
    Effect.gen(function* () {
      const layerFetch = recordingFetch()
      const callerFetch = recordingFetch()
      const layer = Layer.provide(
        JobStatus.layer({ server }),
        Layer.succeed(FetchHttpClient.Fetch, asGlobal(layerFetch))
      )
      const get = JobStatus.use((jobs) => jobs.get(1))
      yield* Effect.gen(function* () {
        yield* get
        yield* Effect.provideService(get, FetchHttpClient.Fetch, asGlobal(callerFetch))
      }).pipe(Effect.provide(layer))
      expect([layerFetch.requests.length, callerFetch.requests.length]).toEqual([1, 1])
    })
  )
})

const asGlobal =
  ({ fetch }: ReturnType<typeof recordingFetch>): typeof globalThis.fetch =>
  (url, init) =>
    fetch(String(url), init ?? {})
