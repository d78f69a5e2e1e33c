/**
 * Progress without a terminal: one line per change, and one a minute as a heartbeat.
 *
 * @module
 */
import type { JobRef } from "@ttd-jobs/core"
import { Clock, Effect, type Scope } from "effect"
import { cleanLine } from "../text/CleanText.ts"
import { elapsedText } from "../text/Elapsed.ts"
import type { Display, DisplayOptions } from "./DisplayOptions.ts"
import { eventMessage } from "./EventMessage.ts"
import { makePollFailures } from "./PollFailures.ts"
import { snapshotLine } from "./SnapshotLine.ts"
import { Streams } from "./Streams.ts"

/** Lines: the outcome of each job on standard output, all else on standard error, unless changes are the result. */
export const lineDisplay = Effect.fnUntraced(function* (
  options: DisplayOptions
): Effect.fn.Return<Display, never, Scope.Scope | Streams> {
  const { stderr, stdout } = yield* Streams
  const { changesAreResults, json, progress, quiet, refs, report } = options
  const startedAt = yield* Clock.currentTimeMillis
  const open = new Set(refs.map(String))
  const failures = makePollFailures(options.isEndless)
  const log = (line: string) => (quiet ? Effect.void : Effect.ignore(stderr.write(`${line}\n`)))

  const heartbeat = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    open.size === 0
      ? Effect.void
      : log(`still waiting for ${waitedFor(refs, open.size)} after ${elapsedText(now - startedAt)}`)
  )
  if (progress !== "none") yield* Effect.forkScoped(Effect.forever(Effect.delay(heartbeat, "1 minute")))

  return {
    handle: Effect.fnUntraced(function* (event) {
      const now = yield* Clock.currentTimeMillis
      switch (event._tag) {
        case "Refused":
        case "TimedOut":
          open.delete(event.ref)
          return yield* report(event.error)
        case "Changed": {
          const { snapshot } = event
          failures.succeeded()
          if (snapshot.isTerminal) open.delete(event.ref)
          if (json || (progress === "none" && !snapshot.isTerminal)) return
          const line = snapshotLine(snapshot, now)
          return yield* changesAreResults || snapshot.isTerminal ? stdout.write(`${line}\n`) : log(line)
        }
        case "PollFailed": {
          const { advice, hint, isDue } = failures.failed(event, now)
          if (isDue) yield* log(eventMessage(event, now))
          if (advice !== undefined) yield* log(`  ${advice}`)
          return hint === undefined ? undefined : yield* log(hint)
        }
        case "ExpiresSoon":
          return options.isDownload ? undefined : yield* log(eventMessage(event, now))
        default:
          return yield* log(eventMessage(event, now))
      }
    }),
    finish: Effect.void
  }
})

/** `standard:412651` where that is the only job, else `3 of 8 jobs`. */
const waitedFor = (refs: ReadonlyArray<JobRef>, open: number): string =>
  refs.length === 1 ? cleanLine(String(refs[0])) : `${open} of ${refs.length} jobs`
