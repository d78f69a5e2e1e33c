/**
 * A failed lookup as one line of JSON.
 *
 * @module
 */
import type { JobRef } from "@ttd-jobs/core"
import type { Failure } from "../exit/Failure.ts"
import { jsonLine } from "./JsonLine.ts"

/**
 * What `status --json` prints for a job whose status is not known: `ref`, `kind` and `id` as in a snapshot, and `error` with `type` (the
 * tag of the error in `@ttd-jobs/core`), `status` (of the HTTP response, or null), `message`, `advice` and `transient`.
 */
export const failureJson = (ref: JobRef, failure: Failure): string =>
  jsonLine({
    ref: String(ref),
    kind: ref.kind,
    id: ref.id,
    error: {
      type: failure._tag,
      status: "status" in failure ? failure.status : null,
      message: failure.message,
      advice: failure.advice,
      transient: "transient" in failure && failure.transient
    }
  })
