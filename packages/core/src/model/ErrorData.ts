/**
 * The errors of `@ttd-jobs/core` as plain data: what each of them holds, without a class.
 *
 * @module
 */
import type { JobPhase } from "./Phases.ts"
import type { JobRefProblem } from "./References.ts"

/** The part of a snapshot that error sentences name. */
export interface JobState {
  readonly phase: JobPhase
  readonly status: string
  readonly completionPercentage: number | null
  readonly errors: ReadonlyArray<string>
}

/** What was requested. */
interface Request {
  readonly operation: string
  readonly ref: string
  readonly host: string
}

/** What came back. */
interface Response extends Request {
  readonly status: number
  readonly requestId: string | null
  readonly body: string
}

/** A job reference that was not understood. */
export interface InvalidJobRefData {
  readonly _tag: "InvalidJobRefError"
  readonly input: string
  readonly reason: JobRefProblem
}

/** What kind of value a setting takes. */
export const settingKinds = ["duration", "number", "integer", "URL", "token", "header", "text", "value"] as const

/** A setting that cannot be used: what was expected, and what was given unless that is secret. */
export interface InvalidSettingData {
  readonly _tag: "InvalidSettingError"
  readonly setting: string
  readonly kind: (typeof settingKinds)[number]
  readonly value: string | null
  readonly expected: string
}

/** A rejected request with a JSON problem (RFC 9457). */
export interface ProblemDetailsData extends Response {
  readonly _tag: "ProblemDetailsError"
  readonly title: string | null
  readonly detail: string | null
}

/** Any other unexpected response; `retryAfter` in milliseconds. */
export interface ApiErrorData extends Response {
  readonly _tag: "ApiError"
  readonly retryAfter: number | null
}

/** A request that was never sent, because the endpoint is paused for `retryAfter` milliseconds, past the deadline. */
export interface RateLimitedData extends Request {
  readonly _tag: "RateLimitedError"
  readonly retryAfter: number
  readonly status: number
}

/** Why there was no response; `other` for a code of the runtime that this package does not know. */
export type ConnectionProblem =
  | "certificate-expired"
  | "certificate-not-yet-valid"
  | "certificate-for-another-host"
  | "certificate-not-trusted"
  | "host-not-found"
  | "connection-refused"
  | "connection-reset"
  | "connection-timed-out"
  | "network-unreachable"
  | "tls-handshake-failed"
  | "unreadable-http-response"
  | "other"

/** A request without a response: the runtime's error code, and what it means. */
export interface TransportErrorData extends Request {
  readonly _tag: "TransportError"
  readonly code: string
  readonly reason: ConnectionProblem
}

/** A request without a complete response within `timeout` milliseconds. */
export interface RequestTimeoutData extends Request {
  readonly _tag: "RequestTimeoutError"
  readonly timeout: number
}

/**
 * Why a success cannot be used. `empty-body`; `not-json`; `body-too-large`: there is more of it than is read; `unexpected-body`: the JSON
 * violates the contract; `status-of-another-job`: it is not for the requested job.
 */
export const responseProblems = [
  "empty-body",
  "not-json",
  "body-too-large",
  "unexpected-body",
  "status-of-another-job"
] as const

/** A success that cannot be used. */
export interface ResponseDecodeData extends Response {
  readonly _tag: "ResponseDecodeError"
  readonly reason: (typeof responseProblems)[number]
  readonly issue: string
}

/** An error of one request for a job's status. */
export type RequestErrorData =
  | ProblemDetailsData
  | ApiErrorData
  | RateLimitedData
  | TransportErrorData
  | RequestTimeoutData
  | ResponseDecodeData

/** A wait whose deadline passed before the job ended. Times are milliseconds. */
export interface WaitTimeoutData {
  readonly _tag: "WaitTimeoutError"
  readonly ref: string
  readonly elapsed: number
  readonly polls: number
  /** Whether the wait ended before its deadline, because the server asked for a pause past it. */
  readonly isEarly: boolean
  readonly lastSeen: Pick<JobState, "status" | "completionPercentage"> | null
  readonly lastError: RequestErrorData | null
}

/** A job that failed or was cancelled. */
export interface JobFailedData {
  readonly _tag: "JobFailedError"
  readonly ref: string
  readonly snapshot: JobState
}

/** Why there is no result: the job has not ended, it left none, or it is gone. */
export const resultProblems = ["not-finished", "none", "expired"] as const

/** A job without a result to download. */
export interface ResultUnavailableData {
  readonly _tag: "ResultUnavailableError"
  readonly ref: string
  readonly reason: (typeof resultProblems)[number]
  readonly snapshot: JobState
  /** How long ago the job ended, in milliseconds; null when it has not ended. */
  readonly age: number | null
  /** How long results of this kind of job are kept, in milliseconds; null when the job has not ended. */
  readonly lifetime: number | null
}

/**
 * Why a result was not delivered. `refused`: the server does not serve the file. `unsafe-link`: the link, or a redirect, is not allowed.
 * `interrupted`: the transfer broke off and could not be resumed. `changed`: the file changed on the server meanwhile. `length`, `digest`:
 * the bytes are not the announced ones. `encoding`: the compressed body is incomplete, corrupt, or cannot be verified. `too-large`,
 * `timeout`: a limit of the caller's. `exists`, `busy`, `file`: the target on this machine.
 */
export const downloadProblems = [
  "refused",
  "unsafe-link",
  "interrupted",
  "changed",
  "length",
  "digest",
  "encoding",
  "too-large",
  "timeout",
  "exists",
  "busy",
  "file"
] as const

/** Why a result was not delivered: one of `downloadProblems`. */
export type DownloadProblem = (typeof downloadProblems)[number]

/** A result that was not delivered whole and unchanged. */
export interface DownloadErrorData {
  readonly _tag: "DownloadError"
  readonly ref: string
  readonly reason: DownloadProblem
  /** Why there was no connection to the file's host; null when that is not the reason. */
  readonly connection: ConnectionProblem | null
  readonly issue: string
  readonly host: string | null
  readonly status: number | null
  readonly bytes: number
  readonly size: number | null
}

/** Any error of this package as data: an error itself, or its JSON. Both bring `advice`: what to do. */
export type TtdJobsErrorData = (
  | InvalidJobRefData
  | InvalidSettingData
  | RequestErrorData
  | WaitTimeoutData
  | JobFailedData
  | ResultUnavailableData
  | DownloadErrorData
) & { readonly advice?: string }
