/**
 * Events for promises, with plain snapshots.
 *
 * @module
 */
import type * as Download from "../download/DownloadOptions.ts"
import type * as Wait from "../tracking/JobEvent.ts"
import { plainTimeout, type WaitTimeoutError } from "./Errors.ts"
import { type JobSnapshot, plainSnapshot } from "./Snapshot.ts"

/** An event with a plain snapshot, and an error that holds a plain one. */
type Plain<Event> = Event extends { readonly snapshot: unknown }
  ? Omit<Event, "snapshot"> & { readonly snapshot: JobSnapshot }
  : Event extends { readonly _tag: "TimedOut" }
    ? Omit<Event, "error"> & { readonly error: WaitTimeoutError }
    : Event

/** What happens during a wait, for `onProgress`: a terminal `Changed` (then perhaps `ExpiresSoon`), `Refused` or `TimedOut` is the last. */
export type WaitEvent = Plain<Wait.WaitEvent>

/** What happens during a download, for `onProgress`. Each event names its job. */
export type DownloadEvent = Plain<Download.DownloadEvent>

/** A listener of Effect's events for a listener of plain ones. What it returns is returned: it may be a promise that rejects. */
export const waitListener = (listener: ((event: WaitEvent) => void) | undefined) =>
  listener && ((event: Wait.WaitEvent) => listener(plainWaitEvent(event)))

/** A listener of Effect's events for a listener of plain ones. */
export const downloadListener = (listener: ((event: DownloadEvent) => void) | undefined) =>
  listener &&
  ((event: Download.DownloadEvent) =>
    listener("snapshot" in event ? { ...event, snapshot: plainSnapshot(event.snapshot) } : event))

const plainWaitEvent = (event: Wait.WaitEvent): WaitEvent => {
  if ("snapshot" in event) return { ...event, snapshot: plainSnapshot(event.snapshot) }
  return event._tag === "TimedOut" ? { ...event, error: plainTimeout(event.error) } : event
}
