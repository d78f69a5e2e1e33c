/**
 * Text measured in terminal columns.
 *
 * @module
 */
import { displayWidth } from "effect/cli/CliOutput"

/** A text cut at its end to a width, the cut marked. */
export const truncate = (text: string, width: number, ellipsis = "…"): string => {
  if (displayWidth(text) <= width) return text
  return width < 1 ? "" : headOf(text, width - 1) + ellipsis
}

/** A text cut in the middle to a width: of ids the end differs, of references the beginning says the kind. */
export const truncateMiddle = (text: string, width: number, ellipsis = "…"): string => {
  if (displayWidth(text) <= width) return text
  if (width < 1) return ""
  const tail = Math.ceil((width - 1) / 2)
  return headOf(text, width - 1 - tail) + ellipsis + tailOf(text, tail)
}

/** The least width at which texts that differ still differ when they are cut in the middle; at least `from`. */
export const distinctWidth = (texts: ReadonlyArray<string>, from: number): number => {
  const all = new Set(texts)
  const isDistinct = (width: number) =>
    new Set(Array.from(all, (text) => truncateMiddle(text, width))).size === all.size
  let low = from
  let high = Math.max(from, ...Array.from(all, displayWidth))
  while (low < high) {
    const middle = (low + high) >> 1
    if (isDistinct(middle)) high = middle
    else low = middle + 1
  }
  return low
}

const headOf = (text: string, width: number) => takeWhile(segmentsOf(text), width).join("")
const tailOf = (text: string, width: number) => takeWhile(segmentsOf(text).reverse(), width).reverse().join("")

const takeWhile = (segments: ReadonlyArray<string>, width: number): Array<string> => {
  let used = 0
  const end = segments.findIndex((segment) => {
    used += displayWidth(segment)
    return used > width
  })
  return segments.slice(0, end === -1 ? segments.length : end)
}

const graphemes = new Intl.Segmenter()
const isAscii = (text: string) => /^[\u0020-\u007e]*$/.test(text)
const segmentsOf = (text: string): Array<string> =>
  isAscii(text) ? text.split("") : Array.from(graphemes.segment(text), ({ segment }) => segment)

/** A text with spaces up to a width. */
export const pad = (text: string, width: number, align: "left" | "right" = "left"): string => {
  const spaces = " ".repeat(Math.max(0, width - displayWidth(text)))
  return align === "left" ? text + spaces : spaces + text
}

/** A text as lines of at most this width, broken between words; a longer word is broken within. */
export const wrap = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`
    if (displayWidth(longer) <= width) {
      line = longer
      continue
    }
    if (line !== "") lines.push(line)
    line = word
    while (displayWidth(line) > Math.max(2, width)) {
      const head = headOf(line, Math.max(2, width))
      lines.push(head)
      line = line.slice(head.length)
    }
  }
  return [...lines, line]
}

/** Lines wrapped to a width, their continuations indented two columns further than they are. */
export const wrapIndented = (text: string, width: number): string =>
  text
    .split("\n")
    .flatMap((line) => {
      const content = line.trimStart()
      const indent = line.slice(0, line.length - content.length)
      if (displayWidth(line) <= width) return [line]
      const [first = "", ...rest] = wrap(content, width - indent.length - 2)
      return [indent + first, ...rest.map((each) => `${indent}  ${each}`)]
    })
    .join("\n")

/** How many rows a terminal of a width needs for a line. A wide character that finds only one column left goes to the next row. */
export const wrappedRows = (line: string, columns: number): number => {
  let rows = 1
  let used = 0
  for (const segment of segmentsOf(line)) {
    const width = displayWidth(segment)
    if (used + width > columns) {
      rows += 1
      used = 0
    }
    used += width
  }
  return rows
}
