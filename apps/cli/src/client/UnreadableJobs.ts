/**
 * Ends a wait without a deadline whose responses were all unreadable for an hour: such a server is none of this API.
 *
 * @module
 */
import type { RequestError, WaitEvent } from "@ttd-jobs/core"

/** The end of a wait for one job. */
type Refused = Extract<WaitEvent, { readonly _tag: "Refused" }>

/** The jobs of a wait whose responses are unreadable. */
export interface UnreadableJobs {
  /** Takes the next event; returns the ends of all open jobs, once every one of them was unreadable for an hour. */
  readonly handle: (event: WaitEvent) => ReadonlyArray<Refused>
}

/** No unreadable jobs, of so many. */
export const makeUnreadableJobs = (jobs: number): UnreadableJobs => {
  const unreadable = new Map<string, RequestError>()
  let open = jobs
  return {
    handle: (event) => {
      if (event._tag === "PollFailed" && event.error._tag === "ResponseDecodeError") {
        if (event.failingFor >= limit) unreadable.set(event.ref, event.error)
      } else if (event._tag !== "PollFailed") {
        unreadable.delete(event.ref)
        if (event._tag === "Refused" || (event._tag === "Changed" && event.snapshot.isTerminal)) open -= 1
      }
      if (open === 0 || unreadable.size < open) return []
      return [...unreadable].map(([ref, error]) => ({ _tag: "Refused", ref, error }))
    }
  }
}

/** Milliseconds. */
const limit = 3_600_000
