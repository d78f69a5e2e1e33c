/** Runs the tests of all packages, then adds them up: `node tooling/checks/src/test.ts [TURBO ARGUMENT …]`. */
import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { resultsFile, root, testedPackages } from "./results.ts"
import { printTotals } from "./totals.ts"

// What an earlier run left must not be taken for this one's. Turbo brings back what it has cached.
for (const folder of testedPackages()) rmSync(resultsFile(folder), { force: true })

const { status } = spawnSync("turbo", ["run", "test", "--continue", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  shell: process.platform === "win32"
})
const { failed } = printTotals()
process.exitCode = failed > 0 ? 1 : (status ?? 1)
