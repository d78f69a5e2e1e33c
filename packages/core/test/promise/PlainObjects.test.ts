import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import {
  createClient,
  isTtdJobsError,
  JobFailedError,
  JobSnapshot,
  ResultUnavailableError,
  ResumePoint,
  type WaitEvent,
  WaitTimeoutError
} from "@ttd-jobs/core/promise"
import { jobJson, recordingFetch, server } from "../client/support.ts"

const clientOf = (fields: Readonly<Record<string, unknown>>, status = 200) => {
  const { fetch } = recordingFetch(() => Response.json(jobJson(1, fields), { status }))
  return createClient({ server, fetch, retry: false })
}

const ended = { status: "Success", completedAtUtc: "2026-11-23T20:50:00.1234567", rawResult: "€" }

const json = {
  ref: "standard:1",
  kind: "standard",
  id: "1",
  phase: "succeeded",
  status: "Success",
  completionPercentage: null,
  createdAt: "2026-11-23T20:49:00.000Z",
  completedAt: "2026-11-23T20:50:00.123Z",
  expiresAt: "2026-11-24T20:50:00.123Z",
  result: { inline: true, bytes: 3 },
  errors: []
}

describe("a snapshot of a promise client", () => {
  it("is a plain frozen object with dates", async () => {
    await using client = clientOf(ended)
    const snapshot = await client.get(1)
    expect(Object.getPrototypeOf(snapshot)).toBe(Object.prototype)
    expect(Object.isFrozen(snapshot)).toBe(true)
    expect(snapshot.createdAt).toEqual(new Date("2026-11-23T20:49:00Z"))
    expect(new Date(snapshot.createdAt).getTime()).toBe(Date.parse("2026-11-23T20:49:00Z"))
    expect(snapshot.expiresAt !== null && snapshot.expiresAt > new Date(0)).toBe(true)
    expect({ ...snapshot }.isTerminal).toBe(true)
    expect(structuredClone(snapshot).isTerminal).toBe(true)
    expect(structuredClone(snapshot).completedAt).toEqual(new Date("2026-11-23T20:50:00.123Z"))
  })

  it("is the public JSON to JSON.stringify, and comes back from it", async () => {
    await using client = clientOf(ended)
    const snapshot = await client.get(1)
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(json)
    expect(JobSnapshot.toJson(structuredClone(snapshot))).toEqual(json)
    expect(JobSnapshot.fromJson(json)).toEqual(snapshot)
    expect(() => JobSnapshot.fromJson({ ref: 1 })).toThrow()
    expect(ResumePoint.fromSnapshot(snapshot)).toMatchObject({ ref: "standard:1", seen: { phase: "succeeded" } })
  })

  it("is a reference to its job", async () => {
    await using client = clientOf(ended)
    expect((await client.get(await client.get(1))).ref).toBe("standard:1")
  })

  it("saves a download of its inline result the status call", async () => {
    const { fetch, requests } = recordingFetch(() => Response.json(jobJson(1, ended)))
    await using client = createClient({ server, fetch })
    expect(await new Response(client.download(await client.get(1))).text()).toBe("€")
    expect(requests).toHaveLength(1)
  })

  it("comes with dates in the full response and in a raw one", async () => {
    await using client = clientOf(ended)
    expect(await client.getJobStatus(1)).toEqual({
      id: "1",
      createdAtUtc: new Date("2026-11-23T20:49:00Z"),
      status: "Success",
      completedAtUtc: new Date("2026-11-23T20:50:00.123Z"),
      completionPercentage: null,
      url: null,
      rawResult: "€",
      errors: null
    })
    expect((await client.getRaw(1)).snapshot?.createdAt).toBeInstanceOf(Date)
  })

  it("is the same in events, changes and outcomes", async () => {
    await using client = clientOf(ended)
    const events: Array<WaitEvent> = []
    const snapshot = await client.wait(1, { onProgress: (event) => events.push(event) })
    expect(events[0]).toEqual({ _tag: "Changed", ref: "standard:1", snapshot })
    for await (const change of client.watch(1)) expect(change.createdAt).toBeInstanceOf(Date)
    const [outcome] = await client.waitAll([1])
    expect(outcome).toMatchObject({ status: "fulfilled", value: { createdAt: new Date("2026-11-23T20:49:00Z") } })
  })
})

describe("an error of a promise client", () => {
  const failed = { status: "Failure", errors: "Disk full", url: "https://files.example/report?sig=s3cr3t" }

  it("holds a plain snapshot without the query of its link", async () => {
    await using client = clientOf(failed)
    const error = await client.wait(1).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(JobFailedError)
    if (!(error instanceof JobFailedError)) return expect.unreachable("another error")
    expect(error).toMatchObject({ name: "JobFailedError", transient: false, ref: "standard:1" })
    expect(error.snapshot.createdAt).toEqual(new Date("2026-11-23T20:49:00Z"))
    expect(error.snapshot.result).toEqual({ inline: false, url: "https://files.example/report" })
    expect(isTtdJobsError(error) && error.advice).toContain("submit")
    for (const text of [inspect(error), JSON.stringify(error), String(error)]) {
      expect(text).toContain("Disk full")
      expect(text).not.toContain("s3cr3t")
    }
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      _tag: "JobFailedError",
      message: error.message,
      advice: error.advice,
      snapshot: { ref: "standard:1", createdAt: "2026-11-23T20:49:00.000Z" }
    })
  })

  it("is the same in the event and in the rejection of a timeout, and resumes", async () => {
    await using client = clientOf({})
    const events: Array<WaitEvent> = []
    const error = await client
      .wait(1, { timeout: 0, onProgress: (event) => events.push(event) })
      .catch((error: unknown) => error)
    expect(error).toBeInstanceOf(WaitTimeoutError)
    expect(events.at(-1)).toMatchObject({ _tag: "TimedOut", error })
    if (!(error instanceof WaitTimeoutError)) return expect.unreachable("another error")
    expect(error.snapshot?.createdAt).toBeInstanceOf(Date)
    expect(ResumePoint.fromJson(JSON.parse(JSON.stringify(error.resume))).ref).toBe("standard:1")
  })

  it("of a download without a result holds a plain snapshot, too", async () => {
    await using client = clientOf({})
    const error = await new Response(client.download(1)).text().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ResultUnavailableError)
    expect(error).toMatchObject({ reason: "not-finished", snapshot: { createdAt: new Date("2026-11-23T20:49:00Z") } })
  })

  it("names the caller in its stack", async () => {
    await using client = clientOf({ title: "Not Found" }, 404)
    const loadTheReport = async () => await client.get(1)
    const error = await loadTheReport().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(Error)
    const stack = error instanceof Error ? (error.stack ?? "") : ""
    expect(stack).toContain("loadTheReport")
    expect(stack.split("\n")[0]).toMatch(/^ProblemDetailsError: /)
  })
})
