import { tmpdir } from "node:os"
import { join } from "node:path"
import { defineConfig, type ViteUserConfig } from "vitest/config"

/** The export condition under which packages of this house import each other's sources. */
export const sourceCondition = "@ttd-jobs/source"

/** Settings every package's tests share: sources instead of builds, and results that `totals` can add up. */
export const shared: ViteUserConfig = defineConfig({
  resolve: { conditions: [sourceCondition, "module", "node", "import", "default"] },
  ssr: { resolve: { conditions: [sourceCondition, "module", "node", "import", "default"] } },
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    reporters: ["default", ["json", { outputFile: "test-results.json" }]],
    // Loading Effect again for every file costs more than most files' tests; no module of this house holds state that a test changes.
    isolate: false,
    // Processes that tests start load much the same modules, again and again.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), "ttd-jobs-tests-cache") },
    testTimeout: 20_000,
    hookTimeout: 30_000
  }
})
