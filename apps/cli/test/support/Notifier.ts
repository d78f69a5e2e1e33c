/**
 * Waits for a condition that is checked again at each notification.
 *
 * @module
 */
import { Effect } from "effect"

/** A source of notifications. */
export interface Notifier {
  /** Checks the conditions of everybody who waits. */
  readonly notify: () => void
  /** Checks now and at every notification, until the check returns an effect to continue with. */
  readonly waitFor: <A>(check: () => Effect.Effect<A> | undefined) => Effect.Effect<A>
}

/** A notifier without listeners. */
export const makeNotifier = (): Notifier => {
  const listeners = new Set<() => void>()
  return {
    notify: () => {
      for (const listen of listeners) listen()
    },
    waitFor: (check) =>
      Effect.callback((resume) => {
        const listen = () => {
          const found = check()
          if (found === undefined) return
          listeners.delete(listen)
          resume(found)
        }
        listeners.add(listen)
        listen()
        return Effect.sync(() => listeners.delete(listen))
      })
  }
}
