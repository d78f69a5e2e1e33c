/**
 * What is worth a warning while jobs are waited for.
 *
 * @module
 */
import type { WaitEvent } from "@ttd-jobs/core"
import { durationText } from "../text/DurationText.ts"

/** An event that is neither a change nor an end, in one sentence. */
export const eventWarning = (
  event: Exclude<WaitEvent, { readonly _tag: "Changed" | "Refused" | "TimedOut" }>
): string => {
  switch (event._tag) {
    case "PollFailed":
      return `warning: ${event.ref}: ${event.error.message}; asking again`
    case "UnknownStatus":
      return `warning: ${event.ref}: the server says ${JSON.stringify(event.snapshot.status)}, which this version does not know; waiting on`
    case "ExpiresSoon":
      return event.left > 0
        ? `warning: ${event.ref}: its result may be gone in ${durationText(event.left)}; save it with ttd-jobs download ${event.ref}`
        : `warning: ${event.ref}: its result may be gone already`
  }
}
