/**
 * The process's streams, and what can be done with each: colours, redrawing, or plain text only.
 *
 * @module
 */
import { Context, Effect, Layer, Schema } from "effect"

/** Nobody reads any more: the other end of the pipe was closed. */
export class ClosedPipeError extends Schema.TaggedError<ClosedPipeError>()("ClosedPipeError", {}) {}

/** A stream to write to. */
export interface Stream {
  /** Whether a person may be looking. */
  readonly isTerminal: boolean
  /** Whether colours are wanted. */
  readonly hasColor: boolean
  /** Whether lines that were written can be written over. */
  readonly canRedraw: boolean
  /** Size in characters; what it was a moment ago after a resize. */
  readonly size: () => { readonly columns: number; readonly rows: number }
  /** Writes, and waits until it is out of our hands. */
  readonly write: (data: string | Uint8Array) => Effect.Effect<void, ClosedPipeError>
  /** Writes without waiting, for those who cannot wait. */
  readonly send: (text: string) => void
}

/** What decides about colours and redrawing. */
export interface Circumstances {
  readonly isTerminal: boolean
  readonly noColor: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Standard output and standard error. */
export class Streams extends Context.Service<Streams, { readonly stdout: Stream; readonly stderr: Stream }>()(
  "@ttd-jobs/cli/Streams"
) {
  /** The process's own. */
  static readonly layer = (noColor: boolean): Layer.Layer<Streams> =>
    Layer.succeed(Streams, { stdout: streamOf(process.stdout, noColor), stderr: streamOf(process.stderr, noColor) })
}

/**
 * What a stream can show. `NO_COLOR` (or `--no-color`) and `TERM=dumb` rule everything out, `CI` and pipes too unless
 * `FORCE_COLOR` asks for colours; nothing but a terminal is ever redrawn.
 */
export const capabilitiesOf = ({
  env,
  isTerminal,
  noColor
}: Circumstances): { readonly hasColor: boolean; readonly canRedraw: boolean } => {
  if (noColor || isSet(env["NO_COLOR"]) || env["TERM"] === "dumb") return { hasColor: false, canRedraw: false }
  const canRedraw = isTerminal && !isOn(env["CI"])
  return { hasColor: canRedraw || isOn(env["FORCE_COLOR"]), canRedraw }
}

const isSet = (value: string | undefined) => value !== undefined && value !== ""
const isOn = (value: string | undefined) => isSet(value) && value !== "0" && value !== "false"

const streamOf = (stream: NodeJS.WriteStream, noColor: boolean): Stream => {
  const isTerminal = stream.isTTY === true
  // A write's own callback tells; without a listener the event would end the process.
  stream.on("error", () => {})
  return {
    isTerminal,
    ...capabilitiesOf({ isTerminal, noColor, env: process.env }),
    size: () => ({ columns: stream.columns || 80, rows: stream.rows || 24 }),
    write: (data) =>
      Effect.callback((resume) => {
        stream.write(data, (error) => resume(error ? Effect.fail(new ClosedPipeError()) : Effect.void))
      }),
    send: (text) => {
      stream.write(text)
    }
  }
}
