/** Requests over HTTP, as any client could send them. */
import { type JobRef, pathOf } from "@ttd-jobs/core"
import { Data, Effect } from "effect"
import type { Simulator } from "../src/index.ts"

/** An answer that came to its end. */
export interface Received {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  readonly text: string
}

/** No answer, or one without its end. */
export class Broken extends Data.TaggedError("Broken")<{ readonly cause: unknown }> {}

/** One request; redirects are not followed. */
export const ask = (url: string, init: RequestInit = {}): Effect.Effect<Received, Broken> =>
  Effect.tryPromise({
    try: async (signal) => {
      const response = await fetch(url, { redirect: "manual", signal, ...init })
      const bytes = new Uint8Array(await response.arrayBuffer())
      return { status: response.status, headers: response.headers, bytes, text: new TextDecoder().decode(bytes) }
    },
    catch: (cause) => new Broken({ cause })
  })

/** One request for a job's status, with the token. */
export const askFor = (simulator: Simulator["Service"], ref: JobRef, init: RequestInit = {}) =>
  ask(simulator.url + pathOf(ref), { ...init, headers: { "ttd-auth": simulator.token, ...init.headers } })

/** A job's status as JSON: the job itself, wherever the operation puts it. */
export const statusOf = (simulator: Simulator["Service"], ref: JobRef) =>
  Effect.map(askFor(simulator, ref), ({ text }) => jobIn(text))

/** The job in the text of an answer. */
export const jobIn = (text: string): StatusFields => {
  const body = JSON.parse(text)
  return "job" in body ? body.job : body
}

/** What all operations tell of a job. */
export interface StatusFields {
  readonly id: number
  readonly status: string
  readonly completionPercentage: number | null
  readonly url: string | null
  readonly rawResult: string | null
  readonly errors?: string | null
  readonly createdAtUtc?: string
  readonly completedAtUtc?: string | null
  readonly completedAt?: string | null
  readonly runtimeErrors?: ReadonlyArray<string> | null
  readonly queryGqlErrors?: ReadonlyArray<string> | null
}

/** The link to a job's file; fails when there is none. */
export const linkOf = (simulator: Simulator["Service"], ref: JobRef) =>
  Effect.flatMap(statusOf(simulator, ref), ({ url }) => Effect.fromNullishOr(url))
