/**
 * Text by its width in terminal columns.
 *
 * @module
 */
import { displayWidth } from "effect/cli/CliOutput"

/** A text cut to a width in terminal columns, the cut marked. */
export const truncate = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text
  let cut = ""
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += displayWidth(segment)
    if (used > width - 1) break
    cut += segment
  }
  return width < 1 ? "" : `${cut}…`
}

const graphemes = new Intl.Segmenter()

/** A text with spaces up to a width in terminal columns. */
export const pad = (text: string, width: number, align: "left" | "right" = "left"): string => {
  const spaces = " ".repeat(Math.max(0, width - displayWidth(text)))
  return align === "left" ? text + spaces : spaces + text
}

/** How many rows a terminal of a width needs for a line. A wide character that finds only one column left goes to the next row. */
export const wrappedRows = (line: string, columns: number): number => {
  let rows = 1
  let used = 0
  for (const { segment } of graphemes.segment(line)) {
    const width = displayWidth(segment)
    if (used + width > columns) {
      rows += 1
      used = 0
    }
    used += width
  }
  return rows
}
