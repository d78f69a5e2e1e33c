import { describe, expect, it } from "vitest"
import { bundleSize } from "../src/BundleSize.ts"
import { bundleLimits, entries } from "../src/bundleLimits.ts"

describe("M3 each entry point bundles within its size limit", () => {
  it.each(bundleLimits)("$entry with $bundler: at most $limit KB at once", { timeout: 180_000 }, async (row) => {
    const { initial } = await bundleSize(row.bundler, entries[row.entry])
    expect(initial).toBeGreaterThan(1)
    expect(initial).toBeLessThanOrEqual(row.limit)
  })
})
