/**
 * A job's snapshot as one line of tab-separated columns, and the texts it consists of.
 *
 * @module
 */
import { isFailed, isTerminal, type JobSnapshot } from "@ttd-jobs/core"
import { formatBytes } from "@ttd-jobs/core/text"
import { DateTime } from "effect"
import { cleanLine } from "../text/CleanText.ts"
import { elapsedText, remainingText } from "../text/Elapsed.ts"

/** Reference, phase, percentage, age or duration, result, errors; tabs in between, as `gh` and `kubectl` do in a pipe. */
export const snapshotLine = (snapshot: JobSnapshot, now: number): string =>
  [
    cleanLine(snapshot.ref),
    statusText(snapshot),
    percentageText(snapshot.completionPercentage),
    isTerminal(snapshot.phase) ? tookText(snapshot) : `${ageText(snapshot, now)} old`,
    resultText(snapshot, now),
    errorTexts(snapshot).join("; ")
  ]
    .join("\t")
    .trimEnd()

/** The phase, with the server's status where the phase is not known. */
export const statusText = ({ phase, status }: JobSnapshot): string =>
  phase === "unknown" ? `unknown (${cleanLine(status)})` : phase

/** A percentage, `-` for none. A fraction below 100 is never rounded up to 100. */
export const percentageText = (percentage: number | null): string =>
  percentage === null ? "-" : `${Math.floor(percentage * 10) / 10}%`

/** How long ago the job was created. */
export const ageText = ({ createdAt }: JobSnapshot, now: number): string =>
  elapsedText(now - DateTime.toEpochMillis(createdAt))

/** How long an ended job took; empty when the server does not say when it ended. */
export const durationOf = ({ completedAt, createdAt }: JobSnapshot): string =>
  completedAt === null ? "" : elapsedText(DateTime.toEpochMillis(completedAt) - DateTime.toEpochMillis(createdAt))

const tookText = (snapshot: JobSnapshot): string => {
  const took = durationOf(snapshot)
  return took === "" ? "-" : `took ${took}`
}

/** The result's size, if it came with the status, and when it expires: `1.2 MB, expires in 21 h`. */
export const resultText = (snapshot: JobSnapshot, now: number): string =>
  [sizeOf(snapshot), expiryText(snapshot, now)].filter((text) => text !== "").join(", ")

const sizeOf = ({ result }: JobSnapshot): string => (result?.inline === true ? formatBytes(result.bytes) : "")

/** When the result of an ended job expires, or expired. */
export const expiryText = ({ expiresAt, phase }: JobSnapshot, now: number): string => {
  if (expiresAt === null || isFailed(phase)) return ""
  const left = DateTime.toEpochMillis(expiresAt) - now
  return left > 0 ? `expires in ${remainingText(left)}` : `expired ${elapsedText(-left)} ago`
}

/** A warning that the result of an ended job expires soon. */
export const expiryWarning = ({ expiresAt }: JobSnapshot, now: number): string => {
  const left = expiresAt === null ? 0 : DateTime.toEpochMillis(expiresAt) - now
  return left > 0 ? `the result expires in ${remainingText(left)}` : "the result may have expired already"
}

/** The server's error texts, one line each. */
export const errorTexts = ({ errors }: JobSnapshot): ReadonlyArray<string> => errors.map(cleanLine)
