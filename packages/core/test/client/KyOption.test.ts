import { describe, expect, it } from "@effect/vitest"
import { createClient } from "@ttd-jobs/core/promise"
import ky from "ky"
import { idIn, jobJson, recordingFetch, server } from "./support.ts"

describe("the option ky", () => {
  it("runs hooks around every attempt, with the operation, the job and the attempt in their context", async () => {
    const seen: Array<unknown> = []
    const { fetch, requests } = recordingFetch(({ url }, index) =>
      index === 0 ? new Response(null, { status: 500 }) : Response.json(jobJson(idIn(url)))
    )
    await using client = createClient({
      server,
      token: "token-of-a-test",
      fetch,
      retry: { initialInterval: 1 },
      ky: {
        hooks: {
          beforeRequest: [
            ({ options, request }) => {
              seen.push(["request", options.context, request.headers.get("ttd-auth")])
              request.headers.set("traceparent", "00-4f3a")
            }
          ],
          afterResponse: [({ response }) => void seen.push(["response", response.status])]
        }
      }
    })
    await client.get(7)
    const context = (attempt: number) => ({ operation: "getJobStatus", ref: "standard:7", attempt })
    expect(seen).toEqual([
      ["request", context(1), "token-of-a-test"],
      ["response", 500],
      ["request", context(2), "token-of-a-test"],
      ["response", 200]
    ])
    expect(requests.map(({ headers }) => headers["traceparent"])).toEqual(["00-4f3a", "00-4f3a"])
  })

  it("may be an instance, with options and a fetch of its own", async () => {
    const { fetch, requests } = recordingFetch()
    const instance = ky.create({
      searchParams: { tenant: "7" },
      credentials: "include",
      headers: { "x-team": "reports" },
      retry: 5,
      fetch: (input, init) => fetch(String(input), init ?? {})
    })
    await using client = createClient({ server, fetch, ky: instance })
    await client.get(1).catch(() => {})
    expect(requests[0]).toMatchObject({
      url: "http://localhost:9/standardjob/1/status?tenant=7",
      init: { credentials: "include", redirect: "manual", method: "GET" },
      headers: { "x-team": "reports", accept: "application/json" }
    })
  })

  it("cannot switch on redirects, retries or errors of its own", async () => {
    const { fetch, requests } = recordingFetch(() => new Response(null, { status: 500 }))
    await using client = createClient({
      server,
      fetch,
      retry: false,
      ky: { redirect: "follow", retry: 5, throwHttpErrors: true, timeout: 1 }
    })
    await expect(client.get(1)).rejects.toMatchObject({ _tag: "ApiError", status: 500 })
    expect(requests).toHaveLength(1)
    expect(requests[0]?.init.redirect).toBe("manual")
  })

  it("redacts credentials that hooks add", async () => {
    const { fetch } = recordingFetch(({ headers }) =>
      Response.json({ title: `not for ${headers["authorization"]}` }, { status: 403 })
    )
    const hook = ({ request }: { readonly request: Request }) =>
      request.headers.set("authorization", "Bearer hook-secret-0123")
    await using client = createClient({ server, fetch, ky: { hooks: { beforeRequest: [hook] } } })
    const error = await client.get(1).catch((error: unknown) => error)
    expect(error).toMatchObject({ title: "not for <redacted>" })
    expect(JSON.stringify(error)).not.toContain("hook-secret")
  })

  it("P7 a call that is aborted while a hook is at work sends nothing", async () => {
    const { fetch, requests } = recordingFetch()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await using client = createClient({ server, fetch, ky: { hooks: { beforeRequest: [() => held] } } })
    const stop = new AbortController()
    const call = client.get(1, { signal: stop.signal })
    stop.abort(new Error("enough"))
    await expect(call).rejects.toThrow("enough")
    release()
    await held
    await new Promise((resume) => setTimeout(resume, 20))
    expect(requests).toEqual([])
  })
})
