import { assert, describe, layer } from "@effect/vitest"
import { DownloadError } from "@ttd-jobs/core"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import * as FetchTransport from "../../src/download/FetchTransport.ts"
import { fixture } from "../support/Fixture.ts"
import { cutting } from "./support/Cutting.ts"
import { download } from "./support/Downloads.ts"

const source = Uint8Array.from({ length: 40 }, (_, index) => index)

/** A response of a server that may send any part of the file, described truthfully or in a way that cannot be read. */
interface ScriptedResponse {
  readonly kind: "whole" | "part" | "unnamed part" | "garbled part" | "416" | "503" | "403"
  readonly start: number
  readonly length: number
  readonly cut: number | undefined
  readonly tagged: boolean
  readonly sized: boolean
}

const responses = fc.array(
  fc.record<ScriptedResponse>({
    kind: fc.constantFrom("whole", "part", "part", "part", "unnamed part", "garbled part", "416", "503", "403"),
    start: fc.nat(39),
    length: fc.integer({ min: 1, max: 40 }),
    cut: fc.option(fc.nat(40), { nil: undefined }),
    tagged: fc.boolean(),
    sized: fc.boolean()
  }),
  { minLength: 1, maxLength: 12 }
)

const whole: ScriptedResponse = { kind: "whole", start: 0, length: 40, cut: undefined, tagged: true, sized: true }

const garbled = [
  "bytes 5-3/40",
  "bytes 0-39/10",
  "bytes */40",
  "items 0-39/40",
  "bytes 1-",
  "0-39/40",
  "bytes -1-39/40"
]

/** Sends the responses one after the other, and then the whole file. */
const serving = (script: ReadonlyArray<ScriptedResponse>): typeof globalThis.fetch => {
  let requests = 0
  return async (input) => {
    if (!new URL(input instanceof Request ? input.url : String(input)).pathname.startsWith("/results/")) {
      const url = "https://storage.example/results/report.csv?sig=1"
      return Response.json({ id: 7, createdAtUtc: new Date(0).toISOString(), status: "Success", url })
    }
    return respond(script[requests++] ?? whole, requests)
  }
}

const respond = ({ kind, length, sized, start, tagged }: ScriptedResponse, requests: number): Response => {
  if (kind === "416" || kind === "503" || kind === "403") return new Response("", { status: Number(kind) })
  const headers = new Headers(tagged || requests === 1 ? { etag: '"one"' } : {})
  const isWhole = kind === "whole"
  const end = isWhole ? source.length : Math.min(source.length, start + length)
  const bytes = isWhole ? source : source.slice(start, end)
  if (sized) headers.set("content-length", String(bytes.length))
  if (kind === "part") headers.set("content-range", `bytes ${start}-${end - 1}/${sized ? source.length : "*"}`)
  if (kind === "garbled part") headers.set("content-range", garbled[start % garbled.length] ?? "")
  return new Response(bytes, { status: isWhole ? 200 : 206, headers })
}

describe("D3 any server that describes truthfully what it sends", () => {
  layer(fixture())((it) => {
    it.effect("D3 brings the file's bytes, or a typed error", () =>
      Effect.gen(function* () {
        const outcomes = { whole: 0, failed: 0 }
        for (const script of fc.sample(responses, { numRuns: 300, seed: 412_651 })) {
          const fetch = serving(script)
          const cuts = script.map(({ cut }) => cut)
          const transport = cutting(FetchTransport.make(fetch), cuts)
          const outcome = yield* Effect.result(download("7", {}, { fetch, transport }))
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
