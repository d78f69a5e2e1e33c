/**
 * Upstream's refusals: problems (RFC 9457) as `application/json`.
 *
 * @module
 */
import type { Wire } from "@ttd-jobs/core"
import type { Draft } from "./Delivery.ts"

/** A refusal with its reason in one sentence. */
export const problem = (status: number, detail: string, headers: Readonly<Record<string, string>> = {}): Draft => {
  const { section, title } = kinds[status] ?? { section: "15.5", title: "Refused" }
  const body: Wire.ProblemDetails = {
    type: `https://tools.ietf.org/html/rfc9110#section-${section}`,
    title,
    status,
    detail,
    instance: null
  }
  return { status, headers, contentType: "application/json", body: JSON.stringify(body) }
}

const kinds: Readonly<Record<number, { readonly section: string; readonly title: string }>> = {
  400: { section: "15.5.1", title: "Bad Request" },
  401: { section: "15.5.2", title: "Unauthorized" },
  404: { section: "15.5.5", title: "Not Found" },
  405: { section: "15.5.6", title: "Method Not Allowed" }
}
