/** Starts a simulator for tests that may run in a browser, in a process of its own because Vitest's set-up ignores export conditions. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { sourceCondition } from "@ttd-jobs/vitest-config"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** The simulator's base URL and token. */
    readonly simulator: { readonly url: string; readonly token: string }
  }
}

/** Starts the simulator, once for all test files. */
export default async function setup({ provide }: TestProject) {
  const program = fileURLToPath(new URL("SimulatorServer.ts", import.meta.url))
  const child = spawn(process.execPath, [`--conditions=${sourceCondition}`, program], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const [line] = await once(child.stdout, "data")
  provide("simulator", JSON.parse(String(line)))
  return () => child.kill()
}
