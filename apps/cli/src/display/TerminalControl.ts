/**
 * Control of a terminal while lines are redrawn: the cursor is hidden and keys are not echoed, until the process ends or is suspended.
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { Effect, type Scope } from "effect"
import type { Stream } from "./Streams.ts"

/** What the owner of the lines contributes. */
export interface TerminalOwner {
  /** The process is suspended, or was: what stands on the screen stays there, and is no longer ours. */
  readonly onSuspend: () => void
  /** The text that erases the lines, for the end. */
  readonly erase: () => string
}

const hideCursor = "\u001b[?25l"
const showCursor = "\u001b[?25h"

/** Takes control until the scope closes. */
export const terminalControl = Effect.fnUntraced(function* (
  stream: Stream,
  { erase, onSuspend }: TerminalOwner
): Effect.fn.Return<void, never, Scope.Scope> {
  const echo = makeEcho(stream)
  const giveBack = () => {
    stream.send(showCursor)
    echo.restore()
  }
  const suspend = () => {
    giveBack()
    onSuspend()
    // Without a listener the signal does what it does by default, and the shell sees a process that it suspended.
    process.off("SIGTSTP", suspend)
    process.kill(process.pid, "SIGTSTP")
  }
  const resume = () => {
    // It may have been suspended by a signal that cannot be handled.
    onSuspend()
    process.off("SIGTSTP", suspend).on("SIGTSTP", suspend)
    stream.send(hideCursor)
    echo.disable()
  }
  yield* Effect.acquireRelease(
    Effect.suspend(() => {
      // A forced exit runs no finalizer, but it does run this.
      process.once("exit", giveBack).on("SIGTSTP", suspend).on("SIGCONT", resume)
      return Effect.ignore(stream.write(hideCursor))
    }),
    () =>
      Effect.suspend(() => {
        process.off("exit", giveBack).off("SIGTSTP", suspend).off("SIGCONT", resume)
        echo.restore()
        return Effect.ignore(stream.write(`${erase()}${showCursor}`))
      })
  )
  // What ends sooner needs no more than the cursor, and the first lines are seen earlier.
  yield* Effect.forkScoped(Effect.delay(Effect.sync(echo.disable), "100 millis"))
})

/**
 * The echo of keys, which would move the lines under the cursor. It is switched off in the terminal's driver, so that signals of the keyboard
 * work as ever, and what is typed ahead is left to the shell.
 */
const makeEcho = ({ terminal }: Stream) => {
  let saved: string | undefined
  const stty = (script: string) =>
    spawnSync("sh", ["-c", script], {
      stdio: [terminal ?? "ignore", "pipe", "ignore"],
      encoding: "utf8"
    }).stdout?.trim()
  return {
    disable: () => {
      if (saved !== undefined || terminal === undefined || !isInForeground()) return
      saved = stty("stty -g && stty -echo") || undefined
    },
    restore: () => {
      const settings = saved
      saved = undefined
      if (settings !== undefined && isInForeground()) stty(`stty ${settings}`)
    }
  }
}

/** Whether this process may change the terminal's settings: in the background that would stop it (SIGTTOU). */
const isInForeground = (): boolean => {
  if (process.platform === "win32") return false
  const [group, foreground] = processGroups()
  return group !== undefined && group === foreground
}

/** The process group, and the one in the foreground of its terminal. */
const processGroups = (): ReadonlyArray<string> => {
  try {
    // After the program's name, in parentheses: state, parent, group, session, terminal, foreground group (proc_pid_stat(5)).
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? []
    return [fields[2] ?? "", fields[5] ?? ""]
  } catch {
    const { stdout } = spawnSync("ps", ["-o", "pgid=,tpgid=", "-p", String(process.pid)], { encoding: "utf8" })
    return stdout?.trim().split(/\s+/) ?? []
  }
}
