/** Starts a simulator for tests that may run in a browser. Vitest's set-up knows no conditions, so it is a process of its own. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { sourceCondition } from "@ttd-jobs/vitest-config"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** Where the simulator is reached, and what `TTD-Auth` must be. */
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
