import { tmpdir } from "node:os"
import { join } from "node:path"
import { defineProject, type UserWorkspaceConfig } from "vitest/config"

/** The export condition under which the packages import each other's sources. */
export const sourceCondition = "@ttd-jobs/source"

const conditions = [sourceCondition, "module", "node", "import", "default"]

/** A test project of the root's `vitest.config.ts`, with the settings that all share. */
export const project = (name: string, test: UserWorkspaceConfig["test"] = {}) =>
  defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      include: ["**/*.test.ts"],
      exclude: ["**/node_modules/**", "**/dist/**"],
      // Loading Effect again for every file costs more than most files' tests; no module holds state that a test changes.
      isolate: false,
      testTimeout: 20_000,
      hookTimeout: 30_000,
      ...test,
      name,
      // Processes that tests start load much the same modules, again and again.
      env: { NODE_COMPILE_CACHE: join(tmpdir(), "ttd-jobs-tests-cache"), ...test.env }
    }
  })
