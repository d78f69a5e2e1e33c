/**
 * The lines at the bottom of a terminal that are redrawn in place: only what changed is written, and the terminal is left as it
 * was found.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util"
import { Effect, type Scope } from "effect"
import { wrappedRows } from "../text/Text.ts"
import type { OutputError, Stream } from "./Streams.ts"

/** Lines that are redrawn in place. */
export interface LiveRegion {
  /** Shows these lines instead of those before. None may be wider than the terminal. */
  readonly draw: (lines: ReadonlyArray<string>) => Effect.Effect<void, OutputError>
  /** Writes text that stays, above the lines. */
  readonly printAbove: (text: string) => Effect.Effect<void, OutputError>
}

const hideCursor = "\u001b[?25l"
const showCursor = "\u001b[?25h"
const eraseLine = "\u001b[K"
const eraseBelow = "\u001b[J"
const up = (lines: number) => (lines === 0 ? "" : `\u001b[${lines}A`)
const down = (lines: number) => (lines === 0 ? "" : `\u001b[${lines}B`)

/** A region for as long as the scope is open; then its lines are gone and the cursor is back. */
export const liveRegion = Effect.fnUntraced(function* (
  stream: Stream
): Effect.fn.Return<LiveRegion, never, Scope.Scope> {
  let shown: ReadonlyArray<string> = []
  let columns = stream.size().columns

  /** To the first column of the region's first line, which may have moved if the terminal was made narrower. */
  const toTop = () => {
    const now = stream.size().columns
    const rows =
      now === columns
        ? shown.length
        : shown.reduce((sum, line) => sum + wrappedRows(stripVTControlCharacters(line), now), 0)
    return `\r${up(rows)}`
  }
  const redrawn = (lines: ReadonlyArray<string>) => {
    if (stream.size().columns !== columns) {
      const text = `${toTop()}${eraseBelow}${lines.map((line) => `${line}\n`).join("")}`
      columns = stream.size().columns
      return text
    }
    return `${up(shown.length)}\r${changes(shown, lines)}`
  }
  const draw = (lines: ReadonlyArray<string>) =>
    Effect.suspend(() => {
      if (stream.size().columns === columns && isSame(shown, lines)) return Effect.void
      const text = redrawn(lines)
      shown = lines
      return stream.write(text)
    })
  const erase = () => {
    const text = `${toTop()}${eraseBelow}`
    shown = []
    columns = stream.size().columns
    return text
  }

  let isSuspended = false
  // A forced exit runs no finalizer, but it does run this.
  const showNow = () => stream.send(showCursor)
  const suspend = () => {
    showNow()
    // What stands there stays above, also for a redraw that comes before the signal to go on is heard.
    shown = []
    isSuspended = true
    process.kill(process.pid, "SIGSTOP")
  }
  const resume = () => {
    stream.send(hideCursor)
    // It may have been stopped from outside.
    if (!isSuspended) shown = []
    isSuspended = false
  }
  yield* Effect.acquireRelease(
    Effect.suspend(() => {
      process.once("exit", showNow).on("SIGTSTP", suspend).on("SIGCONT", resume)
      return Effect.ignore(stream.write(hideCursor))
    }),
    () =>
      Effect.suspend(() => {
        process.off("exit", showNow).off("SIGTSTP", suspend).off("SIGCONT", resume)
        return Effect.ignore(stream.write(`${erase()}${showCursor}`))
      })
  )
  return {
    draw,
    printAbove: (text) =>
      Effect.suspend(() => {
        const lines = shown
        const erased = erase()
        shown = lines
        return stream.write(`${erased}${text}${lines.map((line) => `${line}\n`).join("")}`)
      })
  }
})

const isSame = (before: ReadonlyArray<string>, after: ReadonlyArray<string>) =>
  before.length === after.length && before.every((line, index) => line === after[index])

/** What turns the lines before into those after, from the first of them; unchanged lines are stepped over. */
const changes = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): string => {
  let text = ""
  let steps = 0
  for (const [index, line] of after.entries()) {
    if (line === before[index]) {
      steps += 1
      continue
    }
    text += `${down(steps)}${line}${eraseLine}\n`
    steps = 0
  }
  return `${text}${down(steps)}${before.length > after.length ? eraseBelow : ""}`
}
