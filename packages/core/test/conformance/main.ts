/** Prints the table with the result of each row; exits with 1 when one failed. */
import { Console, Effect } from "effect"
import { textOf } from "./Expectation.ts"
import { titleOf } from "./Row.ts"
import { run } from "./run.ts"
import { table } from "./table.ts"

const program = Effect.gen(function* () {
  let passed = 0
  let failed = 0
  for (const { rows, title } of table) {
    yield* Console.log(`\n${title}`)
    for (const row of rows) {
      const mismatch = yield* run(row)
      if (mismatch === undefined) passed += 1
      else failed += 1
      yield* Console.log(`  ${mismatch === undefined ? "ok  " : "FAIL"}  ${titleOf(row)}`)
      yield* Console.log(`        expected: ${textOf(row.expected)}`)
      if (mismatch !== undefined) yield* Console.log(`        but ${mismatch}`)
    }
  }
  yield* Console.log(`\n${passed} passed, ${failed} failed`)
  return failed === 0
})

process.exitCode = (await Effect.runPromise(program)) ? 0 : 1
