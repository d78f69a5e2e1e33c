import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** The top of the repository. */
export const root = fileURLToPath(new URL("../../..", import.meta.url))

/** A test as the runner reports it. */
export interface TestResult {
  /** The file, from the top of the repository. */
  readonly file: string
  /** The title with those of the groups around it. */
  readonly title: string
  readonly status: string
}

/** The folders of the packages that have tests, from the top of the repository. */
export const testedPackages = (): ReadonlyArray<string> =>
  files("*package.json")
    .filter((file) => "test" in (JSON.parse(readFileSync(join(root, file), "utf8")).scripts ?? {}))
    .map((file) => dirname(file))
    // The top's own `test` runs the others.
    .filter((folder) => folder !== ".")

/** Where a package's runner writes its results. */
export const resultsFile = (folder: string): string => join(root, folder, "test-results.json")

/** The results of the last run, package by package; a package without results counts as one failure. */
export const readResults = (): ReadonlyArray<TestResult> =>
  testedPackages().flatMap((folder) => {
    const file = resultsFile(folder)
    if (!existsSync(file)) return [{ file: folder, title: `${folder} has no results`, status: "failed" }]
    const report: Report = JSON.parse(readFileSync(file, "utf8"))
    // A run that broke off outside of its tests has no test that failed.
    if (!report.success && report.numFailedTests === 0) {
      return [{ file: folder, title: `${folder}'s run failed outside of its tests`, status: "failed" }]
    }
    return report.testResults.flatMap(({ assertionResults, message, name, status }) => [
      ...assertionResults.map(({ fullName, status }) => ({ file: fromRoot(name), title: fullName, status })),
      // A file that could not be loaded has no tests that could fail.
      ...(status === "failed" && assertionResults.every((test) => test.status !== "failed")
        ? [{ file: fromRoot(name), title: message, status: "failed" }]
        : [])
    ])
  })

/** The files git knows or could add, by a pathspec. */
export const files = (pathspec: string): ReadonlyArray<string> =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", pathspec], { cwd: root })
    .toString()
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(root, file)))

interface Report {
  readonly success: boolean
  readonly numFailedTests: number
  readonly testResults: ReadonlyArray<{
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: ReadonlyArray<{ readonly fullName: string; readonly status: string }>
  }>
}

const fromRoot = (file: string) => file.replace(root, "")
