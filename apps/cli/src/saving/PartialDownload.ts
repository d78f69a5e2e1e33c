/**
 * What an interrupted download leaves behind, and whether it can be resumed.
 *
 * @module
 */
import type { DownloadEvent } from "@ttd-jobs/core"
import { amountText } from "./TransferText.ts"

/** Follows a download by its events. */
export interface PartialDownload {
  readonly handle: (event: DownloadEvent) => void
  /** What is kept, and what the command that follows will do. */
  readonly resumeHint: () => string
}

/** A download that has not begun. Only a file is kept, and only one that its server has a validator for can be resumed. */
export const makePartialDownload = (toStdout: boolean): PartialDownload => {
  let isResumable: boolean | undefined
  let bytes = 0
  let size: number | null = null
  return {
    handle: (event) => {
      if (event._tag === "Started" || event._tag === "StartedOver") {
        isResumable = event.file.validator !== null
        bytes = event._tag === "Started" ? event.bytes : 0
        size = event.file.size
      } else if (event._tag === "Progress") {
        bytes = event.bytes
        size = event.size
      }
    },
    resumeHint: () => {
      if (isResumable === undefined) return "Nothing was downloaded yet. To run it again:"
      return isResumable && !toStdout && bytes > 0
        ? `${amountText(bytes, size)} are kept. To resume:`
        : "To start again:"
    }
  }
}
