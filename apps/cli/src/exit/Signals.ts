/**
 * Signals that end the process: SIGINT, SIGTERM, SIGHUP and SIGQUIT. After cleaning up the process dies of the signal itself, which
 * is how a shell loop or script learns that it is to stop as well.
 *
 * @module
 */
import { isatty } from "node:tty"

const codes = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const

/** A signal that ends the process. */
export type EndingSignal = keyof typeof codes

const signals: ReadonlyArray<EndingSignal> = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"]

/** Calls `clean` at the first signal and dies of the second. Returns the signal that was received, if any. */
export const onSignals = (clean: () => void): (() => EndingSignal | undefined) => {
  let received: EndingSignal | undefined
  for (const signal of signals) {
    process.on(signal, () => {
      if (signal === "SIGHUP" && isDetached()) return
      if (received !== undefined) return dieOf(received)
      received = signal
      clean()
    })
  }
  return () => received
}

/** `nohup` has the signal ignored, but Node resets what it inherits. Without a terminal there is nobody who could hang up. */
const isDetached = () => ![0, 1, 2].some((fd) => isatty(fd))

/** Ends the process by a signal; with the exit code that shells show for it where a process cannot die of a signal. */
export const dieOf = (signal: EndingSignal): void => {
  const code = codes[signal]
  // The first process of a container is not killed by signals without a handler, and Windows has none.
  if (process.pid === 1 || process.platform === "win32") process.exit(code)
  for (const each of signals) process.removeAllListeners(each)
  // Dying of a signal runs no exit listeners; they give the terminal back when a second signal cuts the cleaning up short.
  process.emit("exit", code)
  process.kill(process.pid, signal)
  // A signal may be blocked by whoever started the process.
  setTimeout(() => process.exit(code), 500)
}
