import { createClient, JobFailedError } from "@ttd-jobs/core/promise"
import { describe, expect, inject, it } from "vitest"

const { token, url } = inject("simulator")
const client = createClient({ server: url, token })

describe("a client and a server over HTTP", () => {
  it("gets the status of a job", async () => {
    expect(await client.get("standard:2")).toMatchObject({
      phase: "running",
      status: "InProgress",
      completionPercentage: 42.5,
      isTerminal: false
    })
  })

  it("keeps ids above 2^53 exact, in the path and in the response", async () => {
    expect((await client.getJobStatus(9007199254740993n)).id).toBe("9007199254740993")
  })

  it("escapes an id in the path", async () => {
    expect(await client.get("graphql-bulk:a/b")).toMatchObject({
      phase: "partially-succeeded",
      errors: ["One row was skipped"]
    })
  })

  it("P5 a missing job is a problem with a request id", async () => {
    const problem = { _tag: "ProblemDetailsError", status: 404, requestId: expect.any(String) }
    await expect(client.get("standard:404")).rejects.toMatchObject(problem)
    await expect(client.wait("standard:404")).rejects.toMatchObject(problem)
  })

  it("an invalid token is a 401, and is in no error", async () => {
    const other = createClient({ server: url, token: "some-other-token" })
    const error = await other.get("standard:1").catch((error: unknown) => error)
    expect(error).toMatchObject({ _tag: "ProblemDetailsError", status: 401 })
    expect(`${error} ${JSON.stringify(error)}`).not.toContain("some-other-token")
  })

  it("P4 a server that cannot be reached is a transport error", async () => {
    const nowhere = createClient({ server: "http://127.0.0.1:1", token, retry: false })
    await expect(nowhere.get("standard:1")).rejects.toMatchObject({ _tag: "TransportError", transient: true })
  })

  it("P1 waits for many jobs, each with its own outcome", async () => {
    const [good, bad] = await client.waitAll(["standard:1", "standard:3"])
    expect(good).toMatchObject({ status: "fulfilled", value: { phase: "succeeded" } })
    expect(bad).toMatchObject({ status: "rejected", reason: { snapshot: { errors: ["Disk full"] } } })
    expect(bad?.status === "rejected" && bad.reason).toBeInstanceOf(JobFailedError)
  })

  it("P13 watches to the end", async () => {
    const phases: Array<string> = []
    for await (const { phase } of client.watch("standard:3")) phases.push(phase)
    expect(phases).toEqual(["failed"])
  })

  it.each([
    ["standard:1", "an inline result", 66],
    ["standard:5", "a result in a file on another origin", 3_000_000]
  ])("D9 downloads %s: %s", async (ref, _, size) => {
    const bytes = await new Response(client.download(ref)).arrayBuffer()
    expect(bytes.byteLength).toBe(size)
  })

  it("P7 an aborted request rejects with its reason", async () => {
    const aborting = new AbortController()
    const outcome = client.get("standard:2", { signal: aborting.signal }).catch((error: unknown) => error)
    aborting.abort(new Error("enough"))
    expect(await outcome).toMatchObject({ message: "enough" })
  })
})
