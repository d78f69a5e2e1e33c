import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { inWords } from "./Must.ts"
import { run } from "./run.ts"
import { table } from "./table.ts"

describe.each(table)("conformance: $title", ({ rows }) => {
  for (const row of rows) {
    it.live(`the server ${row.server}: ${inWords(row.must)}`, () =>
      Effect.map(run(row), (complaint) => expect(complaint).toBeUndefined())
    )
  }
})
