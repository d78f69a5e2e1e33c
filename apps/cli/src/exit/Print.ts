/**
 * Prints a text on standard output without loading anything else, for help and version.
 *
 * @module
 */
import { writerOf } from "../display/StreamWriter.ts"

/** Prints and sets the exit code: 141 for a closed pipe, 1 for any other write error, which is reported. */
export const print = (text: string): void => {
  // Without a listener the event would end the process; the callback reports the error.
  process.stdout.on("error", () => {})
  writerOf(process.stdout)(text, (error) => {
    if (error) void fail(error)
  })
}

const fail = async (error: Error) => {
  const { OutputError } = await import("../display/Streams.ts")
  const failure = OutputError.of(error)
  process.exitCode = failure.isClosedPipe ? 141 : 1
  if (failure.isClosedPipe) return
  process.stderr.on("error", () => {})
  process.stderr.write(`error: ${failure.message}\n  ${failure.advice}\n`)
}
