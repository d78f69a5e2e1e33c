/**
 * What can be wrong with the JSON of an answer of the API, its status and head being right.
 *
 * @example
 * ```ts
 * import { Fault, startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * await using simulator = await startSimulator()
 * await simulator.script([
 *   Fault.malformedJson(),
 *   Fault.wrongContentType("text/html"),
 *   Fault.overlongBody(64),
 *   Fault.unknownStatus("Archived"),
 *   Fault.nulls,
 *   Fault.missingOptionalFields,
 *   Fault.extraFields,
 *   Fault.missingRequiredField("status"),
 *   Fault.otherValue("completionPercentage", 140),
 *   Fault.hugeId()
 * ])
 * Fault.isBodyFault(Fault.nulls) // true
 * ```
 *
 * @module
 */

/** The text is no JSON. */
export interface MalformedJson {
  readonly _tag: "MalformedJson"
  /** The text instead of the body; the body with its end cut off when undefined. */
  readonly text: string | undefined
}

/** The honest body under another content type. */
export interface WrongContentType {
  readonly _tag: "WrongContentType"
  readonly contentType: string | null
}

/** The honest JSON with so many bytes of padding in an extra field. */
export interface OverlongBody {
  readonly _tag: "OverlongBody"
  readonly bytes: number
}

/** A `status` that the contract does not know. */
export interface UnknownStatus {
  readonly _tag: "UnknownStatus"
  readonly status: string
}

/** Every field that may be null is null. */
export interface Nulls {
  readonly _tag: "Nulls"
}

/** Every optional field is left out. */
export interface MissingOptionalFields {
  readonly _tag: "MissingOptionalFields"
}

/** Fields that the contract does not know, in every object. */
export interface ExtraFields {
  readonly _tag: "ExtraFields"
}

/** A required field is left out, or all of them. */
export interface MissingRequiredField {
  readonly _tag: "MissingRequiredField"
  /** The field's name; undefined for all. */
  readonly field: string | undefined
}

/** Another value of a field of the job, such as a percentage of 140 or a number where a text should be. */
export interface OtherValue {
  readonly _tag: "OtherValue"
  readonly field: string
  readonly value: unknown
}

/** Another id, written as a bare JSON number with all its digits. */
export interface OtherId {
  readonly _tag: "OtherId"
  readonly id: string
}

/** What can be wrong with the JSON of an answer. */
export type BodyFault =
  | MalformedJson
  | WrongContentType
  | OverlongBody
  | UnknownStatus
  | Nulls
  | MissingOptionalFields
  | ExtraFields
  | MissingRequiredField
  | OtherValue
  | OtherId

/** A text that is no JSON: the given one, or the honest body without its end. The framing is right. */
export const malformedJson = (text?: string): MalformedJson => ({ _tag: "MalformedJson", text })

/** The honest body under another content type; null for none. Default `text/plain`. */
export const wrongContentType = (contentType: string | null = "text/plain"): WrongContentType => ({
  _tag: "WrongContentType",
  contentType
})

/** The honest JSON, `megabytes` (10^6 bytes) longer than it should be. */
export const overlongBody = (megabytes = 64): OverlongBody => ({ _tag: "OverlongBody", bytes: megabytes * 1_000_000 })

/** A status that the contract does not know. Default `Archived`. */
export const unknownStatus = (status = "Archived"): UnknownStatus => ({ _tag: "UnknownStatus", status })

/** Null wherever the contract allows it. */
export const nulls: Nulls = { _tag: "Nulls" }

/** Only the required fields. */
export const missingOptionalFields: MissingOptionalFields = { _tag: "MissingOptionalFields" }

/** Fields nobody knows. */
export const extraFields: ExtraFields = { _tag: "ExtraFields" }

/** Without one required field, such as `"status"`, or without any of them. */
export const missingRequiredField = (field?: string): MissingRequiredField => ({ _tag: "MissingRequiredField", field })

/** Another value of one field, whatever its type: `otherValue("completionPercentage", 140)`. */
export const otherValue = (field: string, value: unknown): OtherValue => ({ _tag: "OtherValue", field, value })

/** An id that no JavaScript number holds. Default: the largest int64. */
export const hugeId = (id: string | bigint = "9223372036854775807"): OtherId => {
  const digits = String(id)
  if (!/^-?\d+$/.test(digits)) throw new RangeError(`An id is written with digits, not as ${JSON.stringify(digits)}.`)
  return { _tag: "OtherId", id: digits }
}

const tags: ReadonlySet<string> = new Set<BodyFault["_tag"]>([
  "MalformedJson",
  "WrongContentType",
  "OverlongBody",
  "UnknownStatus",
  "Nulls",
  "MissingOptionalFields",
  "ExtraFields",
  "MissingRequiredField",
  "OtherValue",
  "OtherId"
])

/** Whether a fault is one of the API's JSON. */
export const isBodyFault = (fault: { readonly _tag: string }): fault is BodyFault => tags.has(fault._tag)
