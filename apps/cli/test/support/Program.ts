/**
 * The program as a process: pipes for its streams, the simulator for its API, and none of our own environment.
 *
 * @module
 */
import { spawn } from "node:child_process"
import { constants } from "node:os"
import { Simulator } from "@ttd-jobs/simulator"
import { Effect, type Scope } from "effect"
import { inject } from "vitest"
import { makeNotifier } from "./Notifier.ts"

/** What a program is given. */
export interface Given {
  /** Beside what every program gets; undefined takes away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** All of standard input; without it, it stays open and empty. */
  readonly stdin?: string
  /** A stream that nobody reads. */
  readonly unread?: Written["stream"]
  readonly cwd?: string
}

/** Something that was written, in its order. */
export interface Written {
  readonly stream: "stdout" | "stderr"
  readonly text: string
}

/** What a program came to. */
export interface Outcome {
  /** The exit code, as shells show it: 128 and its number for a signal. */
  readonly code: number
  /** The signal that the program died of. */
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly written: ReadonlyArray<Written>
}

/** A program that runs. */
export interface Running {
  readonly stdout: () => string
  readonly stderr: () => string
  /** Waits until this holds. Dies when the program ends before. */
  readonly until: (holds: (running: Running) => boolean) => Effect.Effect<void>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
  /** Stops to read what it writes on standard output. */
  readonly closeStdout: Effect.Effect<void>
  readonly ended: Effect.Effect<Outcome>
}

/** The environment of every program: the simulator's address and token, and what Node needs. */
export const environment = ({ token, url }: Simulator["Service"]): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: inject("home"),
  TERM: "xterm-256color",
  WORKFLOWS_SERVER: url,
  WORKFLOWS_TTD_AUTH: token
})

/** Starts the program; it is killed when the scope closes. */
export const start = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  given: Given = {}
): Effect.fn.Return<Running, never, Scope.Scope | Simulator> {
  return yield* startWords([...inject("program"), ...args], given)
})

/** Starts any command line with the program's environment. */
export const startWords = Effect.fnUntraced(function* (
  [file = "", ...args]: ReadonlyArray<string>,
  { cwd, env, stdin, unread }: Given
): Effect.fn.Return<Running, never, Scope.Scope | Simulator> {
  const simulator = yield* Simulator
  const child = spawn(file, args, { cwd, env: { ...environment(simulator), ...env }, stdio: "pipe" })
  yield* Effect.addFinalizer(() => Effect.sync(() => child.kill("SIGKILL")))
  // A program that does not read its input closes it.
  child.stdin.on("error", () => {})
  if (stdin !== undefined) child.stdin.end(stdin)

  const written: Array<Written> = []
  const textOf = (stream: Written["stream"]) =>
    written.reduce((text, part) => (part.stream === stream ? text + part.text : text), "")
  const output = makeNotifier()
  if (unread !== undefined) child.on("exit", () => child[unread].destroy())
  for (const stream of ["stdout", "stderr"] as const) {
    if (stream === unread) continue
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      written.push({ stream, text })
      output.notify()
    })
  }
  let outcome: Outcome | undefined
  child.on("close", (exitCode, signal) => {
    const code = exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal])
    outcome = { code, signal, stdout: textOf("stdout"), stderr: textOf("stderr"), written }
    output.notify()
  })

  const running: Running = {
    stdout: () => textOf("stdout"),
    stderr: () => textOf("stderr"),
    until: (holds) =>
      output.waitFor(() => {
        if (holds(running)) return Effect.void
        return outcome && Effect.die(new Error(`It ended before: ${JSON.stringify(outcome, null, 2)}`))
      }),
    kill: (signal) => Effect.sync(() => child.kill(signal)),
    closeStdout: Effect.sync(() => child.stdout.destroy()),
    ended: output.waitFor(() => outcome && Effect.succeed(outcome))
  }
  return running
})

/** Runs the program to its end. */
export const run = (args: ReadonlyArray<string>, given?: Given): Effect.Effect<Outcome, never, Simulator> =>
  Effect.scoped(Effect.flatMap(start(args, given), ({ ended }) => ended))
