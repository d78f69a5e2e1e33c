/**
 * A terminal that only looks: what a person would see after everything that was written to it.
 *
 * @module
 */
import xterm from "@xterm/headless"

/** A terminal's screen. */
export interface Screen {
  /** Takes what was written; `then` is called when it can be seen. */
  readonly write: (text: string, then?: () => void) => void
  readonly resize: (columns: number, rows: number) => void
  /** The lines that can be seen, without spaces at their ends and without empty lines below the last. */
  readonly lines: () => ReadonlyArray<string>
  /** All lines since the beginning, those that have scrolled away included. */
  readonly history: () => ReadonlyArray<string>
  readonly isCursorShown: () => boolean
  /** Where the cursor stands. */
  readonly cursor: () => { readonly column: number; readonly row: number }
}

/** An empty screen. */
export const makeScreen = (columns: number, rows: number): Screen => {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true })
  // The library does not expose the mode of the cursor.
  let isCursorShown = true
  terminal.parser.registerCsiHandler({ prefix: "?", final: "h" }, ([mode]) => {
    if (mode === 25) isCursorShown = true
    return false
  })
  terminal.parser.registerCsiHandler({ prefix: "?", final: "l" }, ([mode]) => {
    if (mode === 25) isCursorShown = false
    return false
  })
  const linesFrom = (first: number) => {
    const { active } = terminal.buffer
    const lines = Array.from({ length: active.length - first }, (_, index) =>
      (active.getLine(first + index)?.translateToString(true) ?? "").trimEnd()
    )
    return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1)
  }
  return {
    write: (text, then) => terminal.write(text, then),
    resize: (columns, rows) => terminal.resize(columns, rows),
    lines: () => linesFrom(terminal.buffer.active.baseY),
    history: () => linesFrom(0),
    isCursorShown: () => isCursorShown,
    cursor: () => ({ column: terminal.buffer.active.cursorX, row: terminal.buffer.active.cursorY })
  }
}
