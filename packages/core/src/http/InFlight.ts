/**
 * Shares one running effect among the callers that want the same at the same time.
 *
 * @module
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

interface Run<A, E> {
  readonly fiber: Fiber.Fiber<A, E>
  callers: number
}

/** Effects in flight, by key. */
export class InFlight<A, E> {
  readonly #runs = new Map<string, Run<A, E>>()

  /**
   * Joins the run of this key, or starts it, with the services of the caller that came first. A caller that is interrupted leaves the
   * others alone; the last one to leave interrupts the run.
   */
  run(key: string, effect: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.contextWith((context: Context.Context<never>) =>
      Effect.callback<A, E>((resume) => {
        const run = this.#runs.get(key) ?? this.#start(key, effect, context)
        run.callers += 1
        const unsubscribe = run.fiber.addObserver(resume)
        return Effect.suspend(() => {
          unsubscribe()
          run.callers -= 1
          if (run.callers > 0) return Effect.void
          this.#end(key, run)
          return Fiber.interrupt(run.fiber)
        })
      })
    )
  }

  /** Interrupts all runs. */
  readonly interruptAll: Effect.Effect<void> = Effect.suspend(() =>
    Fiber.interruptAll([...this.#runs.values()].map(({ fiber }) => fiber))
  )

  #start(key: string, effect: Effect.Effect<A, E>, context: Context.Context<never>): Run<A, E> {
    const run = { fiber: Effect.runForkWith(context)(effect), callers: 0 }
    this.#runs.set(key, run)
    run.fiber.addObserver(() => this.#end(key, run))
    return run
  }

  /** A later run may have the same key. */
  #end(key: string, run: Run<A, E>): void {
    if (this.#runs.get(key) === run) this.#runs.delete(key)
  }
}
