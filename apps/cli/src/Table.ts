/**
 * Rows of cells as lines of aligned columns that fit a width.
 *
 * @module
 */
import { displayWidth } from "effect/cli/CliOutput"
import { pad, truncate } from "./Text.ts"

/** A cell: one line of plain text, and how it is painted once it has its width. */
export interface Cell {
  readonly text: string
  readonly align?: "left" | "right"
  /** The least width of its column, as long as there is room. */
  readonly least?: number
  readonly paint?: (text: string) => string
}

const gap = "  "

/** The least that a column is cut to. */
const leastWidth = 8

/**
 * The lines of a table. When it is too wide, the widest columns give way first, then the last ones go; spaces at the end
 * of a line are left out.
 */
export const tableLines = (rows: ReadonlyArray<ReadonlyArray<Cell>>, columns: number): ReadonlyArray<string> => {
  const widths = fit(widthsOf(rows), columns)
  return rows.map((row) =>
    row
      .map(({ align, paint = same, text }, index) => {
        const width = widths[index] ?? 0
        const cut = truncate(text, width)
        const isLast = row.slice(index + 1).every((cell) => cell.text === "")
        return isLast && align !== "right" ? paint(cut) : paint(pad(cut, width, align))
      })
      .filter((_, index) => (widths[index] ?? 0) > 0)
      .join(gap)
      .trimEnd()
  )
}

const same = (text: string) => text

const widthsOf = (rows: ReadonlyArray<ReadonlyArray<Cell>>): Array<number> => {
  const widths: Array<number> = []
  for (const row of rows) {
    for (const [index, { least = 0, text }] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, least, displayWidth(text))
    }
  }
  return widths
}

const fit = (widths: ReadonlyArray<number>, columns: number): ReadonlyArray<number> => {
  const fitted = [...widths]
  const used = fitted.filter((width) => width > 0)
  let excess = used.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, used.length - 1) - columns
  while (excess > 0) {
    const widest = Math.max(...fitted)
    // Rather than all columns cut to nothing, fewer of them.
    if (widest <= leastWidth) return widths.length > 1 ? fit(widths.slice(0, -1), columns) : [columns]
    const index = fitted.lastIndexOf(widest)
    // Down to the next narrower column at most, so that wide columns share the loss.
    const next = Math.max(leastWidth, ...fitted.filter((width) => width < widest))
    const cut = Math.min(excess, Math.max(1, widest - next))
    fitted[index] = widest - cut
    excess -= cut
  }
  return fitted
}
