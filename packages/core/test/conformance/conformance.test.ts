import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { textOf } from "./Expectation.ts"
import { titleOf } from "./Row.ts"
import { run } from "./run.ts"
import { table } from "./table.ts"

describe.each(table)("conformance: $title", ({ rows }) => {
  for (const row of rows) {
    it.live(`${titleOf(row)}: ${textOf(row.expected)}`, () =>
      Effect.map(run(row), (mismatch) => expect(mismatch).toBeUndefined())
    )
  }
})
