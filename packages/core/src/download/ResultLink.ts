/**
 * The link to a job's result, which expires: a status call renews it.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { DownloadError, RequestError, ResultUnavailableError } from "../errors/Errors.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import { type ResultLocation, unavailable } from "./ResultLocation.ts"

/** Why there is no link. */
export type LinkError = RequestError | ResultUnavailableError | DownloadError

/** The location of a result, and the snapshot that says so. */
export interface Located {
  readonly snapshot: JobSnapshot
  readonly location: ResultLocation
}

/** A link that can be renewed. */
export class ResultLink {
  readonly #locate: Effect.Effect<Located, LinkError>
  readonly #moved: DownloadError
  #last: Located
  #isFresh = true

  /** `moved` is the error for a result that is inline by now. */
  constructor(first: Located, locate: Effect.Effect<Located, LinkError>, moved: DownloadError) {
    this.#last = first
    this.#locate = locate
    this.#moved = moved
  }

  readonly url: Effect.Effect<string, LinkError> = Effect.suspend(() => {
    if (!this.#isFresh) return Effect.andThen(this.#renew, this.url)
    const { location } = this.#last
    return location._tag === "Link" ? Effect.succeed(location.url) : Effect.fail(this.#moved)
  })

  /** Makes the next `url` a new one. */
  expire(): void {
    this.#isFresh = false
  }

  /** The error for a result whose lifetime is over; null when it is not. */
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
