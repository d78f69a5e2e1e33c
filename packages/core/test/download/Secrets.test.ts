import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { fixture, secret } from "../support/Fixture.ts"
import { Network } from "../support/Network.ts"
import { download, jobWith, listening } from "./support/Downloads.ts"

const everything = { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }

describe("neither the token nor the query of the link is shown", () => {
  it.effect("D1 when the runtime's words for a lost connection hold both", () =>
    Effect.gen(function* () {
      const network = yield* Network
      const fetch: typeof globalThis.fetch = (input, init) => {
        const url = input instanceof Request ? input.url : String(input)
        if (!url.includes("/results/")) return network.fetch(input, init)
        expect(url).toContain("sig=")
        const words = `error sending request for url (${url}), ttd-auth: ${secret}`
        return Promise.reject(new TypeError(words, { cause: Object.assign(new Error(words), { url }) }))
      }
      const { events, onProgress } = listening("Interrupted")
      const ref = yield* jobWith({ size: 100, origin: "api" })
      const error = yield* Effect.flip(download(ref, { maxRetryTime: "2 seconds", onProgress }, { fetch }))
      expect(error).toMatchObject({ _tag: "DownloadError", reason: "interrupted" })
      const shown = inspect([error, events], everything) + JSON.stringify([error, events])
      expect(shown).toContain("error sending request")
      expect(shown).not.toContain("sig=")
      expect(shown).not.toContain(secret)
    }).pipe(Effect.provide(fixture()))
  )
})
