/**
 * Applies a fault of the JSON to a response of the API.
 *
 * @module
 */
import * as ByteSource from "./ByteSource.ts"
import type { JsonFault, MinimumDate } from "./JsonFault.ts"
import type { SimulatedResponse } from "./SimulatedResponse.ts"
import { type Fields, jsonText, type StatusBody, textOf } from "./StatusBody.ts"

/**
 * The response with the fault. `body` is the status that the response contains, or null for an error response, which faults of a
 * job's fields do not change.
 */
export const applyJsonFault = (
  response: SimulatedResponse,
  body: StatusBody | null,
  fault: JsonFault
): SimulatedResponse => {
  const text = typeof response.body === "string" ? response.body : ""
  const withFields = (change: (fields: Fields, body: StatusBody) => Fields): SimulatedResponse =>
    body === null || body.job === null
      ? response
      : { ...response, body: jsonText(body.envelope(change(body.job, body))) }
  switch (fault._tag) {
    case "MalformedJson":
      return { ...response, body: fault.text ?? text.slice(0, -2) }
    case "WrongContentType":
      return { ...response, contentType: fault.contentType }
    case "OversizedBody":
      return { ...response, body: padded(text, fault.bytes) }
    case "NullFields":
      return withFields((fields, { neverNull }) =>
        mapValues(fields, (value, field) => (neverNull.has(field) ? value : null))
      )
    case "MissingOptionalFields":
      return withFields((fields, { required }) => pick(fields, (field) => required.has(field)))
    case "ExtraFields":
      return withFields((fields) => ({ ...fields, ...unknownFields }))
    case "MissingRequiredField":
      return withFields((fields, { required }) =>
        pick(fields, (field) => (fault.field === undefined ? !required.has(field) : field !== fault.field))
      )
    case "FieldValue":
      return withFields((fields) => ({ ...fields, [fault.field]: fault.value }))
    case "OtherId":
      return withFields((fields) => ({ ...fields, id: fault.id }))
    case "MinimumDate":
      return withFields((fields) =>
        mapValues(fields, (value, field) => (isReplaced(field, fault) ? "0001-01-01T00:00:00" : value))
      )
    case "GraphQlErrors":
      return body === null || body.withErrors === null
        ? response
        : { ...response, body: textOf({ ...body, ...body.withErrors(fault.errors) }) }
  }
}

const unknownFields = {
  partnerId: "4f3a",
  priority: { level: 3, reason: null },
  links: [{ rel: "self", href: "https://example.com/" }]
}

const isReplaced = (field: string, { of }: MinimumDate) =>
  (of !== "completed" && field.startsWith("createdAt")) || (of !== "created" && field.startsWith("completedAt"))

const mapValues = (fields: Fields, change: (value: unknown, field: string) => unknown): Fields =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, change(value, field)]))

const pick = (fields: Fields, keeps: (field: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => keeps(field)))

const padding = new Uint8Array(ByteSource.partSize).fill("x".charCodeAt(0))

/** The padding is sent without being held in memory. */
const padded = (text: string, bytes: number) => {
  const source = ByteSource.concat([
    ByteSource.fromText(`${text.slice(0, -1)},"padding":"`),
    { length: bytes, read: (offset, max) => padding.subarray(0, Math.min(max, bytes - offset)) },
    ByteSource.fromText('"}')
  ])
  return { source, start: 0, end: source.length, contentLength: source.length }
}
