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
  /** Whether it takes what is left of the line, without making its column wider. */
  readonly isFlexible?: boolean
  /** Cuts the text to a width. By default its end. */
  readonly cut?: (text: string, width: number, ellipsis: string) => string
  readonly paint?: (text: string) => string
}

const gap = "  "

/** A column that gives way, down to a width, when the table is too wide. Down to 0: it is left out when nothing readable remains. */
export interface Yielding {
  readonly column: number
  readonly to: number
}

/** How to lay a table out. */
export interface TableOptions {
  readonly columns: number
  /** Which columns give way when the table is too wide, in this order. */
  readonly yielding: ReadonlyArray<Yielding>
  readonly ellipsis?: string
}

/** The lines of a table, none wider than the columns, without spaces at their ends. */
export const tableLines = (
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
  { columns, ellipsis = "…", yielding }: TableOptions
): ReadonlyArray<string> => {
  const widths = fit(widthsOf(rows), columns, yielding)
  const left = columns - totalOf(widths)
  return rows.map((row) =>
    row
      .map(({ align, cut = truncate, isFlexible, paint = same, text }, index) => {
        const width = (widths[index] ?? 0) + (isFlexible ? roomOf(widths[index] ?? 0, left) : 0)
        if (width <= 0) return undefined
        const shown = cut(text, width, ellipsis)
        const isLast = row.slice(index + 1).every((cell) => cell.text === "")
        return isLast && align !== "right" ? paint(shown) : paint(pad(shown, width, align))
      })
      .filter((cell) => cell !== undefined)
      .join(gap)
      .trimEnd()
  )
}

/** The width of a table that no column of has to give way. */
export const naturalWidth = (rows: ReadonlyArray<ReadonlyArray<Cell>>): number => totalOf(widthsOf(rows))

const same = (text: string) => text

/** What a flexible cell of the last column gains; a column that was left out needs its gap first, and a readable width. */
const roomOf = (width: number, left: number) =>
  width > 0 ? left : left - gap.length >= readable ? left - gap.length : 0

const widthsOf = (rows: ReadonlyArray<ReadonlyArray<Cell>>): Array<number> => {
  const widths: Array<number> = []
  for (const row of rows) {
    for (const [index, { isFlexible = false, least = 0, text }] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, least, isFlexible ? 0 : displayWidth(text))
    }
  }
  return widths
}

/** What is cut to less says nothing. */
const readable = 8

const fit = (
  widths: ReadonlyArray<number>,
  columns: number,
  yielding: ReadonlyArray<Yielding>
): ReadonlyArray<number> => {
  const fitted = [...widths]
  for (const { column, to } of yielding) {
    const width = fitted[column] ?? 0
    const cut = Math.min(width, Math.max(to, width - Math.max(0, totalOf(fitted) - columns)))
    fitted[column] = to === 0 && cut < Math.min(width, readable) ? 0 : cut
  }
  return fitted
}

const totalOf = (widths: ReadonlyArray<number>) => {
  const used = widths.filter((width) => width > 0)
  return used.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, used.length - 1)
}
