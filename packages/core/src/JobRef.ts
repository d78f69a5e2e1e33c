/**
 * Job reference as an Effect schema: kind and id, printed as `standard:412651`.
 *
 * @module
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { InvalidJobRefError } from "./errors/Errors.ts"
import { JobKind } from "./JobKind.ts"
import { formatJobRef, type JobIdInput, type JobRefInput, parseJobRef } from "./model/index.ts"
import { describeError } from "./text/index.ts"

export type { JobIdentity, JobIdInput, JobRefInput } from "./model/index.ts"

/**
 * A job: `kind` and `id`, printed as `standard:412651`. Ids are decimal strings, so that every int64 stays exact.
 *
 * @example
 * ```ts
 * import { JobRef } from "@ttd-jobs/core"
 * import { Result } from "effect"
 *
 * const ref = Result.getOrThrow(JobRef.parse("standard:9223372036854775807"))
 * ref.kind // "standard"
 * ref.id // "9223372036854775807"
 * String(ref) // "standard:9223372036854775807"
 * ```
 */
export class JobRef extends Schema.Class<JobRef>("@ttd-jobs/core/JobRef")(
  Schema.Struct({ kind: JobKind, id: Schema.String }).check(Schema.makeFilter((ref) => issueOf(ref)))
) {
  /**
   * Reads a reference: `standard:<int64>`, `graphql-query:<id>`, `graphql-bulk:<id>`; `graphql:<id>` is short for
   * `graphql-query:<id>`, a bare integer is a standard job, and any object with `kind` and `id` (a snapshot, a `JobRef` of another copy
   * of this package) is that job. Fails with `InvalidJobRefError`.
   */
  static parse(input: JobRefInput): Result.Result<JobRef, InvalidJobRefError> {
    if (input instanceof JobRef) return Result.succeed(input)
    const parsed = parseJobRef(input)
    return parsed.ok
      ? Result.succeed(new JobRef({ kind: parsed.kind, id: parsed.id }, { disableChecks: true }))
      : Result.fail(new InvalidJobRefError({ input: parsed.input, reason: parsed.reason }))
  }

  /** A job of a known kind. Fails with `InvalidJobRefError` when the id cannot be one of that kind. */
  static of(kind: JobKind, id: JobIdInput): Result.Result<JobRef, InvalidJobRefError> {
    return JobRef.parse({ kind, id })
  }

  override toString(): string {
    return formatJobRef(this)
  }
}

/** What is wrong with a `JobRef` that was not made by `parse` or `of`; undefined when nothing is. */
const issueOf = (ref: { readonly kind: JobKind; readonly id: string }): string | undefined => {
  const parsed = parseJobRef(ref)
  if (!parsed.ok) return describeError({ _tag: "InvalidJobRefError", ...parsed }).message
  return parsed.id === ref.id ? undefined : `the id is written ${parsed.id}`
}
