/**
 * Faults of the API's JSON: malformed text, other values, missing or unexpected fields; status and headers are right.
 *
 * @example
 * ```ts
 * import { Fault, startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * await using simulator = await startSimulator()
 * await simulator.addFaults([
 *   Fault.malformedJson(),
 *   Fault.wrongContentType("text/html"),
 *   Fault.oversizedBody(64),
 *   Fault.unknownStatus("Archived"),
 *   Fault.nullFields,
 *   Fault.missingOptionalFields,
 *   Fault.extraFields,
 *   Fault.missingRequiredField("status"),
 *   Fault.fieldValue("completionPercentage", "42"),
 *   Fault.otherId("777"),
 *   Fault.minimumDate(),
 *   Fault.graphQlErrors("The query is not valid."),
 *   Fault.resourceLimitExceeded
 * ])
 * Fault.isJsonFault(Fault.nullFields) // true
 * ```
 *
 * @module
 */

/** Text that is not JSON. */
export interface MalformedJson {
  readonly _tag: "MalformedJson"
  /** The text instead of the body; the body with its end cut off when undefined. */
  readonly text: string | undefined
}

/** The regular body under another content type. */
export interface WrongContentType {
  readonly _tag: "WrongContentType"
  readonly contentType: string | null
}

/** The regular JSON with that many bytes of padding in an additional field. */
export interface OversizedBody {
  readonly _tag: "OversizedBody"
  readonly bytes: number
}

/** Null in every nullable field. */
export interface NullFields {
  readonly _tag: "NullFields"
}

/** No optional field. */
export interface MissingOptionalFields {
  readonly _tag: "MissingOptionalFields"
}

/** Additional fields that the OpenAPI document does not know. */
export interface ExtraFields {
  readonly _tag: "ExtraFields"
}

/** One required field is missing, or all of them. */
export interface MissingRequiredField {
  readonly _tag: "MissingRequiredField"
  /** The field's name; undefined for all. */
  readonly field: string | undefined
}

/** Another value of a field of the job, of any type. */
export interface FieldValue {
  readonly _tag: "FieldValue"
  readonly field: string
  readonly value: unknown
}

/** Another id, written as a JSON number with all its digits. */
export interface OtherId {
  readonly _tag: "OtherId"
  readonly id: string
}

/** .NET's `DateTime.MinValue` instead of a date. */
export interface MinimumDate {
  readonly _tag: "MinimumDate"
  readonly of: "created" | "completed" | "both"
}

/** A GraphQL response with `errors` and without a job. */
export interface GraphQlErrors {
  readonly _tag: "GraphQlErrors"
  readonly errors: string
}

/** A fault of the API's JSON. */
export type JsonFault =
  | MalformedJson
  | WrongContentType
  | OversizedBody
  | NullFields
  | MissingOptionalFields
  | ExtraFields
  | MissingRequiredField
  | FieldValue
  | OtherId
  | MinimumDate
  | GraphQlErrors

/** Text that is not JSON: the given one, or the regular body without its end. `Content-Length` is right. */
export const malformedJson = (text?: string): MalformedJson => ({ _tag: "MalformedJson", text })

/** The regular body under another content type; null for none. Default `text/plain`. */
export const wrongContentType = (contentType: string | null = "text/plain"): WrongContentType => ({
  _tag: "WrongContentType",
  contentType
})

/** The regular JSON, longer by `megabytes` (10^6 bytes). Default 64. */
export const oversizedBody = (megabytes = 64): OversizedBody => ({
  _tag: "OversizedBody",
  bytes: megabytes * 1_000_000
})

/** A status that the OpenAPI document does not know. Default `Archived`. */
export const unknownStatus = (status = "Archived"): FieldValue => fieldValue("status", status)

/** Null wherever the OpenAPI document allows it. */
export const nullFields: NullFields = { _tag: "NullFields" }

/** Only the required fields. */
export const missingOptionalFields: MissingOptionalFields = { _tag: "MissingOptionalFields" }

/** Additional fields that no client knows. */
export const extraFields: ExtraFields = { _tag: "ExtraFields" }

/** Without one required field, such as `"status"`, or without any of them. */
export const missingRequiredField = (field?: string): MissingRequiredField => ({ _tag: "MissingRequiredField", field })

/** Another value of one field, of any type: `fieldValue("completionPercentage", "42")` for a malformed optional field. */
export const fieldValue = (field: string, value: unknown): FieldValue => ({ _tag: "FieldValue", field, value })

/** The id of another job. Default: the largest int64, which no JavaScript number represents exactly. */
export const otherId = (id: string | bigint = "9223372036854775807"): OtherId => {
  const digits = String(id)
  if (!/^-?\d+$/.test(digits)) throw new RangeError(`invalid id ${JSON.stringify(digits)} (expected an integer)`)
  return { _tag: "OtherId", id: digits }
}

/** `0001-01-01T00:00:00`, which .NET writes for "no date", as the time of completion (default), of creation, or both. */
export const minimumDate = (of: MinimumDate["of"] = "completed"): MinimumDate => ({ _tag: "MinimumDate", of })

/** Of the GraphQL operations: 200 with this text as `errors` and without `job`. Other responses are not changed. */
export const graphQlErrors = (errors: string): GraphQlErrors => ({ _tag: "GraphQlErrors", errors })

/** A GraphQL rate limit: 200 whose `errors` contain `RESOURCE_LIMIT_EXCEEDED` (contract, "Errors"). */
export const resourceLimitExceeded: GraphQlErrors = graphQlErrors(
  "RESOURCE_LIMIT_EXCEEDED: The resource limit of this user is exceeded. Try again later."
)

const tags: ReadonlySet<string> = new Set<JsonFault["_tag"]>([
  "MalformedJson",
  "WrongContentType",
  "OversizedBody",
  "NullFields",
  "MissingOptionalFields",
  "ExtraFields",
  "MissingRequiredField",
  "FieldValue",
  "OtherId",
  "MinimumDate",
  "GraphQlErrors"
])

/** Whether a fault is one of the API's JSON. */
export const isJsonFault = (fault: { readonly _tag: string }): fault is JsonFault => tags.has(fault._tag)
