import { describe, expect, it } from "@effect/vitest"
import { displayWidth } from "effect/cli/CliOutput"
import fc from "fast-check"
import { bar, yielding } from "../src/display/SnapshotTable.ts"
import { tableLines } from "../src/display/Table.ts"
import { pad, truncate } from "../src/text/Text.ts"

const text = fc.string({ unit: fc.constantFrom("a", "ä", "報", "👩‍👩‍👧", "🇩🇪", "█", " "), maxLength: 30, size: "max" })

describe("a text of a width", () => {
  it("is never wider than the width, and unchanged where it fits", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 40 }), (text, width) => {
        const cut = truncate(text, width)
        expect(displayWidth(cut)).toBeLessThanOrEqual(width)
        if (displayWidth(text) <= width) expect(cut).toBe(text)
        else if (width > 0) expect(cut).toMatch(/…$/)
      })
    )
  })

  it("is padded to exactly the width, on either side", () => {
    fc.assert(
      fc.property(text, fc.constantFrom("left", "right"), (text, align) => {
        const padded = pad(text, 70, align)
        expect(displayWidth(padded)).toBe(70)
        expect(align === "left" ? padded.startsWith(text) : padded.endsWith(text)).toBe(true)
      })
    )
  })
})

describe("a table", () => {
  const rows = fc.array(fc.array(text, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 6 })

  it("has a line per row, none wider than there are columns", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 120 }), (rows, columns) => {
        const cells = rows.map((row) => row.map((text) => ({ text })))
        const lines = tableLines(cells, columns, yielding)
        expect(lines).toHaveLength(rows.length)
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
      })
    )
  })

  const right = (text: string) => ({ text, align: "right" }) as const

  it("aligns its columns, wide characters included", () => {
    const rows = [
      [{ text: "報告" }, right("9"), { text: "x" }],
      [{ text: "a" }, right("10"), { text: "" }]
    ]
    expect(tableLines(rows, 80, [])).toEqual(["報告   9  x", "a     10"])
  })

  it("lets columns give way in the order given", () => {
    const rows = [[{ text: "a".repeat(20) }, { text: "b".repeat(20) }, { text: "c" }]]
    const order = [
      { column: 1, to: 10 },
      { column: 0, to: 4 },
      { column: 1, to: 0 }
    ]
    expect(tableLines(rows, 36, order)).toEqual([`${"a".repeat(20)}  ${"b".repeat(10)}…  c`])
    expect(tableLines(rows, 26, order)).toEqual([`${"a".repeat(10)}…  ${"b".repeat(9)}…  c`])
    expect(tableLines(rows, 10, order)).toEqual(["aaa…  c"])
  })
})

describe("a bar", () => {
  it("is as wide as asked, empty at 0, full at 100 only, and grows with the percentage", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.float({ min: 0, max: 100, noNaN: true }), (width, percentage) => {
        expect(displayWidth(bar(percentage, width))).toBe(width)
        if (percentage < 100) expect(bar(percentage, width)).not.toBe("█".repeat(width))
      })
    )
    expect(bar(0, 4)).toBe("░░░░")
    expect(bar(100, 4)).toBe("████")
    expect(bar(50, 4)).toBe("██░░")
    expect(bar(37.5, 2)).toBe("▊░")
  })
})
