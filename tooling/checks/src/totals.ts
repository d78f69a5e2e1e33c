/** What the last run of the tests came to, all packages together: `node tooling/checks/src/totals.ts`. */
import { readResults } from "./results.ts"

/** Prints `N passed, N failed`, what failed before it. */
export const printTotals = (): { readonly passed: number; readonly failed: number } => {
  const results = readResults()
  const passed = results.filter(({ status }) => status === "passed").length
  // A test that was skipped has proved nothing.
  const others = results.filter(({ status }) => status !== "passed")
  for (const { file, status, title } of others) console.log(`${status}: ${file}: ${title}`)
  console.log(`${passed} passed, ${others.length} failed`)
  return { passed, failed: passed === 0 ? 1 : others.length }
}

if (import.meta.main) process.exitCode = printTotals().failed > 0 ? 1 : 0
