/**
 * A job's snapshot as one plain line, and the texts it is made of.
 *
 * @module
 */
import { isFailed, isTerminal, type JobSnapshot } from "@ttd-jobs/core"
import { ByteSize, DateTime } from "effect"
import { cleanLine } from "../text/CleanText.ts"
import { durationText } from "../text/DurationText.ts"

/** A job as one line, its errors after it: `standard:412651  running  42.5%  3 min old`. */
export const snapshotLine = (snapshot: JobSnapshot, now: number): string =>
  [
    cleanLine(snapshot.ref),
    statusText(snapshot),
    percentageText(snapshot.completionPercentage),
    [`${ageText(snapshot, now)} old`, resultText(snapshot, now)].filter((text) => text !== "").join(", "),
    ...errorTexts(snapshot)
  ].join("  ")

/** The phase, with the server's own word where the phase is not known. */
export const statusText = ({ phase, status }: JobSnapshot): string =>
  phase === "unknown" ? `unknown (${cleanLine(status)})` : phase

/** A percentage, `-` for none. A fraction below 100 is never rounded up to 100. */
export const percentageText = (percentage: number | null): string =>
  percentage === null ? "-" : `${Math.floor(percentage * 10) / 10}%`

/** How long ago the job was created. */
export const ageText = ({ createdAt }: JobSnapshot, now: number): string =>
  durationText(now - DateTime.toEpochMillis(createdAt))

/** What there is of a result, and until when: `1.2 MB, expires in 21 h`. */
export const resultText = ({ expiresAt, phase, result }: JobSnapshot, now: number): string => {
  if (!isTerminal(phase) || isFailed(phase)) return ""
  const left = expiresAt === null ? undefined : DateTime.toEpochMillis(expiresAt) - now
  return [
    result?.inline === true ? sizeText(result.bytes) : "",
    left === undefined ? "" : left > 0 ? `expires in ${durationText(left)}` : `expired ${durationText(-left)} ago`
  ]
    .filter((text) => text !== "")
    .join(", ")
}

/** The server's error texts, one line each. */
export const errorTexts = ({ errors }: JobSnapshot): ReadonlyArray<string> => errors.map(cleanLine)

/** A number of bytes: `1.2 MB`. */
export const sizeText = (bytes: number): string =>
  ByteSize.format(ByteSize.bytes(bytes), { system: "decimal", precision: 1 })
