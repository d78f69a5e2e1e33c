/**
 * Lines of text as the cells of a terminal's screen, and the shortest output that turns some lines into others.
 *
 * @module
 */
import { displayWidth } from "effect/cli/CliOutput"

/** One character on the screen: where it stands, how wide it is, and its colours as the parameters of an SGR sequence. */
interface Cell {
  readonly text: string
  readonly column: number
  readonly width: number
  readonly style: string
}

/** A line on the screen. */
export interface ScreenLine {
  readonly source: string
  readonly cells: ReadonlyArray<Cell>
  readonly width: number
  /** Whether every terminal agrees on the widths. One that holds combined characters is always written as a whole. */
  readonly isSimple: boolean
}

/** Reads a line whose only escape sequences are colours (SGR). */
export const screenLine = (source: string): ScreenLine => {
  const cells: Array<Cell> = []
  let column = 0
  let isSimple = true
  let styles: ReadonlyArray<string> = []
  for (const [, parameters, text] of source.matchAll(tokens)) {
    if (parameters !== undefined) {
      styles = parameters.split(";").reduce(styled, styles)
      continue
    }
    const style = styles.join(";")
    for (const { segment } of graphemes.segment(text ?? "")) {
      const width = displayWidth(segment)
      isSimple &&= String.fromCodePoint(segment.codePointAt(0) ?? 0) === segment
      cells.push({ text: segment, column, width, style })
      column += width
    }
  }
  return { source, cells, width: column, isSimple }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const tokens = /\u001b\[([\d;]*)m|([^\u001b]+)/g

const graphemes = new Intl.Segmenter()

/** The styles after one more SGR parameter (ECMA-48 §8.3.117). */
const styled = (styles: ReadonlyArray<string>, parameter: string): ReadonlyArray<string> => {
  const code = Number(parameter)
  if (code === 0) return []
  if (code === 22) return styles.filter((style) => style !== "1" && style !== "2")
  if (code > 22 && code < 30) return styles.filter((style) => Number(style) !== code - 20)
  if (code === 39) return styles.filter((style) => !isForeground(Number(style)))
  return [...styles, parameter]
}

const isForeground = (code: number) => (code >= 30 && code < 38) || (code >= 90 && code < 98)

const eraseLine = "\u001b[K"
const eraseBelow = "\u001b[J"

/** Goes up so many rows. */
export const up = (rows: number): string => (rows === 0 ? "" : rows === 1 ? "\u001b[A" : `\u001b[${rows}A`)
const down = (rows: number) => (rows === 0 ? "" : rows === 1 ? "\u001b[B" : `\u001b[${rows}B`)

/**
 * What turns the lines before into those after. The cursor stands in the first column below the last line, before and afterwards. Empty
 * when nothing changed.
 */
export const changesBetween = (before: ReadonlyArray<ScreenLine>, after: ReadonlyArray<ScreenLine>): string => {
  const pen = new Pen(before.length)
  for (const [row, line] of after.entries()) {
    const old = before[row]
    if (old === undefined) pen.append(row, line)
    else if (old.source !== line.source) pen.change(row, old, line)
  }
  if (after.length < before.length) pen.eraseFrom(after.length)
  return pen.finish(after.length)
}

/** Collects output and knows where the cursor stands, and in which colours it writes. */
class Pen {
  #output = ""
  #row: number
  #column = 0
  #style = ""

  constructor(row: number) {
    this.#row = row
  }

  /** Writes a line below the last. */
  append(row: number, line: ScreenLine): void {
    this.#moveTo(row, 0)
    for (const cell of line.cells) this.#write(cell)
    this.#newLine()
  }

  change(row: number, before: ScreenLine, after: ScreenLine): void {
    const isComparable = before.isSimple && after.isSimple
    const old = isComparable ? new Map(before.cells.map((cell) => [cell.column, cell])) : undefined
    for (const cell of after.cells) {
      const there = old?.get(cell.column)
      if (there?.text === cell.text && there.style === cell.style) continue
      this.#moveTo(row, cell.column)
      this.#write(cell)
    }
    if (after.width >= before.width && isComparable) return
    this.#moveTo(row, after.width)
    this.#setStyle("")
    this.#output += eraseLine
  }

  eraseFrom(row: number): void {
    this.#moveTo(row, 0)
    this.#output += eraseBelow
  }

  finish(row: number): string {
    if (this.#output === "") return ""
    this.#setStyle("")
    this.#moveTo(row, 0)
    return this.#output
  }

  #newLine(): void {
    this.#setStyle("")
    this.#output += "\n"
    this.#row += 1
    this.#column = 0
  }

  #moveTo(row: number, column: number): void {
    this.#output += row < this.#row ? up(this.#row - row) : down(row - this.#row)
    this.#row = row
    if (column === this.#column) return
    this.#output += column === 0 ? "\r" : column === this.#column - 1 ? "\b" : `\u001b[${column + 1}G`
    this.#column = column
  }

  #write({ style, text, width }: Cell): void {
    this.#setStyle(style)
    this.#output += text
    this.#column += width
  }

  #setStyle(style: string): void {
    if (style === this.#style) return
    this.#output += style === "" ? "\u001b[m" : this.#style === "" ? `\u001b[${style}m` : `\u001b[0;${style}m`
    this.#style = style
  }
}
