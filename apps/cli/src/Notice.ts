/**
 * A line on a terminal that says what is going on, until there is something better to see.
 *
 * @module
 */
import { Effect, Schedule, type Scope } from "effect"
import { Streams } from "./Streams.ts"

/**
 * Shows what the text says, again and again, as long as the scope is open; nothing where lines cannot be written over. The effect
 * it gives takes the line away, which everybody must do who writes to the terminal.
 */
export const notice = Effect.fnUntraced(function* (
  text: () => string
): Effect.fn.Return<Effect.Effect<void>, never, Scope.Scope | Streams> {
  const { stderr } = yield* Streams
  if (!stderr.canRedraw) return Effect.void
  let isShown = false
  const show = Effect.sync(() => {
    isShown = true
    stderr.send(`\r${text().slice(0, stderr.size().columns - 1)}${eraseToEnd}`)
  })
  const clear = Effect.sync(() => {
    if (isShown) stderr.send(`\r${eraseToEnd}`)
    isShown = false
  })
  yield* Effect.addFinalizer(() => clear)
  yield* Effect.forkScoped(Effect.delay(Effect.repeat(show, Schedule.spaced("200 millis")), patience))
  return clear
})

const eraseToEnd = "\u001b[K"

/** What comes sooner needs no notice. */
const patience = "50 millis"
