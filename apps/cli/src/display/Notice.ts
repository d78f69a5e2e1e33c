/**
 * A line on a terminal that says what is going on, until there is something better to see.
 *
 * @module
 */
import { Clock, Effect, Schedule, type Scope } from "effect"
import { durationText } from "../text/DurationText.ts"
import { Streams } from "./Streams.ts"

/** A line that is shown again and again. */
export interface Notice {
  /** Takes the line away, before anything else is written. */
  readonly clear: Effect.Effect<void>
}

/** Shows what the text says, and for how long if it takes long, as long as the scope is open; nothing where lines cannot be written over. */
export const notice = Effect.fnUntraced(function* (
  text: () => string
): Effect.fn.Return<Notice, never, Scope.Scope | Streams> {
  const { stderr } = yield* Streams
  if (!stderr.canRedraw) return unseen
  const startedAt = yield* Clock.currentTimeMillis
  let isShown = false
  const show = Effect.map(Clock.currentTimeMillis, (now) => {
    isShown = true
    const elapsed = now - startedAt
    const line = elapsed < long ? text() : `${text()}; ${durationText(elapsed)} so far`
    stderr.send(`\r${line.slice(0, stderr.size().columns - 1)}${eraseToEnd}`)
  })
  const clear = Effect.sync(() => {
    if (isShown) stderr.send(`\r${eraseToEnd}`)
    isShown = false
  })
  yield* Effect.addFinalizer(() => clear)
  yield* Effect.forkScoped(Effect.delay(Effect.repeat(show, Schedule.spaced("200 millis")), patience))
  return { clear }
})

/** The notice where none can be shown. */
export const unseen: Notice = { clear: Effect.void }

const eraseToEnd = "\u001b[K"

/** Milliseconds after which one wonders whether anything goes on. */
const long = 3000

/** What comes sooner needs no notice. */
const patience = "50 millis"
