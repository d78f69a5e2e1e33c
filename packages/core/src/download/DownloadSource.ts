/**
 * The input of a download: a job by its reference, or a snapshot of it that already says where the result is.
 *
 * @module
 */
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { InvalidJobRefError } from "../errors/Errors.ts"
import { JobRef, type JobRefInput } from "../JobRef.ts"
import { JobSnapshot } from "../JobSnapshot.ts"

/**
 * A snapshot of a job, in any of its forms: of `JobStatus`, of a promise client, or its JSON. Its dates may be `DateTime`s, `Date`s or
 * ISO 8601 texts.
 */
export interface SnapshotInput {
  readonly kind: string
  readonly id: string
  readonly phase: string
  readonly result:
    | { readonly inline: true; readonly bytes: number }
    | { readonly inline: false; readonly url: string }
    | null
}

/** A job, or a snapshot of it, which saves the first status call when it says where the result is. */
export type DownloadInput = JobRefInput | SnapshotInput

/** The job, and its snapshot when one was given. */
export interface DownloadSource {
  readonly ref: JobRef
  readonly snapshot: JobSnapshot | undefined
}

/** Reads the input of a download. */
export const sourceOf = (input: DownloadInput): Result.Result<DownloadSource, InvalidJobRefError> => {
  if (typeof input !== "object" || !("phase" in input)) {
    return Result.map(JobRef.parse(input), (ref) => ({ ref, snapshot: undefined }))
  }
  // A snapshot that is incomplete still names its job.
  return Result.map(JobRef.parse(`${input.kind}:${input.id}`), (ref) => ({
    ref,
    snapshot: input instanceof JobSnapshot ? input : Option.getOrUndefined(decode(JSON.parse(JSON.stringify(input))))
  }))
}

const decode = Schema.decodeUnknownOption(JobSnapshot)
