/**
 * Rows of cells as lines of aligned columns that fit a width.
 *
 * @module
 */
import { displayWidth } from "effect/cli/CliOutput"
import { pad, truncate } from "../text/Text.ts"

/** A cell: one line of plain text, and how it is painted once it has its width. */
export interface Cell {
  readonly text: string
  readonly align?: "left" | "right"
  /** The least width of its column, as long as there is room. */
  readonly least?: number
  readonly paint?: (text: string) => string
}

const gap = "  "

/** A column that gives way, down to a width, when the table is too wide. Down to 0 means that no stump of it is left. */
export interface Yielding {
  readonly column: number
  readonly to: number
}

/** The lines of a table. When it is too wide, columns give way in the order given; spaces at the end of a line are left out. */
export const tableLines = (
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
  columns: number,
  yielding: ReadonlyArray<Yielding>
): ReadonlyArray<string> => {
  const widths = fit(widthsOf(rows), columns, yielding)
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

/** What is cut to less says nothing. */
const shortestStump = 8

const fit = (
  widths: ReadonlyArray<number>,
  columns: number,
  yielding: ReadonlyArray<Yielding>
): ReadonlyArray<number> => {
  const fitted = [...widths]
  for (const { column, to } of yielding) {
    const width = fitted[column] ?? 0
    const cut = Math.min(width, Math.max(to, width - excessOf(fitted, columns)))
    fitted[column] = to === 0 && cut < Math.min(width, shortestStump) ? 0 : cut
  }
  return fitted
}

const excessOf = (widths: ReadonlyArray<number>, columns: number) => {
  const used = widths.filter((width) => width > 0)
  return Math.max(0, used.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, used.length - 1) - columns)
}
