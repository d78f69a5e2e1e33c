/**
 * Why a request failed, in a few words: without the job, the operation and codes of the runtime.
 *
 * @module
 */
import { STATUS_CODES } from "node:http"
import type { RequestError } from "@ttd-jobs/core"
import { cleanLine } from "./CleanText.ts"
import { durationText } from "./DurationText.ts"

/** A request error in a few words: `connection refused`, `503 Service Unavailable`, `404 Not Found: No such job`. */
export const problemText = (error: RequestError): string => {
  switch (error._tag) {
    case "ProblemDetailsError":
      return withReason(statusText(error.status), error.detail ?? error.title ?? "")
    case "ApiError":
      return withReason(statusText(error.status), bodyText(error.body))
    case "RateLimitedError":
      return `held back after ${statusText(error.status)}`
    case "TransportError":
      return connectionText(error.code)
    case "RequestTimeoutError":
      return `no response within ${error.timeout < 1000 ? `${error.timeout} ms` : durationText(error.timeout)}`
    case "ResponseDecodeError":
      return `unexpected response: ${cleanLine(error.issue)}`
  }
}

const statusText = (status: number): string => `${status} ${STATUS_CODES[status] ?? ""}`.trim()

const withReason = (status: string, reason: string): string => {
  const text = cleanLine(reason).replace(/[.\s]+$/, "")
  // Gateways repeat the status in their pages.
  const isRepeated = text.startsWith(status.slice(0, 3)) || status.toLowerCase().includes(text.toLowerCase())
  return isRepeated ? status : `${status}: ${text}`
}

/** Codes of Node and undici, by what they begin with, in the words of `strerror` and OpenSSL. */
const connectionTexts: ReadonlyArray<readonly [code: RegExp, text: string]> = [
  [/^ECONNREFUSED/, "connection refused"],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)/, "connection reset"],
  [/^ENOTFOUND/, "host not found"],
  [/^EAI_/, "host name lookup failed"],
  [/^(?:ETIMEDOUT|UND_ERR_\w*TIMEOUT)/, "connection timed out"],
  [/^E(?:HOST|NET)(?:UNREACH|DOWN)/, "network unreachable"],
  [/^CERT_HAS_EXPIRED/, "certificate expired"],
  [/^CERT_NOT_YET_VALID/, "certificate not valid yet"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID/, "certificate is for another host"],
  [/SELF_SIGNED|ISSUER|LEAF_SIGNATURE/, "certificate not trusted"],
  [/^(?:EPROTO|ERR_SSL|ERR_TLS)/, "TLS handshake failed"],
  [/^(?:HPE_|UND_ERR_HEADERS_OVERFLOW)/, "unreadable HTTP response"]
]

/** Why a connection failed, in words; a reason that is none of the known codes as it is. */
export const connectionText = (reason: string): string =>
  connectionTexts.find(([code]) => code.test(reason))?.[1] ?? cleanLine(reason)

/** What the body of an error response says: the title of a page, the code of an XML error, the message in JSON, or its first line. */
export const bodyText = (body: string): string => {
  const title = /<title[^>]*>([^<]*)/i.exec(body)?.[1] ?? /<h1[^>]*>([^<]*)/i.exec(body)?.[1]
  if (title !== undefined) return cleanLine(title)
  const code = /<Code>([^<]*)<\/Code>/.exec(body)?.[1]
  if (code !== undefined) return cleanLine([code, /<Message>([^<]*)/.exec(body)?.[1]].filter(Boolean).join(": "))
  if (/^\s*</.test(body)) return ""
  return cleanLine(jsonMessage(body) ?? body).slice(0, longest)
}

const longest = 200

const jsonMessage = (body: string): string | undefined =>
  /"(?:message|detail|title|error)"\s*:\s*"([^"\\]+)"/.exec(body)?.[1]
