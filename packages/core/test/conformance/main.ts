/** Prints the table with the result of each row; exits with 1 when one failed. */
import { Console, Effect } from "effect"
import { inWords } from "./Must.ts"
import { titleOf } from "./Row.ts"
import { run } from "./run.ts"
import { table } from "./table.ts"

const program = Effect.gen(function* () {
  let passed = 0
  let failed = 0
  for (const { rows, title } of table) {
    yield* Console.log(`\n${title}`)
    for (const row of rows) {
      const complaint = yield* run(row)
      if (complaint === undefined) passed += 1
      else failed += 1
      yield* Console.log(`  ${complaint === undefined ? "ok  " : "FAIL"}  ${titleOf(row)}`)
      yield* Console.log(`        the client must ${inWords(row.must)}`)
      if (complaint !== undefined) yield* Console.log(`        but ${complaint}`)
    }
  }
  yield* Console.log(`\n${passed} passed, ${failed} failed`)
  return failed === 0
})

process.exitCode = (await Effect.runPromise(program)) ? 0 : 1
