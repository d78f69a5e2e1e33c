/**
 * Waiting for something to become true that others report news of.
 *
 * @module
 */
import { Effect } from "effect"

/** Something that changes. */
export interface News {
  /** Tells everybody who waits that something changed. */
  readonly tell: () => void
  /** Looks now and at every change, until there is something to go on with. */
  readonly when: <A>(look: () => Effect.Effect<A> | undefined) => Effect.Effect<A>
}

/** News of one thing. */
export const makeNews = (): News => {
  const listeners = new Set<() => void>()
  return {
    tell: () => {
      for (const listen of listeners) listen()
    },
    when: (look) =>
      Effect.callback((resume) => {
        const listen = () => {
          const found = look()
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
