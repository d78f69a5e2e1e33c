/**
 * Errors in words: what failed, with the value; the reason; what to do.
 *
 * @module
 */
import {
  type JobFailedData,
  type JobKind,
  type JobState,
  jobKindNames,
  jobKinds,
  type RequestErrorData,
  type ResultUnavailableData,
  type TtdJobsErrorData
} from "../model/index.ts"
import { formatDuration } from "./Durations.ts"
import { excerpt } from "./Excerpt.ts"
import { formatBytes } from "./Quantities.ts"
import { withPercentage, words } from "./StateText.ts"

/** How sentences speak to their reader: developers who call functions, users of a command line, clients of an HTTP API. */
export interface Vocabulary {
  /** How a setting is called, by its name in the options: `timeout`, `poll.interval`, `retry.exponent`. */
  readonly setting: (name: string) => string
  /** Whether sentences name the upstream operation beside the job. */
  readonly namesOperations: boolean
  /** What to do about an error. */
  readonly advice: (error: TtdJobsErrorData) => string
}

/** An error in words. */
export interface ErrorDescription {
  /** What failed, with the value, and the reason. */
  readonly message: string
  /** The reason in brief, where job and host are named already: in a table's row, a warning, a log. */
  readonly reason: string
  /** What to do. */
  readonly advice: string
}

/**
 * Describes an error, given as itself or as its JSON, in the words of a vocabulary. `@ttd-jobs/core` has vocabularies for functions, flags
 * and HTTP problems; without one the words are those for functions, and the advice is what the error itself brings.
 *
 * @example
 * ```ts
 * import { describeError } from "@ttd-jobs/core/text"
 *
 * const request = { operation: "getJobStatus", ref: "standard:1", host: "api.example" }
 * const { message, reason } = describeError({ _tag: "RequestTimeoutError", ...request, timeout: 30_000 })
 * message // "getJobStatus of standard:1 failed: no response from api.example within 30 s"
 * reason // "no response within 30 s"
 * ```
 */
export const describeError = (error: TtdJobsErrorData, vocabulary: Vocabulary = plainVocabulary): ErrorDescription => {
  const [failure, reason, brief = reason] = partsOf(error, vocabulary)
  return { message: joined(": ", failure, reason), reason: brief || failure, advice: vocabulary.advice(error) }
}

const plainVocabulary: Vocabulary = {
  setting: (name) => name,
  namesOperations: true,
  advice: ({ advice = "" }) => advice
}

/** What failed, why, and why in brief where that differs. */
type Parts = readonly [failure: string, reason: string, brief?: string]

const partsOf = (error: TtdJobsErrorData, { namesOperations, setting }: Vocabulary): Parts => {
  switch (error._tag) {
    case "InvalidJobRefError":
      return [
        `Invalid job reference ${JSON.stringify(error.input)}`,
        `${words(error.reason)} (expected ${jobKindNames.map(formOf).join(", ")} or an integer)`
      ]
    case "InvalidSettingError": {
      const { kind, value } = error
      const name = setting(error.setting)
      const place = name !== kind && `for ${name}`
      return [
        joined(" ", "Invalid", kind, value !== null && JSON.stringify(value), place),
        `expected ${error.expected}`
      ]
    }
    case "WaitTimeoutError": {
      const { elapsed, isEarly, lastError, lastSeen, polls, ref } = error
      const seen = lastSeen ? statusText(lastSeen) : "none"
      return [
        `Timed out after ${formatDuration(elapsed)} waiting for ${ref} (last status: ${seen}, ${polls} poll${polls === 1 ? "" : "s"})`,
        joined(
          "; ",
          isEarly && "the server asks for a pause past the deadline",
          lastError && `last error: ${requestReason(lastError, true)}`
        )
      ]
    }
    case "JobFailedError":
      return endedParts(error, error.snapshot.errors.length === 0 && "the server gave no reason")
    case "ResultUnavailableError": {
      const { age, lifetime, reason, ref, snapshot } = error
      if (reason === "not-finished") return [`${ref} has no result yet`, `status ${statusText(snapshot)}`]
      if (reason === "none") return endedParts(error, "no result")
      return [
        `The result of ${ref} has expired`,
        `the job ended ${formatDuration(age ?? 0)} ago, and results are kept for ${formatDuration(lifetime ?? 0)}`
      ]
    }
    case "DownloadError": {
      const { bytes, host, issue, ref, size } = error
      const received = joined(" of ", formatBytes(bytes), size !== null && formatBytes(size))
      return [`Download of ${joined(" from ", ref, host)} failed`, `${issue} (${received} received)`, issue]
    }
    default:
      return [
        namesOperations ? `${error.operation} of ${error.ref} failed` : error.ref,
        requestReason(error, true),
        requestReason(error, false)
      ]
  }
}

const endedParts = ({ ref, snapshot }: JobFailedData | ResultUnavailableData, remark: string | false): Parts => [
  `${ref} ended as ${snapshot.status}`,
  joined("; ", remark, ...snapshot.errors)
]

/** Why a request failed: in full with host and request id, or in brief. */
const requestReason = (error: RequestErrorData, isFull: boolean): string => {
  const { host } = error
  const [by, from, at] = isFull ? [` by ${host}`, ` from ${host}`, ` (${host})`] : ["", "", ""]
  switch (error._tag) {
    case "RateLimitedError":
      return `not sent: paused${by} for another ${formatDuration(error.retryAfter)} (${error.status})`
    case "TransportError":
      return (error.reason === "other" ? error.code : words(error.reason)) + at
    case "RequestTimeoutError":
      return `no response${from} within ${formatDuration(error.timeout)}`
  }
  const { requestId, status } = error
  const id = requestId !== null && `(request id ${requestId})`
  const response = isFull ? joined(" ", host, "returned", status, id) : status
  switch (error._tag) {
    case "ProblemDetailsError":
      return joined(": ", response, error.title, error.detail)
    case "ApiError": {
      const pause = error.retryAfter !== null && `asking for a pause of ${formatDuration(error.retryAfter)}`
      return joined(": ", joined(", ", response, pause), excerpt(error.body))
    }
    case "ResponseDecodeError":
      return joined(": ", response, words(error.reason), error.issue)
  }
}

const formOf = (kind: JobKind) => `${kind}:<${jobKinds[kind].id === "int64" ? "int64" : "id"}>`

const statusText = ({ completionPercentage, status }: Pick<JobState, "completionPercentage" | "status">) =>
  withPercentage(status, completionPercentage)

const joined = (separator: string, ...parts: ReadonlyArray<string | number | false | null>) =>
  parts.filter(Boolean).join(separator)
