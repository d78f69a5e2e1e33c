import { assert, describe, layer } from "@effect/vitest"
import { JobKind } from "@ttd-jobs/core"
import { ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import * as fc from "fast-check"
import { fixture } from "../support/Fixture.ts"
import { download, fileRequests, listening } from "./support/Downloads.ts"

const inline = Effect.fnUntraced(function* (text: string, kind: JobKind = "standard") {
  const { addJob } = yield* Simulator
  return yield* addJob({ kind, duration: 0, result: ResultScript.inline(text) })
})

const text = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)

describe("D9 the inline result", () => {
  layer(fixture())((it) => {
    it.effect.each(JobKind.literals)("D9 comes through the same door for a %s job, without a second request", (kind) =>
      Effect.gen(function* () {
        const ref = yield* inline("date,spend\n2026-11-23,4,2\n", kind)
        const { events, onProgress } = listening("Started", "Progress")
        assert.strictEqual(text(yield* download(ref, { onProgress })), "date,spend\n2026-11-23,4,2\n")
        assert.deepStrictEqual(
          events.map((event) => [event._tag, event.bytes]),
          [
            ["Started", 0],
            ["Progress", 26]
          ]
        )
        assert.lengthOf(yield* fileRequests, 0)
      })
    )

    it.effect("D9 is an empty file when the text is empty", () =>
      Effect.gen(function* () {
        assert.lengthOf(yield* download(yield* inline("")), 0)
      })
    )

    it.effect("D9 keeps every character, wherever its bytes are parted", () =>
      Effect.gen(function* () {
        const parts = fc.array(fc.constantFrom("a", "é", "€", "😀", "\n", "\uFEFF"), { minLength: 1, maxLength: 5 })
        for (const [part = ""] of fc.sample(parts, { numRuns: 12, seed: 7 }).map((chars) => [chars.join("")])) {
          for (const before of [65_534, 65_535, 65_536, 131_071]) {
            const long = `${"x".repeat(before)}${part}${"y".repeat(10)}`
            const ref = yield* inline(long)
            const bytes = yield* download(ref)
            assert.isTrue(Buffer.from(long).equals(bytes), `${JSON.stringify(part)} after ${before}`)
          }
        }
      })
    )

    it.effect("D9 is held to the limits", () =>
      Effect.gen(function* () {
        const ref = yield* inline("12345")
        assert.propertyVal(yield* Effect.flip(download(ref, { maxBytes: 4 })), "reason", "too-large")
        assert.lengthOf(yield* download(ref, { maxBytes: 5 }), 5)
      })
    )
  })
})
