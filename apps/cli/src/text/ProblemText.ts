/**
 * Why a request failed, in a few words: without the job, the operation and codes of the runtime.
 *
 * @module
 */
import { STATUS_CODES } from "node:http"
import type { RequestError } from "@ttd-jobs/core"
import { describeError, excerpt } from "@ttd-jobs/core/text"
import { cleanLine } from "./CleanText.ts"

/** A request error in a few words: `connection refused`, `503 Service Unavailable`, `404 Not Found: No such job`. */
export const problemText = (error: RequestError): string => {
  switch (error._tag) {
    case "ProblemDetailsError":
      return withReason(error.status, error.detail ?? error.title ?? "")
    case "ApiError":
      return withReason(error.status, messageIn(error.body) ?? excerpt(error.body))
    default:
      return cleanLine(describeError(error).reason)
  }
}

const withReason = (code: number, reason: string): string => {
  const status = `${code} ${STATUS_CODES[code] ?? ""}`.trim()
  const text = cleanLine(reason).replace(/[.\s]+$/, "")
  // Gateways repeat the status in their pages.
  const isRepeated = text.startsWith(String(code)) || status.toLowerCase().includes(text.toLowerCase())
  return isRepeated ? status : `${status}: ${text}`
}

/** The message of a JSON body, which other gateways send. */
const messageIn = (body: string): string | undefined =>
  /"(?:message|detail|title|error)"\s*:\s*"([^"\\]+)"/.exec(body)?.[1]
