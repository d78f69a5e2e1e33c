/**
 * Lists the promises of PROMISES.md with the tests of the last run that prove them, and fails when one has none:
 * `node tooling/checks/src/promises.ts`. A test proves a promise when its title contains the id: "P3 …", "M1 M4 …".
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { readReport, resultsOf, root, type TestResult } from "./results.ts"

/** The promises by id, in the order of the document: list items that begin with an id in bold. */
export const promisesOf = (markdown: string): ReadonlyMap<string, string> =>
  new Map(Array.from(markdown.matchAll(/^- \*\*([A-Z]\d+)\*\* (.*)$/gm), ([, id = "", text = ""]) => [id, text]))

/** The tests that passed for a promise. */
export const proofsOf = (id: string, results: ReadonlyArray<TestResult>): ReadonlyArray<TestResult> =>
  results.filter(({ status, title }) => status === "passed" && new RegExp(`(?:^|\\s)${id}(?=[\\s:,])`).test(title))

if (import.meta.main) {
  const results = resultsOf(readReport())
  const promises = promisesOf(readFileSync(join(root, "PROMISES.md"), "utf8"))
  let unproved = 0
  for (const [id, text] of promises) {
    const proofs = proofsOf(id, results)
    if (proofs.length === 0) unproved += 1
    const where = [...new Set(proofs.map(({ file }) => file))].join(", ")
    console.log(proofs.length === 0 ? `${id}  NOT PROVED  ${text}` : `${id}  ${proofs.length}  ${where}`)
  }
  console.log(`${promises.size - unproved} promises proved, ${unproved} not`)
  process.exitCode = unproved === 0 && promises.size > 0 ? 0 : 1
}
