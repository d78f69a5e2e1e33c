/** Prints the totals of the last test run as `N passed, N failed`: `node tooling/checks/src/totals.ts`. */
import { type Report, readReport } from "./results.ts"

/** A skipped test counts as failed, and so does a run that failed outside of its tests. */
export const totalsOf = ({ numPassedTests, numTotalTests, success }: Report) => {
  const failed = numTotalTests - numPassedTests
  return { passed: numPassedTests, failed: failed === 0 && (!success || numPassedTests === 0) ? 1 : failed }
}

if (import.meta.main) {
  const { failed, passed } = totalsOf(readReport())
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}
