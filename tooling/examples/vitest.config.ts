import { project } from "@ttd-jobs/vitest-config"

// Every example is a process: more at once than a small machine has cores makes all of them slow.
export default project("examples", { maxConcurrency: 3, testTimeout: 60_000, hookTimeout: 60_000 })
