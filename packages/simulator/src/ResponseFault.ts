/**
 * Faulty responses of the API or of the file server: other statuses, redirects, gateway pages, raw status lines, encodings.
 *
 * @example
 * ```ts
 * import { Fault, startSimulator } from "@ttd-jobs/simulator/promise"
 *
 * await using simulator = await startSimulator()
 * // One request each, in this order; afterwards requests succeed again.
 * await simulator.addFaults([
 *   Fault.tooManyRequests("1.5"),
 *   Fault.serverError(503, 30),
 *   Fault.slowDown(),
 *   Fault.htmlPage(502),
 *   Fault.emptyBody(504),
 *   Fault.problem(403, { title: "No access" }),
 *   Fault.redirectTo("https://example.com/"),
 *   Fault.response(240),
 *   // A rejected token whose response body never ends.
 *   Fault.response(401, { body: "denied", transfer: Fault.stall() }),
 *   Fault.rawResponse("HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n"),
 *   Fault.otherStatus(203),
 *   Fault.extraHeaders(22),
 *   Fault.encoded("gzip", { cut: 20 })
 * ])
 * ```
 *
 * @module
 */
import type { TransferFault } from "./ConnectionFault.ts"
import * as OptionChecks from "./OptionChecks.ts"

/** A response with a given status, body and headers instead of the regular one. */
export interface FixedResponse {
  readonly _tag: "FixedResponse"
  /** The fault's name in the report. */
  readonly name: string
  /** From 200 to 599. */
  readonly status: number
  readonly body: string
  /** Null: no `Content-Type`. */
  readonly contentType: string | null
  readonly headers: Readonly<Record<string, string>>
  /** Whether `x-ttd-request-id` is sent. */
  readonly requestId: boolean
  /** How the transfer of this response fails; undefined: not at all. */
  readonly transfer: TransferFault | undefined
}

/** Bytes that are written to the connection as they are, which is then closed. */
export interface RawResponse {
  readonly _tag: "RawResponse"
  readonly bytes: Uint8Array
}

/** The regular response with another status code. */
export interface OtherStatus {
  readonly _tag: "OtherStatus"
  readonly status: number
}

/** The regular response with many bytes of additional headers. */
export interface ExtraHeaders {
  readonly _tag: "ExtraHeaders"
  readonly bytes: number
}

/** A content coding that Node can produce. `deflate-raw` is DEFLATE without the zlib wrapper that RFC 9110 requires. */
export type ContentCoding = "gzip" | "deflate" | "deflate-raw" | "br" | "zstd" | "identity"

/** The regular response with a content coding. */
export interface Encoded {
  readonly _tag: "Encoded"
  readonly codings: ReadonlyArray<ContentCoding>
  /** The value of `Content-Encoding`. */
  readonly label: string
  /** Bytes missing at the end of the encoded body. */
  readonly cut: number
  /** Whether the body is chunked. */
  readonly chunked: boolean
}

/** A response that differs from the regular one in its head or encoding. */
export type ResponseFault = FixedResponse | RawResponse | OtherStatus | ExtraHeaders | Encoded

/** Settings of `response`. */
export interface ResponseOptions {
  /** Default: empty. */
  readonly body?: string | undefined
  /** Default `text/plain` when there is a body, else none; null for none. */
  readonly contentType?: string | null | undefined
  /** Characters beyond ASCII are sent as UTF-8. `date` replaces the header that the server adds by itself. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Whether `x-ttd-request-id` is sent. Default true. */
  readonly requestId?: boolean | undefined
  /** How the transfer of this response fails, such as `Fault.stall()` for a body that never ends. Default: not at all. */
  readonly transfer?: TransferFault | undefined
  /** The fault's name in the report. Default `response`. */
  readonly name?: string | undefined
}

/** Any final status with any body, such as `response(240)` or `response(302, { headers: { location: "https://example.com/" } })`. */
export const response = (status: number, options: ResponseOptions = {}): FixedResponse => {
  checkStatus(status)
  const { body = "", contentType = body === "" ? null : "text/plain", headers = {}, requestId = true } = options
  const { name = "response", transfer } = options
  return { _tag: "FixedResponse", name, status, body, contentType, headers, requestId, transfer }
}

/** A problem document (RFC 9457) as `application/json`, as upstream sends it with 400, 401, 403 and 404. */
export const problem = (status: number, fields: Readonly<Record<string, unknown>> = {}): FixedResponse =>
  response(status, {
    name: "problem",
    contentType: "application/json",
    body: JSON.stringify({ title: "Problem", status, ...fields })
  })

/** 429. `retryAfter`: the header, in seconds or as any text; without it the header is not sent. */
export const tooManyRequests = (retryAfter?: number | string): FixedResponse =>
  response(429, {
    name: "tooManyRequests",
    contentType: "application/json",
    body: JSON.stringify({ message: "Too many requests." }),
    headers: retryAfterHeader(retryAfter)
  })

/**
 * A 5XX without a body, as upstream declares it. Default status 503. `retryAfter`: the header, in seconds or as any text; without
 * it the header is not sent.
 */
export const serverError = (status = 503, retryAfter?: number | string): FixedResponse =>
  response(status, { name: "serverError", headers: retryAfterHeader(retryAfter) })

/** 503 of an object storage that asks for fewer requests: `SlowDown` in XML. */
export const slowDown = (retryAfter?: number | string): FixedResponse =>
  response(503, {
    name: "slowDown",
    contentType: "application/xml",
    body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
    headers: retryAfterHeader(retryAfter)
  })

/** An HTML page of a gateway. Default status 502. */
export const htmlPage = (status = 502): FixedResponse =>
  response(status, {
    name: "htmlPage",
    contentType: "text/html; charset=utf-8",
    body: `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body><h1>${status}</h1><p>Gateway error.</p></body></html>\n`
  })

/** An empty body whose content type promises JSON. Default status 200. */
export const emptyBody = (status = 200): FixedResponse =>
  response(status, { name: "emptyBody", contentType: "application/json" })

/** A redirect to any URL. For redirects of the file server that lead back to the file, see `redirect`. */
export const redirectTo = (location: string, status: 301 | 302 | 303 | 307 | 308 = 302): FixedResponse =>
  response(status, { name: "redirectTo", headers: { location } })

/**
 * Writes text (as UTF-8) or bytes to the connection and closes it: for status lines that no HTTP server can produce, such as
 * `"HTTP/1.1 999 Denied\r\n\r\n"`, statuses 101 and 600, or malformed headers.
 */
export const rawResponse = (response: string | Uint8Array): RawResponse => ({
  _tag: "RawResponse",
  bytes: typeof response === "string" ? new TextEncoder().encode(response) : response
})

/** The regular response with another status code, such as 203 from a transforming proxy. */
export const otherStatus = (status: number): OtherStatus => ({ _tag: "OtherStatus", status: checkStatus(status) })

/** The regular response with `kilobytes` (10^3 bytes) of additional headers: more than Node's and most clients' limit of 16 KB. */
export const extraHeaders = (kilobytes = 22): ExtraHeaders => ({ _tag: "ExtraHeaders", bytes: kilobytes * 1000 })

/** Settings of `encoded`. */
export interface EncodedOptions {
  /** The value of `Content-Encoding`. Default: the codings in the order of their use. */
  readonly label?: string | undefined
  /** Bytes missing at the end of the encoded body, though its transfer is complete. Default 0. */
  readonly cut?: number | undefined
  /** Whether the body is chunked; if not, `Content-Length` is that of the bytes sent. Default false. */
  readonly chunked?: boolean | undefined
}

/**
 * The regular response, whole, with one content coding or several, whatever the request accepts. With `cut` the end of the encoded
 * body is missing although the transfer ends properly: only a decoder can notice it.
 */
export const encoded = (
  codings: ContentCoding | ReadonlyArray<ContentCoding>,
  options: EncodedOptions = {}
): Encoded => {
  const list = typeof codings === "string" ? [codings] : codings
  const label = list.map((coding) => (coding === "deflate-raw" ? "deflate" : coding)).join(", ")
  return {
    _tag: "Encoded",
    codings: list,
    label: options.label ?? label,
    cut: OptionChecks.integer("cut", options.cut ?? 0, 0),
    chunked: options.chunked ?? false
  }
}

const checkStatus = (status: number) => {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status
  throw new RangeError(`invalid status ${status} (expected an integer from 200 to 599; for others use rawResponse)`)
}

const retryAfterHeader = (value: number | string | undefined): Readonly<Record<string, string>> =>
  value === undefined ? {} : { "retry-after": String(value) }
