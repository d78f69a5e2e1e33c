/**
 * The link to a job's result, which lives for a while only: asked for when it is needed, and again once it has expired.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { DownloadError, RequestError, ResultUnavailableError } from "../errors/Errors.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import { type ResultPlace, unavailable } from "./ResultPlace.ts"

/** Why there is no link. */
export type LinkError = RequestError | ResultUnavailableError | DownloadError

/** Where a result was found, and the status that said so. */
export interface Located {
  readonly snapshot: JobSnapshot
  readonly place: ResultPlace
}

/** A link that can be renewed. */
export class ResultLink {
  readonly #locate: Effect.Effect<Located, LinkError>
  readonly #moved: DownloadError
  #last: Located
  #isFresh = true

  /** `moved` is the error for a result that is not behind a link any more. */
  constructor(first: Located, locate: Effect.Effect<Located, LinkError>, moved: DownloadError) {
    this.#last = first
    this.#locate = locate
    this.#moved = moved
  }

  readonly url: Effect.Effect<string, LinkError> = Effect.suspend(() => {
    if (!this.#isFresh) return Effect.andThen(this.#renew, this.url)
    const { place } = this.#last
    return place._tag === "Link" ? Effect.succeed(place.url) : Effect.fail(this.#moved)
  })

  /** Makes the next `url` a new one. */
  expire(): void {
    this.#isFresh = false
  }

  /** Why the file may be gone for good; null when its time is not over. */
  readonly whyGone: Effect.Effect<ResultUnavailableError | null> = Effect.map(Clock.currentTimeMillis, (now) => {
    const { snapshot } = this.#last
    const isOver = snapshot.expiresAt !== null && now >= DateTime.toEpochMillis(snapshot.expiresAt)
    return isOver ? unavailable(snapshot, "expired", now) : null
  })

  readonly #renew: Effect.Effect<void, LinkError> = Effect.suspend(() =>
    Effect.map(this.#locate, (located) => {
      this.#last = located
      this.#isFresh = true
    })
  )
}
