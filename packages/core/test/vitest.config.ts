import chromium from "@sparticuz/chromium"
import { shared, sourceCondition } from "@ttd-jobs/vitest-config"
import { playwright } from "@vitest/browser-playwright"
import { defineConfig, mergeConfig } from "vitest/config"

/** Tests that need no Node: they run in a browser too. */
const portable = [
  "portable/**/*.test.ts",
  "JobRef.test.ts",
  "Json.test.ts",
  "Server.test.ts",
  "tracking/PollSchedule.test.ts"
]

const globalSetup = "portable/SimulatorSetup.ts"

const node = mergeConfig(shared, {
  test: {
    name: "node",
    globalSetup,
    // Far from UTC, so that a time without an offset that is read as local time comes out wrong.
    env: { TZ: "Pacific/Auckland" }
  }
})

/** What the runtime's `fetch` brings has to come by Node's sockets too. */
const sockets = defineConfig({
  ...shared,
  test: {
    ...shared.test,
    name: "sockets",
    include: [
      "BackPressure",
      "Cut",
      "Digests",
      "Expiry",
      "File",
      "Origins",
      "Promises",
      "Resume",
      "Secrets",
      "Stall"
    ].map((name) => `download/${name}.test.ts`),
    env: { ...shared.test?.env, TEST_TRANSPORT: "sockets" }
  }
})

const browser = defineConfig({
  resolve: { conditions: [sourceCondition, "browser", "module", "import", "default"] },
  test: {
    name: "chromium",
    include: portable,
    globalSetup,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: { executablePath: await chromium.executablePath(), args: chromium.args }
      }),
      instances: [{ browser: "chromium" }]
    }
  }
})

export default defineConfig({
  // The packaged Chromium runs on Linux only.
  test: {
    reporters: shared.test?.reporters ?? [],
    projects: [node, sockets, ...(process.platform === "linux" ? [browser] : [])]
  }
})
