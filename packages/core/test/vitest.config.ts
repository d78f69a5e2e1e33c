import { project } from "@ttd-jobs/vitest-config"

export default project("core", {
  globalSetup: "portable/SimulatorSetup.ts",
  // Far from UTC, so that a time without an offset that is read as local time comes out wrong.
  env: { TZ: "Pacific/Auckland" }
})
