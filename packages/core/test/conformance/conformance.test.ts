import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { inWords } from "./Must.ts"
import { titleOf } from "./Row.ts"
import { run } from "./run.ts"
import { table } from "./table.ts"

describe.each(table)("conformance: $title", ({ rows }) => {
  for (const row of rows) {
    it.live(`${titleOf(row)}: ${inWords(row.must)}`, () =>
      Effect.map(run(row), (complaint) => expect(complaint).toBeUndefined())
    )
  }
})
