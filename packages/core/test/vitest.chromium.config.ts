import chromium from "@sparticuz/chromium"
import { sourceCondition } from "@ttd-jobs/vitest-config"
import { playwright } from "@vitest/browser-playwright"
import { defineConfig } from "vitest/config"

/** Tests that need no Node, in a browser. */
export default defineConfig({
  resolve: { conditions: [sourceCondition, "browser", "module", "import", "default"] },
  test: {
    name: "core (chromium)",
    include: [
      "portable/**/*.test.ts",
      "JobRef.test.ts",
      "Json.test.ts",
      "Server.test.ts",
      "tracking/PollSchedule.test.ts"
    ],
    globalSetup: "portable/SimulatorSetup.ts",
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: await chromium.executablePath(),
          // Not the package's own arguments: they switch web security off.
          args: ["--no-sandbox", "--font-render-hinting=none"]
        }
      }),
      instances: [{ browser: "chromium" }]
    }
  }
})
