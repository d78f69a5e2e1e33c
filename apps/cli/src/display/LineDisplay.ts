/**
 * Progress without a terminal: one line per change, and one a minute to say that it lives.
 *
 * @module
 */
import { Clock, Effect, type Scope } from "effect"
import { cleanLine } from "../text/CleanText.ts"
import { durationText } from "../text/DurationText.ts"
import type { Display, DisplayOptions } from "./Display.ts"
import { snapshotLine } from "./SnapshotLine.ts"
import { Streams } from "./Streams.ts"
import { makeTroubles } from "./Troubles.ts"
import { eventWarning } from "./WarningText.ts"

/** Lines: what a job came to on standard output, all else on standard error, unless changes are what was asked for. */
export const lineDisplay = Effect.fnUntraced(function* (
  options: DisplayOptions
): Effect.fn.Return<Display, never, Scope.Scope | Streams> {
  const { stderr, stdout } = yield* Streams
  const { changesAreResults, json, progress, quiet, refs, report } = options
  const startedAt = yield* Clock.currentTimeMillis
  const open = new Set(refs.map(String))
  const troubles = makeTroubles(options.isEndless)
  const tell = (line: string) => (quiet ? Effect.void : Effect.ignore(stderr.write(`${line}\n`)))

  const alive = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    tell(`still waiting for ${open.size} of ${refs.length} jobs after ${durationText(now - startedAt)}`)
  )
  if (progress !== "none") yield* Effect.forkScoped(Effect.forever(Effect.delay(alive, "1 minute")))

  return {
    take: Effect.fnUntraced(function* (event) {
      const now = yield* Clock.currentTimeMillis
      switch (event._tag) {
        case "Refused":
        case "TimedOut":
          open.delete(event.ref)
          return yield* report(event.error)
        case "Changed": {
          const { snapshot } = event
          troubles.answered()
          if (snapshot.isTerminal) open.delete(event.ref)
          if (json || quiet || (progress === "none" && !snapshot.isTerminal)) return
          const line = snapshotLine(snapshot, now)
          return yield* changesAreResults || snapshot.isTerminal ? stdout.write(`${line}\n`) : tell(line)
        }
        case "PollFailed": {
          const { hint, isNews } = troubles.met(event, now)
          if (isNews) yield* tell(cleanLine(eventWarning(event)))
          return hint === undefined ? undefined : yield* tell(hint)
        }
        default:
          return yield* tell(cleanLine(eventWarning(event)))
      }
    }),
    end: Effect.void
  }
})
