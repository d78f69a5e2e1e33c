/**
 * Asks for a secret on the terminal, without echo.
 *
 * @module
 */
import { createInterface } from "node:readline"
import { Writable } from "node:stream"
import { Effect } from "effect"

/** Prompts on standard error and reads one line. Ctrl-C ends the process as it does elsewhere, Ctrl-D is an empty line. */
export const ask = (prompt: string): Effect.Effect<string> =>
  Effect.callback((resume) => {
    // Readline puts the terminal into raw mode, where it is readline that echoes: into nothing.
    const output = new Writable({ write: (_chunk, _encoding, done) => done() })
    const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
    process.stderr.write(prompt)
    const end = (next: () => void) => {
      lines.removeAllListeners("close").close()
      process.stderr.write("\n")
      next()
    }
    lines.once("line", (line) => end(() => resume(Effect.succeed(line))))
    // Nothing else keeps the process alive until a signal to itself would arrive.
    lines.once("SIGINT", () => end(() => process.emit("SIGINT")))
    lines.once("close", () => end(() => resume(Effect.succeed(""))))
    return Effect.sync(() => lines.close())
  })
