/**
 * Progress without a terminal: one line per change, and one a minute to say that it lives.
 *
 * @module
 */
import { isTerminal } from "@ttd-jobs/core"
import { Clock, Effect, Result, type Scope } from "effect"
import { cleanLine } from "./CleanText.ts"
import type { Display, DisplayOptions } from "./Display.ts"
import { durationText } from "./DurationText.ts"
import { snapshotLine } from "./SnapshotLine.ts"
import { Streams } from "./Streams.ts"
import { eventWarning } from "./WarningText.ts"

/** Lines: what a job came to on standard output, all else on standard error, unless changes are what was asked for. */
export const lineDisplay = Effect.fnUntraced(function* (
  options: DisplayOptions
): Effect.fn.Return<Display, never, Scope.Scope | Streams> {
  const { stderr, stdout } = yield* Streams
  const { changesAreResults, json, progress, quiet, refs, report } = options
  const startedAt = yield* Clock.currentTimeMillis
  const open = new Set(refs.map(String))
  const troubles = new Map<string, string>()
  const tell = (line: string) => (quiet ? Effect.void : Effect.ignore(stderr.write(`${line}\n`)))

  const alive = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    tell(`still waiting for ${open.size} of ${refs.length} jobs after ${durationText(now - startedAt)}`)
  )
  if (progress !== "none") yield* Effect.forkScoped(Effect.forever(Effect.delay(alive, "1 minute")))

  return {
    take: Effect.fnUntraced(function* (event) {
      if (event._tag === "Ended") {
        open.delete(event.ref)
        return Result.isFailure(event.outcome) ? yield* report(event.outcome.failure) : undefined
      }
      if (event._tag === "Changed") {
        const { snapshot } = event
        troubles.delete(event.ref)
        const isResult = changesAreResults || isTerminal(snapshot.phase)
        if (json || quiet || (progress === "none" && !isTerminal(snapshot.phase))) return
        const line = snapshotLine(snapshot, yield* Clock.currentTimeMillis)
        return yield* isResult ? stdout.write(`${line}\n`) : tell(line)
      }
      const warning = eventWarning(event)
      // What keeps failing in the same way is told once.
      if (event._tag === "PollFailed" && troubles.get(event.ref) === warning) return
      if (event._tag === "PollFailed") troubles.set(event.ref, warning)
      yield* tell(cleanLine(warning))
    }),
    end: Effect.void
  }
})
