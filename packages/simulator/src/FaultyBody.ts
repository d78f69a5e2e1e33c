/**
 * An answer of the API with something wrong in its JSON.
 *
 * @module
 */
import type { BodyFault } from "./BodyFault.ts"
import * as ByteSource from "./ByteSource.ts"
import type { Draft } from "./Delivery.ts"
import { jsonText, type StatusBody } from "./StatusBody.ts"

/**
 * The answer with the fault. `body` is the job's status behind the draft, or null when the draft is a refusal: faults of a job's
 * fields leave refusals as they are.
 */
export const applyTo = (draft: Draft, body: StatusBody | null, fault: BodyFault): Draft => {
  const text = typeof draft.body === "string" ? draft.body : ""
  const changed = (change: (job: Fields) => Fields): Draft =>
    body === null ? draft : { ...draft, body: jsonText(changeJob(body, change)) }
  switch (fault._tag) {
    case "MalformedJson":
      return { ...draft, body: fault.text ?? text.slice(0, -2) }
    case "WrongContentType":
      return { ...draft, contentType: fault.contentType }
    case "OverlongBody":
      return { ...draft, body: padded(text, fault.bytes) }
    case "UnknownStatus":
      return changed((job) => ({ ...job, status: fault.status }))
    case "Nulls":
      return changed((job) => mapValues(job, (value, field) => (neverNull.has(field) ? value : null)))
    case "MissingOptionalFields":
      return changed((job) => pick(job, (field) => required.has(field)))
    case "ExtraFields":
      return changed((job) => ({ ...job, ...unheardOf }))
    case "MissingRequiredField":
      return changed((job) =>
        pick(job, (field) => field !== (fault.field ?? (required.has(field) ? field : undefined)))
      )
    case "OtherValue":
      return changed((job) => ({ ...job, [fault.field]: fault.value }))
    case "OtherId":
      return changed((job) => ({ ...job, id: fault.id }))
  }
}

type Fields = Readonly<Record<string, unknown>>

/** What the OpenAPI document requires of a job, and what of it may not be null. */
const required: ReadonlySet<string> = new Set(["id", "createdAt", "createdAtUtc", "status", "runtimeErrors"])
const neverNull: ReadonlySet<string> = new Set(["id", "createdAt", "createdAtUtc", "status"])

const unheardOf = {
  partnerId: "4f3a",
  priority: { level: 3, reason: null },
  links: [{ rel: "self", href: "https://example.com/" }]
}

const changeJob = (body: StatusBody, change: (job: Fields) => Fields): Fields =>
  "id" in body
    ? change({ ...body })
    : { ...body, ...(body.job === null || body.job === undefined ? {} : { job: change({ ...body.job }) }) }

const mapValues = (fields: Fields, change: (value: unknown, field: string) => unknown): Fields =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, change(value, field)]))

const pick = (fields: Fields, keeps: (field: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => keeps(field)))

const padding = new Uint8Array(ByteSource.portion).fill("x".charCodeAt(0))

/** Megabytes are sent, not held. */
const padded = (text: string, bytes: number) => {
  const source = ByteSource.concat([
    ByteSource.fromText(`${text.slice(0, -1)},"padding":"`),
    { length: bytes, read: (offset, most) => padding.subarray(0, Math.min(most, bytes - offset)) },
    ByteSource.fromText('"}')
  ])
  return { source, start: 0, end: source.length, contentLength: source.length }
}
