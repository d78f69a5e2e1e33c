import { shared } from "@ttd-jobs/vitest-config"
import { defineConfig, mergeConfig } from "vitest/config"

// Every example is a process of its own: more at once than a small machine has cores only makes all of them slow.
export default mergeConfig(
  shared,
  defineConfig({ test: { maxConcurrency: 3, testTimeout: 60_000, hookTimeout: 60_000 } })
)
