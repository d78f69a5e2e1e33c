/**
 * `--json`: one object per line.
 *
 * @module
 */
import { JobSnapshot } from "@ttd-jobs/core"

/** A job's snapshot, the public object, as one line. */
export const snapshotJson = (snapshot: JobSnapshot): string => jsonLine(JobSnapshot.toJson(snapshot))

/** A value as one line of JSON that holds no raw control character, not even those that JSON allows. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`
