import { project } from "@ttd-jobs/vitest-config"

// A busy machine starts processes slowly, and some tests start many.
export default project("cli", { globalSetup: "test/support/Build.ts", testTimeout: 60_000 })
