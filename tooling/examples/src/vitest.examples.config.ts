/** Vitest settings for examples that are tests. */
import { sourceCondition } from "@ttd-jobs/vitest-config"
import { defineConfig } from "vitest/config"
import { programsFolder } from "./Programs.ts"

const conditions = [sourceCondition, "module", "node", "import", "default"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { root: programsFolder, include: ["*.test.ts"], exclude: [] }
})
