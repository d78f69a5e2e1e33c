import { describe, expect, it } from "vitest"
import { Fault, ResultScript, startSimulator } from "../src/promise.ts"

const responseOf = async (url: string, token: string) => {
  const response = await fetch(url, { headers: { "ttd-auth": token } })
  const body: { readonly url: string } = JSON.parse(await response.text())
  return { status: response.status, body }
}

describe("the simulator with promises", () => {
  it("has the same functions as with Effect", async () => {
    await using simulator = await startSimulator({ token: "t" })
    const result = ResultScript.link({ size: 100 })
    expect(String(await simulator.addJob({ id: 412651, duration: 0, result }))).toBe("standard:412651")
    await simulator.addFaults(Fault.tooManyRequests())
    const request = () => responseOf(`${simulator.url}/standardjob/412651/status`, "t")
    expect((await request()).status).toBe(429)
    const { body } = await request()
    expect(new URL(body.url).origin).toBe(simulator.filesUrl)
    const file = await simulator.resultFile("standard:412651")
    expect(Buffer.from(await (await fetch(body.url)).arrayBuffer())).toEqual(Buffer.from(file.bytes()))
    expect((await simulator.report()).endpoints.getJobStatus.responses).toEqual({ 429: 1, 200: 1 })
    await simulator.reset()
    expect((await request()).status).toBe(404)
  })

  it("frees its ports when it is closed, and rejects invalid arguments", async () => {
    const simulator = await startSimulator()
    await expect(simulator.addJob({ id: "abc" })).rejects.toMatchObject({ _tag: "InvalidJobRefError" })
    await expect(simulator.resultFile("standard:1")).rejects.toThrow("standard:1 has no result file.")
    await simulator.close()
    await expect(fetch(simulator.url)).rejects.toThrow()
    await expect(startSimulator({ speed: -1 })).rejects.toThrow(RangeError)
  })
})
