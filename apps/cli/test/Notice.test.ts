import { expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { notice } from "../src/display/Notice.ts"
import { type Stream, Streams } from "../src/display/Streams.ts"

it.effect("C12 a notice is there at once, tells how long it has been when that is long, and goes without a trace", () =>
  Effect.gen(function* () {
    const sent: Array<string> = []
    const stream: Stream = {
      isTerminal: true,
      hasColor: false,
      canRedraw: true,
      size: () => ({ columns: 40, rows: 24 }),
      write: () => Effect.void,
      send: (text) => void sent.push(text)
    }
    const shown = () => sent.at(-1)
    yield* Effect.gen(function* () {
      yield* notice(() => "asking for standard:412651")
      yield* TestClock.adjust("100 millis")
      expect(shown()).toBe("\rasking for standard:412651\u001b[K")
      yield* TestClock.adjust("12 seconds")
      expect(shown()).toBe("\rasking for standard:412651; 12 s so far\u001b[K")
      yield* TestClock.adjust("10 minutes")
      // One column is left, so that no terminal wraps the line.
      expect(shown()).toBe("\rasking for standard:412651; 10 min so f\u001b[K")
    }).pipe(Effect.scoped, Effect.provide(Layer.succeed(Streams, { stdout: stream, stderr: stream })))
    expect(shown()).toBe("\r\u001b[K")
  })
)
