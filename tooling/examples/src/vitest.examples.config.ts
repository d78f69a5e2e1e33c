/** Runs an example that is a test, where the workbench keeps it. */
import { sourceCondition } from "@ttd-jobs/vitest-config"
import { defineConfig } from "vitest/config"
import { workbench } from "./Workbench.ts"

const conditions = [sourceCondition, "module", "node", "import", "default"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { root: workbench, include: ["*.test.ts"], exclude: [] }
})
