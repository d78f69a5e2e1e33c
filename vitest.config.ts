import { defineConfig } from "vitest/config"

/** All tests of the repository in one run. One project: `vitest run --project core`. */
export default defineConfig({
  test: {
    projects: [
      "packages/core/test/vitest.config.ts",
      "packages/core/test/vitest.sockets.config.ts",
      // The packaged Chromium runs on Linux only.
      ...(process.platform === "linux" ? ["packages/core/test/vitest.chromium.config.ts"] : []),
      "packages/simulator/vitest.config.ts",
      "apps/cli/vitest.config.ts",
      "tooling/*/vitest.config.ts"
    ],
    reporters: ["default", ["json", { outputFile: "test-results.json" }]]
  }
})
