/**
 * Error responses of the API: problem documents (RFC 9457) as `application/json`, and the gateway's messages.
 *
 * @module
 */
import type { Wire } from "@ttd-jobs/core"
import type { SimulatedResponse } from "./SimulatedResponse.ts"

/** A problem document with one sentence as its detail. */
export const problemResponse = (
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {}
): SimulatedResponse => {
  const { section, title } = kinds[status] ?? { section: "15.5", title: "Error" }
  const body: Wire.ProblemDetails = {
    type: `https://tools.ietf.org/html/rfc9110#section-${section}`,
    title,
    status,
    detail,
    instance: null
  }
  return { status, headers, contentType: "application/json", body: JSON.stringify(body) }
}

/** A message of the gateway in front of the API, which writes no problem documents (contract, "Errors"). */
export const gatewayResponse = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {}
): SimulatedResponse => {
  const body: Wire.GatewayMessage = { message }
  return { status, headers, contentType: "application/json", body: JSON.stringify(body) }
}

const kinds: Readonly<Record<number, { readonly section: string; readonly title: string }>> = {
  400: { section: "15.5.1", title: "Bad Request" },
  401: { section: "15.5.2", title: "Unauthorized" },
  403: { section: "15.5.4", title: "Forbidden" },
  404: { section: "15.5.5", title: "Not Found" },
  405: { section: "15.5.6", title: "Method Not Allowed" }
}
