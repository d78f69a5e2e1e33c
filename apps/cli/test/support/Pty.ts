/**
 * The program on a terminal: a pseudo-terminal for its streams, and what a person would see of it.
 *
 * @module
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { spawn } from "@lydell/node-pty"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect, type Scope } from "effect"
import { inject } from "vitest"
import { makeNotifier } from "./Notifier.ts"
import { environment } from "./Program.ts"
import { makeScreen, type Screen } from "./Screen.ts"
import { temporaryFolder } from "./TemporaryFolder.ts"

/** What a program on a terminal is given. */
export interface PtyGiven {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly columns?: number
  readonly rows?: number
  /** The stream that goes into a pipe instead. */
  readonly piped?: "stdout" | "stderr"
}

/** What a program on a terminal came to. */
export interface PtyOutcome {
  readonly code: number
  /** Everything the terminal was sent. */
  readonly sent: string
  /** What went into the pipe. */
  readonly piped: string
  readonly screen: Screen
}

/** A program on a terminal. */
export interface OnTerminal {
  readonly screen: Screen
  /** Everything the terminal was sent so far. */
  readonly sent: () => string
  /** Waits until this holds of the lines on the screen. Dies when the program ends before. */
  readonly until: (holds: (lines: ReadonlyArray<string>) => boolean) => Effect.Effect<void>
  readonly type: (keys: string) => Effect.Effect<void>
  readonly resize: (columns: number, rows: number) => Effect.Effect<void>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
  readonly ended: Effect.Effect<PtyOutcome>
}

/** Ctrl-C, as a keyboard sends it. */
export const ctrlC = "\u0003"

/** Ctrl-Z, as a keyboard sends it. */
export const ctrlZ = "\u001a"

/** Ctrl-\\, as a keyboard sends it. */
export const ctrlBackslash = "\u001c"

/** Starts the program on a terminal; it is killed when the scope closes. */
export const startOnTerminal = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  given: PtyGiven = {}
): Effect.fn.Return<OnTerminal, never, Scope.Scope | Simulator> {
  return yield* startWordsOnTerminal([...inject("program"), ...args], given)
})

/** Starts any command line on a terminal, with the program's environment. */
export const startWordsOnTerminal = Effect.fnUntraced(function* (
  words: ReadonlyArray<string>,
  { columns = 80, env, piped, rows = 24 }: PtyGiven
): Effect.fn.Return<OnTerminal, never, Scope.Scope | Simulator> {
  const simulator = yield* Simulator
  const folder = yield* temporaryFolder
  const pipe = join(folder, "piped")
  const screen = makeScreen(columns, rows)
  const command = piped === undefined ? words : ["bash", "-c", into[piped](pipe), ...words]
  const pty = spawn("bash", ["-c", supervisor, ...command], {
    name: env?.["TERM"] ?? "xterm-256color",
    cols: columns,
    rows,
    cwd: folder,
    env: { ...environment(simulator), ...env }
  })
  let isOver = false
  const signalAll = (signal: NodeJS.Signals) => {
    // The supervisor leads the process group.
    if (!isOver) process.kill(-pty.pid, signal)
  }
  yield* Effect.addFinalizer(() => Effect.sync(() => signalAll("SIGKILL")))
  let exitCode: number | undefined
  let sent = ""
  const output = makeNotifier()
  const end = (code: number) =>
    screen.write("", () => {
      exitCode ??= code
      output.notify()
    })
  pty.onData((text) => {
    sent += text
    const report = exitReport.exec(sent)
    screen.write(text, output.notify)
    if (report === null) return
    sent = sent.slice(0, report.index)
    end(Number(report[1]))
    signalAll("SIGKILL")
    isOver = true
  })
  pty.onExit(({ exitCode, signal }) => {
    isOver = true
    end(signal ? 128 + signal : exitCode)
  })

  return {
    screen,
    sent: () => sent,
    until: (holds) =>
      output.waitFor(() => {
        if (holds(screen.lines())) return Effect.void
        return exitCode === undefined
          ? undefined
          : Effect.die(new Error(`It ended before:\n${screen.lines().join("\n")}`))
      }),
    type: (keys) => Effect.sync(() => pty.write(keys)),
    resize: (columns, rows) =>
      Effect.sync(() => {
        screen.resize(columns, rows)
        pty.resize(columns, rows)
      }),
    kill: (signal) => Effect.sync(() => signalAll(signal)),
    ended: output.waitFor(() =>
      exitCode === undefined
        ? undefined
        : Effect.succeed({
            code: exitCode,
            sent,
            piped: piped === undefined ? "" : readFileSync(pipe, "utf8"),
            screen
          })
    )
  }
})

/** Runs the program on a terminal to its end. */
export const runOnTerminal = (
  args: ReadonlyArray<string>,
  given?: PtyGiven
): Effect.Effect<PtyOutcome, never, Simulator> =>
  Effect.scoped(Effect.flatMap(startOnTerminal(args, given), ({ ended }) => ended))

/**
 * Runs its arguments and reports their exit code on the terminal, where it comes after the last byte of theirs: the library that holds the
 * pseudo-terminal drops what it has not read 200 ms after the exit. It is then killed.
 */
const supervisor = `trap : HUP INT QUIT TERM TSTP; "$0" "$@"; printf '\\033]777;exit=%d\\007' "$?"; exec sleep 60`

// biome-ignore lint/suspicious/noControlCharactersInRegex: the report is an escape sequence, which no screen shows
const exitReport = /\u001b\]777;exit=(\d+)\u0007/

/** Shell scripts that run their arguments with one stream going into a pipe, whose end is kept in a file. */
const into = {
  stdout: (file: string) => `"$0" "$@" | cat > '${file}'; exit "\${PIPESTATUS[0]}"`,
  stderr: (file: string) => `{ "$0" "$@" 2>&1 >&3 | cat > '${file}'; exit "\${PIPESTATUS[0]}"; } 3>&1`
}
