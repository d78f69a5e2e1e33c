import { assert, describe, layer } from "@effect/vitest"
import { DownloadError } from "@ttd-jobs/core"
import { Simulator } from "@ttd-jobs/simulator"
import { Cause, Effect, Exit, Option } from "effect"
import { fixture } from "../support/Fixture.ts"
import { Network } from "../support/Network.ts"
import { behaviours, size } from "./support/Behaviours.ts"
import { cutting } from "./support/Cutting.ts"
import { download, jobWith } from "./support/Downloads.ts"

describe("D3 a transfer cut at every byte", () => {
  layer(fixture())((it) => {
    it.effect.each(behaviours)("D3 ends as it must against $name", (behaviour) =>
      Effect.gen(function* () {
        const { resultFile, addFaults } = yield* Simulator
        const { transport } = yield* Network
        for (let cut = 0; cut <= size; cut++) {
          const ref = yield* jobWith({ size, seed: "cut", ...behaviour.file })
          const source = (yield* resultFile(ref)).bytes()
          const { fault, times = 1 } = behaviour
          if (fault !== undefined) yield* addFaults({ fault, times, skip: 1, on: { file: ref } })
          const exit = yield* Effect.exit(download(ref, {}, { transport: cutting(transport, [cut]) }))
          if (cut > 0 && cut < size) assert.strictEqual(outcomeOf(exit), behaviour.ends, `after a cut at ${cut}`)
          // Before the first byte was delivered, another file is as good as the one that was seen first.
          if (Exit.isSuccess(exit) && !(cut === 0 && behaviour.ends === "changed")) {
            assert.deepStrictEqual(exit.value, source, `after a cut at ${cut}`)
          }
        }
      })
    )
  })
})

const outcomeOf = (exit: Exit.Exit<unknown, unknown>) => {
  if (Exit.isSuccess(exit)) return "whole"
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  return error instanceof DownloadError ? error.reason : error
}
