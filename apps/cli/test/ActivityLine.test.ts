import { expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { activityLine } from "../src/display/ActivityLine.ts"
import { Streams } from "../src/display/Streams.ts"
import { recordedStream } from "./support/RecordedStream.ts"

it.effect(
  "C12 the activity line appears at once, shows the elapsed time once it is long, and is erased at the end",
  () =>
    Effect.gen(function* () {
      const { stream, written } = recordedStream({
        isTerminal: true,
        canRedraw: true,
        size: () => ({ columns: 40, rows: 24 })
      })
      const shown = () => written.at(-1)
      yield* Effect.gen(function* () {
        yield* activityLine(() => "requesting standard:412651")
        yield* TestClock.adjust("100 millis")
        expect(shown()).toBe("\rrequesting standard:412651\u001b[K")
        yield* TestClock.adjust("12 seconds")
        expect(shown()).toBe("\rrequesting standard:412651; 12 s so far\u001b[K")
        yield* TestClock.adjust("10 minutes")
        // One column is left, so that no terminal wraps the line.
        expect(shown()).toBe("\rrequesting standard:412651; 10 min so f\u001b[K")
      }).pipe(Effect.scoped, Effect.provide(Layer.succeed(Streams, { stdout: stream, stderr: stream })))
      expect(shown()).toBe("\r\u001b[K")
    })
)
