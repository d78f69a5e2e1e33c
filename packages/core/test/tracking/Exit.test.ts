import { spawn } from "node:child_process"
import { describe, expect, it } from "vitest"

/** Runs a program in a process of its own; its exit code and output. */
const run = (program: string) =>
  new Promise<{ readonly code: number | null; readonly output: string }>((resolve) => {
    const prologue = `
      import { createClient } from "@ttd-jobs/core/promise"
      const body = { createdAtUtc: new Date().toISOString(), status: "InProgress" }
      const fetch = async (url) => Response.json({ ...body, id: /\\d+/.exec(new URL(url).pathname)[0] })
      const client = createClient({ server: "http://127.0.0.1:9", token: "token-of-a-test", fetch })
    `
    const child = spawn(
      process.execPath,
      ["--conditions=@ttd-jobs/source", "--input-type=module", "--eval", prologue + program],
      { cwd: import.meta.dirname }
    )
    let output = ""
    const gather = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on("data", gather)
    child.stderr.on("data", gather)
    child.on("close", (code) => resolve({ code, output }))
  })

describe.concurrent("a process", () => {
  it("P7 exits when nothing is awaited any more", async () => {
    const { code, output } = await run(`
      console.log((await client.get(1)).phase)
      const stop = new AbortController()
      const wait = client.wait(1, { signal: stop.signal }).catch(({ name }) => console.log(name))
      setTimeout(() => stop.abort(), 100)
      await wait
      for await (const { phase } of client.watch(1)) { console.log(phase); break }
    `)
    expect(output).toBe("running\nAbortError\nrunning\n")
    expect(code).toBe(0)
  })

  it("P7 meets no unhandled rejection, whatever fails", async () => {
    const { code, output } = await run(`
      process.on("unhandledRejection", (reason) => console.log("unhandled", reason))
      const { createClient: create } = await import("@ttd-jobs/core/promise")
      const refused = create({ server: "http://127.0.0.1:9", token: "token-of-a-test",
        fetch: async () => Response.json({ title: "No" }, { status: 403 }) })
      const unreachable = create({ server: "http://127.0.0.1:9", token: "token-of-a-test", fetch: async () => { throw new Error("down") } })
      const outcomes = await Promise.allSettled([
        refused.wait(1), refused.waitAll([1, 2]), refused.watch(1)[Symbol.asyncIterator]().next(),
        unreachable.wait(1, { timeout: 300 }), client.wait("nonsense"), client.wait(1, { signal: AbortSignal.timeout(100) }),
        client.wait(2, { onProgress: () => { throw new Error("The listener broke") } })
      ])
      console.log(outcomes.map(({ reason, status }) => reason?._tag ?? reason?.message ?? status).join(", "))
      const open = client.watch(3)[Symbol.asyncIterator]()
      await open.next()
      const next = open.next().catch(({ name }) => console.log(name))
      await client.close()
      await next
      await new Promise((resume) => setTimeout(resume, 50))
    `)
    expect(output).toBe(
      "ProblemDetailsError, fulfilled, ProblemDetailsError, WaitTimeoutError, InvalidJobRefError, " +
        "The operation was aborted due to timeout, The listener broke\nAbortError\n"
    )
    expect(code).toBe(0)
  })
})
