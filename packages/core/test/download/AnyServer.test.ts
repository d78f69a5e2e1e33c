import { assert, describe, layer } from "@effect/vitest"
import { DownloadError } from "@ttd-jobs/core"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { fixture } from "../support/Fixture.ts"
import { cutting } from "./support/Cutting.ts"
import { download } from "./support/Downloads.ts"

const source = Uint8Array.from({ length: 40 }, (_, index) => index)

/** One answer of a server that may send any part of the file, and tells the truth about it, or nothing that can be read. */
interface Answer {
  readonly kind: "whole" | "part" | "unnamed part" | "garbled part" | "416" | "503" | "403"
  readonly start: number
  readonly length: number
  readonly cut: number | undefined
  readonly tagged: boolean
  readonly sized: boolean
}

const answers = fc.array(
  fc.record<Answer>({
    kind: fc.constantFrom("whole", "part", "part", "part", "unnamed part", "garbled part", "416", "503", "403"),
    start: fc.nat(39),
    length: fc.integer({ min: 1, max: 40 }),
    cut: fc.option(fc.nat(40), { nil: undefined }),
    tagged: fc.boolean(),
    sized: fc.boolean()
  }),
  { minLength: 1, maxLength: 12 }
)

const whole: Answer = { kind: "whole", start: 0, length: 40, cut: undefined, tagged: true, sized: true }

const garbled = [
  "bytes 5-3/40",
  "bytes 0-39/10",
  "bytes */40",
  "items 0-39/40",
  "bytes 1-",
  "0-39/40",
  "bytes -1-39/40"
]

/** Gives the answers one after the other, and then the whole file, in place of the network. */
const serving = (script: ReadonlyArray<Answer>): typeof globalThis.fetch => {
  let asked = 0
  return async (input) => {
    if (!new URL(input instanceof Request ? input.url : String(input)).pathname.startsWith("/results/")) {
      const url = "https://storage.example/results/report.csv?sig=1"
      return Response.json({ id: 7, createdAtUtc: new Date(0).toISOString(), status: "Success", url })
    }
    return respond(script[asked++] ?? whole, asked)
  }
}

const respond = ({ kind, length, sized, start, tagged }: Answer, asked: number): Response => {
  if (kind === "416" || kind === "503" || kind === "403") return new Response("", { status: Number(kind) })
  const headers = new Headers(tagged || asked === 1 ? { etag: '"one"' } : {})
  const isWhole = kind === "whole"
  const end = isWhole ? source.length : Math.min(source.length, start + length)
  const bytes = isWhole ? source : source.slice(start, end)
  if (sized) headers.set("content-length", String(bytes.length))
  if (kind === "part") headers.set("content-range", `bytes ${start}-${end - 1}/${sized ? source.length : "*"}`)
  if (kind === "garbled part") headers.set("content-range", garbled[start % garbled.length] ?? "")
  return new Response(bytes, { status: isWhole ? 200 : 206, headers })
}

describe("D3 any server that tells the truth about what it sends", () => {
  layer(fixture())((it) => {
    it.effect("D3 brings the file's own bytes, or a typed error", () =>
      Effect.gen(function* () {
        const outcomes = { whole: 0, failed: 0 }
        for (const script of fc.sample(answers, { numRuns: 300, seed: 412_651 })) {
          const fetch = cutting(
            serving(script),
            script.map(({ cut }) => cut)
          )
          const outcome = yield* Effect.result(download("7", {}, { fetch }))
          if (Result.isSuccess(outcome)) {
            assert.deepStrictEqual(outcome.success, source, JSON.stringify(script))
            outcomes.whole++
          } else {
            assert.instanceOf(outcome.failure, DownloadError, JSON.stringify(script))
            outcomes.failed++
          }
        }
        assert.isAbove(outcomes.whole, 50)
        assert.isAbove(outcomes.failed, 50)
      })
    )
  })
})
