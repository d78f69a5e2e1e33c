/**
 * Which job: its kind and its id.
 *
 * Ids are decimal strings inside and outside. Standard jobs have int64 ids, which do not all fit a JavaScript number, so
 * `standard:9223372036854775807` stays exact.
 *
 * @module
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { InvalidJobRefError } from "./errors/Errors.ts"
import { JobKind } from "./JobKind.ts"

/** What every function that takes a job accepts: a `JobRef`, its printed form, or a bare int64 (a standard job). */
export type JobRefInput = JobRef | string | number | bigint

/** What the id of a job may be given as. Numbers must be safe integers. */
export type JobIdInput = string | number | bigint

/**
 * A job: `kind` and `id`, printed as `standard:412651`.
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
  Schema.Struct({ kind: JobKind, id: Schema.String }).check(
    Schema.makeFilter(({ id, kind }) => complaintAbout(kind, id))
  )
) {
  /**
   * Reads a reference: `standard:<int64>`, `graphql-query:<id>`, `graphql-bulk:<id>`; `graphql:<id>` is short for
   * `graphql-query:<id>`, and a bare integer is a standard job. Fails with `InvalidJobRefError`.
   */
  static parse(input: JobRefInput): Result.Result<JobRef, InvalidJobRefError> {
    if (input instanceof JobRef) return Result.succeed(input)
    if (typeof input !== "string") return refOf("standard", input)
    const colon = input.indexOf(":")
    if (colon === -1) {
      return integerPattern.test(input) ? refOf("standard", input) : refuse(input, "it has no kind and is no integer")
    }
    const kind = kinds.get(input.slice(0, colon))
    return kind === undefined
      ? refuse(input, `${JSON.stringify(input.slice(0, colon))} is no kind of job`)
      : refOf(kind, input.slice(colon + 1), input)
  }

  /** A job of a known kind. Fails with `InvalidJobRefError` when the id cannot be one of that kind. */
  static of(kind: JobKind, id: JobIdInput): Result.Result<JobRef, InvalidJobRefError> {
    return refOf(kind, id)
  }

  override toString(): string {
    return `${this.kind}:${this.id}`
  }
}

const kinds: ReadonlyMap<string, JobKind> = new Map([
  ...JobKind.literals.map((kind) => [kind, kind] as const),
  ["graphql", "graphql-query"]
])

const integerPattern = /^-?\d{1,40}$/

const refuse = (input: JobIdInput, reason: string) =>
  Result.fail(new InvalidJobRefError({ input: String(input).slice(0, 200), reason }))

const refOf = (kind: JobKind, id: JobIdInput, input: JobIdInput = id): Result.Result<JobRef, InvalidJobRefError> => {
  const text = idOf(kind, id)
  return Result.isFailure(text)
    ? refuse(input, text.failure)
    : Result.succeed(new JobRef({ kind, id: text.success }, { disableChecks: true }))
}

/** What is wrong with the id of a `JobRef` that did not come from `parse` or `of`; undefined when nothing is. */
const complaintAbout = (kind: JobKind, id: string): string | undefined => {
  const text = idOf(kind, id)
  if (Result.isFailure(text)) return text.failure
  return text.success === id ? undefined : `the id is written ${text.success}`
}

/** The one spelling of an id, or what is wrong with it. */
const idOf = (kind: JobKind, id: JobIdInput): Result.Result<string, string> => {
  // JavaScript lets anything through, and would ask for the job "undefined".
  if (!idTypes.has(typeof id)) return Result.fail("an id is a text, a number or a bigint")
  return kind === "standard" ? int64(id) : opaque(id)
}

const idTypes: ReadonlySet<string> = new Set(["string", "number", "bigint"])

const isInexact = (id: JobIdInput) => typeof id === "number" && !Number.isSafeInteger(id)
const inexact = "a number must be a safe integer: above 2^53 - 1 pass a string or a bigint"

const int64 = (id: JobIdInput): Result.Result<string, string> => {
  if (isInexact(id)) return Result.fail(inexact)
  if (typeof id === "string" && !integerPattern.test(id)) return Result.fail("a standard job's id is an integer")
  const value = BigInt(id)
  return BigInt.asIntN(64, value) === value
    ? Result.succeed(value.toString())
    : Result.fail("a standard job's id is an int64, from -2^63 to 2^63 - 1")
}

const opaque = (id: JobIdInput): Result.Result<string, string> => {
  if (isInexact(id)) return Result.fail(inexact)
  const text = String(id)
  if (text === "") return Result.fail("the id is empty")
  // URLs resolve these two even when they are percent-encoded (WHATWG URL, "double-dot path segment").
  if (text === "." || text === "..") return Result.fail("the id would change the path of the request")
  return text.isWellFormed() ? Result.succeed(text) : Result.fail("the id is not well-formed text")
}
