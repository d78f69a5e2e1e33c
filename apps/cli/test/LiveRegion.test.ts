import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import fc from "fast-check"
import { type LiveRegion, liveRegion } from "../src/display/LiveRegion.ts"
import type { Stream } from "../src/display/Streams.ts"
import { truncate } from "../src/text/Text.ts"
import { makeScreen, type Screen } from "./support/Screen.ts"

/** A terminal that keeps what it was sent. */
interface Terminal {
  readonly stream: Stream
  readonly screen: Screen
  readonly written: Array<string>
  readonly resize: (columns: number, rows?: number) => void
}

const makeTerminal = (columns: number, rows: number): Terminal => {
  const screen = makeScreen(columns, rows)
  const written: Array<string> = []
  let size = { columns, rows }
  // The terminal's driver begins each line with a carriage return.
  const send = (text: string, then?: () => void) => {
    written.push(text)
    screen.write(text.replaceAll("\n", "\r\n"), then)
  }
  return {
    screen,
    written,
    resize: (columns, rows = size.rows) => {
      size = { columns, rows }
      screen.resize(columns, rows)
    },
    stream: {
      isTerminal: true,
      terminal: undefined,
      hasColor: true,
      canRedraw: true,
      hasUnicode: true,
      size: () => size,
      write: (text) => Effect.callback((resume) => send(String(text), () => resume(Effect.void))),
      send
    }
  }
}

/** Runs with a region, and gives the terminal afterwards. */
const withRegion = (terminal: Terminal, use: (region: LiveRegion) => Effect.Effect<void, unknown>): Promise<void> =>
  Effect.runPromise(Effect.scoped(Effect.flatMap(liveRegion(terminal.stream), use)).pipe(Effect.orDie))

const narrowest = 24
const widest = 60

/** Lines that fit, with colours, wide characters and nothing at all. */
const line = fc.oneof(
  fc
    .string({ unit: fc.constantFrom("a", "b", "─", " "), maxLength: widest - 1, size: "max" })
    .map((text) => text.trimEnd()),
  fc.string({ unit: fc.constantFrom("報", "告"), maxLength: widest / 2 - 1, size: "max" }),
  fc.constantFrom("\u001b[32m✓ done\u001b[39m", "\u001b[2mdim\u001b[22m", "")
)

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ draw: fc.array(line, { maxLength: 8, size: "max" }) }) },
  { weight: 2, arbitrary: fc.record({ print: fc.constantFrom("one", "two", "three") }) },
  { weight: 2, arbitrary: fc.record({ columns: fc.integer({ min: narrowest, max: widest }) }) }
)

// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of the lines are to be taken away
const plain = (text: string) => text.replace(/\u001b\[\d+m/g, "")

/** What the screen should show: what was printed, then the lines, without empty ones at the end. */
const expected = (printed: ReadonlyArray<string>, lines: ReadonlyArray<string>) => {
  const all = [...printed, ...lines.map((line) => plain(line).trimEnd())]
  return all.slice(0, all.findLastIndex((line) => line !== "") + 1)
}

const stepsOf = (lines: fc.ArrayConstraints) =>
  fc.array(
    fc.oneof(
      fc.record({ draw: fc.array(line, { ...lines, size: "max" }) }),
      fc.record({ rows: fc.integer({ min: 4, max: 40 }) })
    ),
    { maxLength: 10, size: "max" }
  )

const lastOf = <A>(all: ReadonlyArray<A>, count: number) => all.slice(all.length - count)

describe("lines that are redrawn in place", () => {
  it("are exactly those drawn last, below everything printed, after any draws, prints and resizes", () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12, size: "max" }), async (steps) => {
        const terminal = makeTerminal(widest, 200)
        const printed: Array<string> = []
        let drawn: ReadonlyArray<string> = []
        const fitting = (columns: number) => drawn.map((line) => truncate(line, columns - 1))
        await withRegion(
          terminal,
          Effect.fnUntraced(function* (region) {
            for (const step of steps) {
              if ("columns" in step) {
                terminal.resize(step.columns)
                yield* region.draw(fitting(step.columns))
              } else if ("draw" in step) {
                drawn = step.draw
                yield* region.draw(fitting(terminal.stream.size().columns))
              } else {
                printed.push(step.print)
                yield* region.printAbove(`${step.print}\n`)
              }
              const lines = fitting(terminal.stream.size().columns)
              expect(terminal.screen.history()).toEqual(expected(printed, lines))
              expect(terminal.screen.cursor()).toEqual({ column: 0, row: printed.length + lines.length })
              expect(terminal.screen.isCursorShown()).toBe(false)
            }
          })
        )
        // Afterwards they are gone.
        expect(terminal.screen.history()).toEqual(printed)
        expect(terminal.screen.cursor()).toEqual({ column: 0, row: printed.length })
        expect(terminal.screen.isCursorShown()).toBe(true)
      }),
      {
        numRuns: 150,
        // A wide character does not fit into the one column that is left in each row.
        examples: [[[{ draw: ["報".repeat(27)] }, { columns: 27 }]]]
      }
    ))

  it("are whole after the height changed, and leave no stale line on the screen when it is as before", () =>
    fc.assert(
      fc.asyncProperty(
        // A board that fills the terminal at every height, or one that always fits.
        fc.oneof(stepsOf({ minLength: 40, maxLength: 50 }), stepsOf({ minLength: 1, maxLength: 3 })),
        fc.nat({ max: 50 }),
        async (steps, printedLines) => {
          const terminal = makeTerminal(widest, 40)
          const printed = Array.from({ length: printedLines }, (_, index) => `printed ${index}`)
          let drawn: ReadonlyArray<string> = []
          const fitting = () => drawn.slice(-terminal.stream.size().rows + 1)
          await withRegion(
            terminal,
            Effect.fnUntraced(function* (region) {
              for (const text of printed) yield* region.printAbove(`${text}\n`)
              for (const step of [...steps, { rows: 40 }]) {
                if ("rows" in step) terminal.resize(widest, step.rows)
                else drawn = step.draw
                yield* region.draw(fitting())
                const shown = expected([], fitting())
                if (shown.length > 0) expect(terminal.screen.lines().slice(-shown.length)).toEqual(shown)
                expect(terminal.screen.cursor().column).toBe(0)
              }
              // A line that went out of sight while it was small may stay in the history, but not on the screen.
              const visible = terminal.screen.lines()
              expect(visible).toEqual(lastOf(expected(printed, fitting()), visible.length))
            })
          )
          const visible = terminal.screen.lines()
          expect(visible).toEqual(lastOf(printed, visible.length))
        }
      ),
      { numRuns: 60 }
    ))

  it("fill a small screen without scrolling it", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(line, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
        async (frames) => {
          const terminal = makeTerminal(widest, 6)
          await withRegion(
            terminal,
            Effect.fnUntraced(function* (region) {
              for (const lines of frames) {
                yield* region.draw(lines)
                expect(terminal.screen.history()).toEqual(expected([], lines))
              }
            })
          )
          expect(terminal.screen.history()).toEqual([])
        }
      ),
      { numRuns: 100 }
    ))

  it("write only the cells that changed", async () => {
    const terminal = makeTerminal(80, 24)
    await withRegion(
      terminal,
      Effect.fnUntraced(function* (region) {
        const lines = Array.from({ length: 9 }, (_, index) => `line ${index}`)
        yield* region.draw(lines)
        const before = terminal.written.length
        yield* region.draw(lines)
        expect(terminal.written).toHaveLength(before)
        yield* region.draw(lines.with(4, "line X"))
        expect(terminal.written).toHaveLength(before + 1)
        // Up, to the cell, the new character, back down; in brackets that have the terminal show it at once.
        expect(terminal.written.at(-1)).toBe("\u001b[?2026h\u001b[5A\u001b[6GX\u001b[5B\r\u001b[?2026l")
      })
    )
  })

  it("a frame is written at once, so that no half of one is seen", async () => {
    const terminal = makeTerminal(80, 24)
    await withRegion(
      terminal,
      Effect.fnUntraced(function* (region) {
        for (const count of [3, 9, 1, 0, 5]) {
          const before = terminal.written.length
          yield* region.draw(Array.from({ length: count }, (_, index) => `${count} ${index}`))
          expect(terminal.written.length - before).toBe(1)
        }
      })
    )
  })

  it("give the cursor back when they are broken off and when the process exits", async () => {
    const terminal = makeTerminal(80, 24)
    const scope = Scope.makeUnsafe()
    const listeners = process.listenerCount("exit")
    const region = await Effect.runPromise(Scope.provide(liveRegion(terminal.stream), scope))
    await Effect.runPromise(region.draw(["one", "two"]))
    expect(process.listenerCount("exit")).toBe(listeners + 1)
    await Effect.runPromise(Scope.close(scope, Exit.interrupt(0)))
    expect(terminal.screen.isCursorShown()).toBe(true)
    expect(process.listenerCount("exit")).toBe(listeners)
  })
})
