/**
 * The grammar of job references: `standard:<int64>`, `graphql-query:<id>`, `graphql-bulk:<id>`, or a bare int64 for a standard job.
 *
 * Ids are decimal strings inside and outside, because an int64 does not fit a JavaScript number.
 *
 * @module
 */
import { type JobKind, type JobKindTraits, jobKindNames, jobKinds } from "./JobKinds.ts"

/** What an id may be given as. Numbers must be safe integers. */
export type JobIdInput = string | number | bigint

/** A job by its kind and id: a `JobRef`, a snapshot, or a plain object. */
export interface JobIdentity {
  readonly kind: JobKind
  readonly id: JobIdInput
}

/** What every function that takes a job accepts: kind and id, the printed form, or a bare int64 for a standard job. */
export type JobRefInput = JobIdentity | JobIdInput

/** A job reference that was understood; `id` in its one spelling. */
export interface ParsedJobRef {
  readonly ok: true
  readonly kind: JobKind
  readonly id: string
}

/**
 * Why a job reference was not understood. `not-a-reference`: neither a text, a number, a bigint nor an object with `kind` and `id`.
 * `no-kind`: a text without a kind that is not an integer. `unknown-kind`: its kind is in no table. `id-not-an-integer`, `id-not-an-int64`: the
 * id of a standard job. `unsafe-integer`: a number that JavaScript may have rounded. `empty-id`, `id-changes-the-path` (`.` and `..`),
 * `malformed-id` (a lone surrogate): the id of another job.
 */
export const jobRefProblems = [
  "not-a-reference",
  "no-kind",
  "unknown-kind",
  "id-not-an-integer",
  "id-not-an-int64",
  "unsafe-integer",
  "empty-id",
  "id-changes-the-path",
  "malformed-id"
] as const

/** Why a job reference was not understood: one of `jobRefProblems`. */
export type JobRefProblem = (typeof jobRefProblems)[number]

/** A job reference that was not understood: the start of what was given, at most 200 characters, and why. */
export interface InvalidJobRef {
  readonly ok: false
  readonly input: string
  readonly reason: JobRefProblem
}

/**
 * Reads a job reference: `standard:<int64>`, `graphql-query:<id>`, `graphql-bulk:<id>`; `graphql:<id>` is short for
 * `graphql-query:<id>`, a bare integer is a standard job, and an object with `kind` and `id` is what it says.
 *
 * @example
 * ```ts
 * import { parseJobRef } from "@ttd-jobs/core/model"
 *
 * parseJobRef("graphql:7ab2") // { ok: true, kind: "graphql-query", id: "7ab2" }
 * parseJobRef("report 7") // { ok: false, input: "report 7", reason: "no-kind" }
 * ```
 */
export const parseJobRef = (input: JobRefInput): ParsedJobRef | InvalidJobRef => {
  if (isIdentity(input)) return identified(input.kind, input.id, input)
  if (typeof input !== "string") return identified(kindOfIntegers, input, input)
  const colon = input.indexOf(":")
  if (colon !== -1) return identified(input.slice(0, colon), input.slice(colon + 1), input)
  return integer.test(input) ? identified(kindOfIntegers, input, input) : invalid(input, "no-kind")
}

/**
 * Prints a job reference in its one spelling.
 *
 * @example
 * ```ts
 * import { formatJobRef } from "@ttd-jobs/core/model"
 *
 * formatJobRef({ kind: "standard", id: 412651 }) // "standard:412651"
 * ```
 */
export const formatJobRef = ({ id, kind }: { readonly kind: string; readonly id: JobIdInput }): string =>
  `${kind}:${id}`

/** A bare integer is a job of this kind. */
const kindOfIntegers: JobKind = "standard"

const integer = /^-?\d{1,40}$/

// Plain JavaScript passes anything.
const isIdentity = (input: unknown): input is JobIdentity =>
  typeof input === "object" && input !== null && "kind" in input && "id" in input

const identified = (name: unknown, id: JobIdInput, input: JobRefInput): ParsedJobRef | InvalidJobRef => {
  const kind = kindOf(name)
  if (kind === undefined) return invalid(input, "unknown-kind")
  const problem = problemOf(id, jobKinds[kind].id)
  if (problem !== undefined) return invalid(input, problem)
  return { ok: true, kind, id: jobKinds[kind].id === "int64" ? String(BigInt(id)) : String(id) }
}

const kindOf = (name: unknown): JobKind | undefined => jobKindNames.find((kind) => name === kind || isAlias(kind, name))

const isAlias = (kind: JobKind, name: unknown) => aliasesOf(jobKinds[kind]).some((alias) => alias === name)

const aliasesOf = ({ aliases }: JobKindTraits) => aliases

const problemOf = (id: JobIdInput, type: JobKindTraits["id"]): JobRefProblem | undefined => {
  if (typeof id === "number" && !Number.isSafeInteger(id)) return "unsafe-integer"
  if (!idTypes.includes(typeof id)) return "not-a-reference"
  return type === "int64" ? integerProblem(String(id)) : textProblem(String(id))
}

const idTypes: ReadonlyArray<string> = ["string", "number", "bigint"]

const integerProblem = (text: string): JobRefProblem | undefined => {
  if (!integer.test(text)) return "id-not-an-integer"
  const value = BigInt(text)
  return BigInt.asIntN(64, value) === value ? undefined : "id-not-an-int64"
}

const textProblem = (text: string): JobRefProblem | undefined => {
  if (text === "") return "empty-id"
  // URLs resolve these two even when they are percent-encoded (WHATWG URL, "double-dot path segment").
  if (text === "." || text === "..") return "id-changes-the-path"
  return text.isWellFormed() ? undefined : "malformed-id"
}

const invalid = (input: JobRefInput, reason: JobRefProblem): InvalidJobRef => ({
  ok: false,
  input: printed(input).slice(0, 200),
  reason
})

/** What was given, as text. Plain JavaScript passes objects that have no text. */
const printed = (input: unknown): string => {
  if (isIdentity(input)) return `${printed(input.kind)}:${printed(input.id)}`
  return typeof input === "object" ? "object" : String(input)
}
