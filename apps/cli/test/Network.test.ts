import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, layer } from "@effect/vitest"
import { ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { endedJob } from "./support/Answers.ts"
import { certificateFile, httpsServer, proxyServer } from "./support/HttpsServer.ts"
import { run } from "./support/Program.ts"
import { temporaryFolder } from "./support/TemporaryFolder.ts"

const trusting = { NODE_EXTRA_CA_CERTS: certificateFile }

layer(Simulator.layer(), { excludeTestServices: true })("a proxy of the environment", (it) => {
  it.effect.each([
    ["HTTPS_PROXY", "http://"],
    ["https_proxy", ""],
    ["HTTPS_PROXY", "http://user:secret@"]
  ] as const)("tunnels https: %s=%s127.0.0.1:port", ([variable, prefix]) =>
    Effect.gen(function* () {
      const { port } = yield* httpsServer
      const proxy = yield* proxyServer
      const env = {
        ...trusting,
        WORKFLOWS_SERVER: `https://localhost:${port}`,
        [variable]: `${prefix}127.0.0.1:${proxy.port}`
      }
      for (const command of ["status", "wait", "watch"]) {
        const { code, stderr } = yield* run([command, "1"], { env })
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      }
      const { code } = yield* run(["download", "1", "-o", "-"], { env })
      expect(code).toBe(0)
      const tunnel = `CONNECT localhost:${port}${prefix.includes("@") ? " with credentials" : ""}`
      expect(new Set(proxy.requests)).toEqual(new Set([tunnel]))
      expect(proxy.requests.length).toBeGreaterThanOrEqual(4)
    }).pipe(Effect.scoped)
  )

  it.effect("passes http on, files included", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const proxy = yield* proxyServer
      const result = ResultScript.link({ size: 100_000, name: "report.csv" })
      const ref = yield* simulator.addJob({ age: "2 minutes", duration: "1 minute", result })
      const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` }
      const cwd = yield* temporaryFolder
      const { code, stdout } = yield* run(["download", String(ref), "--json"], { env, cwd })
      expect(code).toBe(0)
      expect(JSON.parse(stdout).bytes).toBe(100_000)
      expect(proxy.requests.some((line) => line.startsWith(`GET ${simulator.url}/`))).toBe(true)
      expect(proxy.requests.some((line) => line.startsWith(`GET ${simulator.filesUrl}/`))).toBe(true)
    }).pipe(Effect.scoped)
  )

  it.effect("is not used for what NO_PROXY lists, nor the one for http for https", () =>
    Effect.gen(function* () {
      const { port } = yield* httpsServer
      const proxy = yield* proxyServer
      const address = `http://127.0.0.1:${proxy.port}`
      const server = { ...trusting, WORKFLOWS_SERVER: `https://localhost:${port}` }
      for (const env of [
        { ...server, HTTPS_PROXY: address, NO_PROXY: "example.com,localhost" },
        { ...server, HTTPS_PROXY: address, no_proxy: "*" },
        { ...server, HTTP_PROXY: address },
        { ...server, HTTPS_PROXY: "" }
      ]) {
        expect((yield* run(["status", "1"], { env })).code).toBe(0)
      }
      expect(proxy.requests).toEqual([])
    }).pipe(Effect.scoped)
  )

  it.effect("that cannot be reached is named", () =>
    Effect.gen(function* () {
      const env = { WORKFLOWS_SERVER: "https://localhost:1", HTTPS_PROXY: "http://user:secret@127.0.0.1:1" }
      const { code, stderr } = yield* run(["status", "1", "--max-retry-time", "0s"], { env })
      expect(code).toBe(9)
      expect(stderr).toContain("  Requests go through the proxy 127.0.0.1:1 of HTTPS_PROXY")
      expect(stderr).not.toContain("secret")
    })
  )

  it.effect.each([
    ["socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080"],
    ["http://user:secret@127.0.0.1:99999", "http://<redacted>@127.0.0.1:99999"],
    ["http://", "http://"],
    ["what ever", "what ever"]
  ])("that is malformed is a usage error: %s", ([value, shown]) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run(["status", "1"], { env: { HTTPS_PROXY: value } })
      expect(code).toBe(2)
      expect(stderr.split("\n").slice(0, 2)).toEqual([
        `error: invalid proxy ${JSON.stringify(shown)} in HTTPS_PROXY (expected host:port, or an http or https URL)`,
        "  Correct HTTPS_PROXY, or unset it to send requests without a proxy."
      ])
    })
  )
})

layer(Simulator.layer(), { excludeTestServices: true })("C13 one HTTP client for all commands", (it) => {
  it.effect.each(["status", "wait", "watch", "download"])("%s reads a response with 22 KB of headers", (command) =>
    Effect.gen(function* () {
      const ref = yield* endedJob("Success")
      const { url } = yield* Simulator
      const large = yield* largeHeaders(url)
      const args = [command, String(ref), "--server", large, ...(command === "download" ? ["-o", "-"] : [])]
      const { code, stderr } = yield* run([...args, "--timeout", "20s", "--quiet"])
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    }).pipe(Effect.scoped)
  )
})

/** A gateway to a server that adds 22 KB of headers. */
const largeHeaders = (target: string) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly close: () => void }>((resume) => {
      const server = createServer(async ({ headers, url = "" }, response) => {
        const token = String(headers["ttd-auth"])
        const answer = await fetch(target + url, { headers: { "ttd-auth": token } })
        const type = { "content-type": "application/json", "content-security-policy": "x".repeat(22_000) }
        response.writeHead(answer.status, type).end(await answer.text())
      })
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}`, close: () => server.close() }))
      })
    }),
    ({ close }) => Effect.sync(close)
  ).pipe(Effect.map(({ url }) => url))
