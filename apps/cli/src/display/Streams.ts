/**
 * The process's streams, and what can be done with each: colours, redrawing, or plain text only.
 *
 * @module
 */
import { getSystemErrorMessage } from "node:util"
import { Context, Effect, Layer, Schema } from "effect"
import { type Capabilities, capabilitiesOf } from "./Capabilities.ts"
import { writerOf } from "./StreamWriter.ts"

/** Standard output cannot be written to. */
export class OutputError extends Schema.TaggedError<OutputError>()("OutputError", {
  /** The system's code, such as `ENOSPC`. */
  code: Schema.String,
  /** The system's words, such as `no space left on device`. */
  reason: Schema.String
}) {
  override get message(): string {
    return `cannot write to standard output: ${this.reason}`
  }
  get advice(): string {
    return this.code === "ENOSPC"
      ? "Free some space, or redirect standard output elsewhere."
      : "Check where standard output is redirected to."
  }
  /** Whether the reader closed the pipe, as `head` does: that needs no message. */
  get isClosedPipe(): boolean {
    return this.code === "EPIPE"
  }
  /** What the stream said. */
  static of(error: Error & { readonly code?: string; readonly errno?: number }): OutputError {
    const reason = error.errno === undefined ? error.message : getSystemErrorMessage(error.errno)
    // Windows reports a closed pipe as EOF.
    return new OutputError({ code: error.code === "EOF" ? "EPIPE" : (error.code ?? ""), reason })
  }
}

/** A stream to write to. */
export interface Stream extends Capabilities {
  /** Whether a person may be looking. */
  readonly isTerminal: boolean
  /** The descriptor of the terminal, for its settings; undefined where there is none. */
  readonly terminal: number | undefined
  /** Size in characters; what it was a moment ago after a resize. */
  readonly size: () => { readonly columns: number; readonly rows: number }
  /** Writes, and waits until it is out of our hands. */
  readonly write: (data: string | Uint8Array) => Effect.Effect<void, OutputError>
  /** Writes without waiting, for those who cannot wait. */
  readonly send: (text: string) => void
}

/** The width to wrap lines at; undefined where nobody sees them wrapped. */
export const wrapWidth = ({ isTerminal, size }: Stream): number | undefined => (isTerminal ? size().columns : undefined)

/** Standard output and standard error. */
export class Streams extends Context.Service<Streams, { readonly stdout: Stream; readonly stderr: Stream }>()(
  "@ttd-jobs/cli/Streams"
) {
  /** The process's own. */
  static readonly layer = (noColor: boolean): Layer.Layer<Streams> =>
    Layer.sync(Streams, () => {
      const stderr = streamOf(process.stderr, noColor)
      return {
        stdout: streamOf(process.stdout, noColor),
        // There is nowhere to report an error of standard error, and no command depends on it.
        stderr: { ...stderr, write: (data) => Effect.ignore(stderr.write(data)) }
      }
    })
}

const streamOf = (stream: NodeJS.WriteStream & { readonly fd: number }, noColor: boolean): Stream => {
  const isTerminal = stream.isTTY === true
  // After the first failed write the runtime reports only that the stream is closed.
  let failure: OutputError | undefined
  const fail = (error: Error) => {
    failure ??= OutputError.of(error)
    return failure
  }
  // Without a listener the event would end the process.
  stream.on("error", fail)
  const write = writerOf(stream)
  return {
    isTerminal,
    terminal: isTerminal ? stream.fd : undefined,
    ...capabilitiesOf({ isTerminal, noColor, env: process.env }),
    size: () => ({ columns: stream.columns || 80, rows: stream.rows || 24 }),
    write: (data) =>
      Effect.callback((resume) => {
        write(data, (error) => resume(error ? Effect.fail(fail(error)) : Effect.void))
      }),
    send: (text) => {
      stream.write(text)
    }
  }
}
