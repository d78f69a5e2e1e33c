/**
 * A stream that records what it is sent, without a process.
 *
 * @module
 */
import { Effect } from "effect"
import type { Stream } from "../../src/display/Streams.ts"

/** A stream, and everything that was written to it so far. */
export interface RecordedStream {
  readonly stream: Stream
  readonly written: Array<string>
}

/** A pipe, or what is made of it. */
export const recordedStream = (capabilities: Partial<Stream> = {}): RecordedStream => {
  const written: Array<string> = []
  return {
    written,
    stream: {
      isTerminal: false,
      terminal: undefined,
      hasColor: false,
      canRedraw: false,
      hasUnicode: true,
      size: () => ({ columns: 80, rows: 24 }),
      write: (text) => Effect.sync(() => void written.push(String(text))),
      send: (text) => void written.push(text),
      ...capabilities
    }
  }
}
