/**
 * Lines at the bottom of a terminal that are redrawn in place: only changed cells are written, and a resize redraws all.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util"
import { Effect, type Scope } from "effect"
import { wrapIndented, wrappedRows } from "../text/Text.ts"
import { changesBetween, type ScreenLine, screenLine, up } from "./ScreenCells.ts"
import type { OutputError, Stream } from "./Streams.ts"
import { terminalControl } from "./TerminalControl.ts"

/** Lines that are redrawn in place. */
export interface LiveRegion {
  /** Shows these lines instead of those before. None may be wider than the terminal. */
  readonly draw: (lines: ReadonlyArray<string>) => Effect.Effect<void, OutputError>
  /** Writes text that stays, above the lines; long lines are wrapped. */
  readonly printAbove: (text: string) => Effect.Effect<void, OutputError>
  /** Leaves the lines that are shown on the screen for good; what is drawn next comes below them. */
  readonly leave: Effect.Effect<void>
}

const eraseBelow = "\u001b[J"

/** A region for as long as the scope is open; then its lines are erased, unless they were left, and the cursor is back. */
export const liveRegion = Effect.fnUntraced(function* (
  stream: Stream
): Effect.fn.Return<LiveRegion, never, Scope.Scope> {
  let shown: ReadonlyArray<ScreenLine> = []
  /** Lines of ours that a smaller height pushed out of sight; terminals bring them back when they grow. */
  let hidden: ReadonlyArray<ScreenLine> = []
  let size = stream.size()

  /** To the region's first line that can be reached: a resize may have wrapped lines, or pushed them out of sight. */
  const toTop = () => {
    const { columns, rows } = stream.size()
    return `\r${up(Math.min(rowsOf([...hidden, ...shown], columns), rows - 1))}`
  }
  const isResized = () => {
    const { columns, rows } = stream.size()
    return columns !== size.columns || rows !== size.rows
  }
  /** Notes which lines the new size has pushed out of sight. */
  const adapt = () => {
    size = stream.size()
    const all = [...hidden, ...shown]
    const firstVisible = all.findIndex((_, index) => rowsOf(all.slice(index), size.columns) < size.rows)
    hidden = all.slice(0, firstVisible === -1 ? all.length : firstVisible)
  }
  const redrawn = (lines: ReadonlyArray<ScreenLine>) => {
    const text = `${toTop()}${eraseBelow}${changesBetween([], lines)}`
    adapt()
    return text
  }
  const erase = () => {
    const text = `${toTop()}${eraseBelow}`
    forget()
    return text
  }
  const forget = () => {
    shown = []
    hidden = []
    size = stream.size()
  }

  yield* terminalControl(stream, { onSuspend: forget, erase: () => (shown.length === 0 ? "" : erase()) })
  return {
    draw: (lines) =>
      Effect.suspend(() => {
        const isNewSize = isResized()
        const known = new Map(shown.map((line) => [line.source, line]))
        const next = lines
          .slice(-Math.max(1, stream.size().rows - 1))
          .map((line) => known.get(line) ?? screenLine(line))
        const text = isNewSize ? redrawn(next) : changesBetween(shown, next)
        shown = next
        return text === "" ? Effect.void : stream.write(synchronized(text))
      }),
    printAbove: (text) =>
      Effect.suspend(() => {
        const lines = shown
        const erased = erase()
        shown = lines
        return stream.write(
          synchronized(`${erased}${wrapIndented(text, stream.size().columns)}${changesBetween([], lines)}`)
        )
      }),
    leave: Effect.sync(forget)
  }
})

/** A frame that terminals show at once ("synchronized output", DEC private mode 2026); others ignore the brackets. */
const synchronized = (text: string) => `\u001b[?2026h${text}\u001b[?2026l`

/** How many rows lines take on a terminal of a width. */
const rowsOf = (lines: ReadonlyArray<ScreenLine>, columns: number): number =>
  lines.reduce(
    (sum, { source, width }) => sum + (width <= columns ? 1 : wrappedRows(stripVTControlCharacters(source), columns)),
    0
  )
