import { shared } from "@ttd-jobs/vitest-config"
import { mergeConfig } from "vitest/config"

export default mergeConfig(shared, {
  // Most of the time a test waits for a process, so more of them than cores can run side by side. A busy machine starts processes
  // slowly, and some tests start many.
  test: { globalSetup: "test/support/Build.ts", maxWorkers: 4, testTimeout: 60_000 }
})
