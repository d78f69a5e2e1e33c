/**
 * The results of the last test run, as Vitest's JSON reporter wrote them, and the files of the repository.
 *
 * @module
 */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The root of the repository. */
export const root = fileURLToPath(new URL("../../..", import.meta.url))

/** A test of the last run. */
export interface TestResult {
  /** The file, relative to the root. */
  readonly file: string
  /** The title, with the titles of its groups. */
  readonly title: string
  readonly status: string
}

/** Vitest's JSON report. */
export interface Report {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numTotalTests: number
  readonly testResults: ReadonlyArray<{
    readonly name: string
    readonly assertionResults: ReadonlyArray<{ readonly fullName: string; readonly status: string }>
  }>
}

/** The report of the last run. Throws when there is none. */
export const readReport = (): Report => JSON.parse(readFileSync(join(root, "test-results.json"), "utf8"))

/** The tests of a report. */
export const resultsOf = (report: Report): ReadonlyArray<TestResult> =>
  report.testResults.flatMap(({ assertionResults, name }) =>
    assertionResults.map(({ fullName, status }) => ({ file: name.replace(root, ""), title: fullName, status }))
  )

/** The tracked files, and those that could be, that match a pathspec. */
export const files = (pathspec: string): ReadonlyArray<string> =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", pathspec], { cwd: root })
    .toString()
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(root, file)))
