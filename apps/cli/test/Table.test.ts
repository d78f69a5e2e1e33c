import { describe, expect, it } from "@effect/vitest"
import { displayWidth } from "effect/cli/CliOutput"
import fc from "fast-check"
import { bar, glyphsFor } from "../src/display/Glyphs.ts"
import { tableLines } from "../src/display/Table.ts"
import { distinctWidth, pad, truncate, truncateMiddle, wrap, wrapIndented } from "../src/text/Text.ts"

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

  it("keeps its beginning and its end when it is cut in the middle", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 40 }), (text, width) => {
        const cut = truncateMiddle(text, width)
        expect(displayWidth(cut)).toBeLessThanOrEqual(width)
        if (displayWidth(text) <= width) expect(cut).toBe(text)
        const [head = "", tail = ""] = cut.split("…")
        expect(text.startsWith(head) && text.endsWith(tail)).toBe(true)
      })
    )
    expect(truncateMiddle("standard:9223372036854775801", 15)).toBe("standar…4775801")
  })

  it("has a least width at which different texts still differ", () => {
    expect(distinctWidth(["standard:9223372036854775801", "standard:9223372036854775802"], 10)).toBe(10)
    expect(distinctWidth(["standard:9000000000000000001", "standard:9000000100000000001"], 10)).toBe(24)
    expect(distinctWidth(["a", "b"], 3)).toBe(3)
  })

  it("is wrapped between words, every line within the width and nothing lost", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = wrap(text, width)
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width)
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""))
      })
    )
    expect(wrap("Advertiser 4f3ax81 was not found", 20)).toEqual(["Advertiser 4f3ax81", "was not found"])
  })

  it("is wrapped with its continuation indented further", () => {
    expect(wrapIndented("error: the job was not found\n  Check the kind and the id\n", 20)).toBe(
      "error: the job was\n  not found\n  Check the kind\n    and the id\n"
    )
    expect(wrapIndented("short\n", 20)).toBe("short\n")
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
  const yielding = [3, 4, 5, 1, 2, 0].map((column) => ({ column, to: column === 0 ? 1 : 0 }))
  const rows = fc.array(fc.array(text, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 6 })

  it("has a line per row, none wider than there are columns", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 120 }), (rows, columns) => {
        const cells = rows.map((row) => row.map((text) => ({ text })))
        const lines = tableLines(cells, { columns, yielding })
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
    expect(tableLines(rows, { columns: 80, yielding: [] })).toEqual(["報告   9  x", "a     10"])
  })

  it("lets columns give way in the order given", () => {
    const rows = [[{ text: "a".repeat(20) }, { text: "b".repeat(20) }, { text: "c" }]]
    const order = [
      { column: 1, to: 10 },
      { column: 0, to: 4 },
      { column: 1, to: 0 }
    ]
    expect(tableLines(rows, { columns: 36, yielding: order })).toEqual([`${"a".repeat(20)}  ${"b".repeat(10)}…  c`])
    expect(tableLines(rows, { columns: 26, yielding: order })).toEqual([`${"a".repeat(10)}…  ${"b".repeat(9)}…  c`])
    expect(tableLines(rows, { columns: 10, yielding: order })).toEqual(["aaa…  c"])
  })
})

describe("a bar", () => {
  const unicode = glyphsFor({ hasUnicode: true })

  it("is drawn with ASCII where the terminal cannot do more", () => {
    expect(bar(50, 4, glyphsFor({ hasUnicode: false }))).toBe("##..")
  })

  it("is as wide as asked, empty at 0, full at 100 only, and grows with the percentage", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.float({ min: 0, max: 100, noNaN: true }), (width, percentage) => {
        expect(displayWidth(bar(percentage, width, unicode))).toBe(width)
        if (percentage < 100) expect(bar(percentage, width, unicode)).not.toBe("█".repeat(width))
      })
    )
    expect(bar(0, 4, unicode)).toBe("░░░░")
    expect(bar(100, 4, unicode)).toBe("████")
    expect(bar(50, 4, unicode)).toBe("██░░")
    expect(bar(37.5, 2, unicode)).toBe("▊░")
  })
})
