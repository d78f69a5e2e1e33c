/**
 * A transient line on a terminal that says what is in progress, erased before anything else is written.
 *
 * @module
 */
import { Clock, Effect, Schedule, type Scope } from "effect"
import { elapsedText } from "../text/Elapsed.ts"
import { Streams } from "./Streams.ts"

/** A line that is redrawn until it is cleared. */
export interface ActivityLine {
  /** Erases the line; it comes back at the next redraw. */
  readonly clear: Effect.Effect<void>
}

/** Shows the text, and the elapsed time once it is long, until the scope closes; nothing on a stream that cannot be redrawn. */
export const activityLine = Effect.fnUntraced(function* (
  text: () => string
): Effect.fn.Return<ActivityLine, never, Scope.Scope | Streams> {
  const { stderr } = yield* Streams
  if (!stderr.canRedraw) return noActivityLine
  const startedAt = yield* Clock.currentTimeMillis
  let isShown = false
  const show = Effect.map(Clock.currentTimeMillis, (now) => {
    isShown = true
    const elapsed = now - startedAt
    const line = elapsed < longAfter ? text() : `${text()}; ${elapsedText(elapsed)} so far`
    stderr.send(`\r${line.slice(0, stderr.size().columns - 1)}${eraseToEnd}`)
  })
  const clear = Effect.sync(() => {
    if (isShown) stderr.send(`\r${eraseToEnd}`)
    isShown = false
  })
  yield* Effect.addFinalizer(() => clear)
  yield* Effect.forkScoped(Effect.delay(Effect.repeat(show, Schedule.spaced("200 millis")), initialDelay))
  return { clear }
})

/** Shows nothing. */
export const noActivityLine: ActivityLine = { clear: Effect.void }

const eraseToEnd = "\u001b[K"

/** Milliseconds after which the elapsed time is shown. */
const longAfter = 3000

/** What ends sooner needs no line. */
const initialDelay = "50 millis"
