/**
 * Exit codes of the program and what they mean.
 *
 * @module
 */
import { type DownloadError, isTransientStatus, type JobPhase } from "@ttd-jobs/core"
import type { ExitCode } from "./ExitCodeTable.ts"
import type { Failure } from "./Failure.ts"

export type { ExitCode } from "./ExitCodeTable.ts"

/** The code for the phase a job is in. */
export const ofPhase = (phase: JobPhase, allowPartial: boolean): ExitCode => {
  switch (phase) {
    case "succeeded":
      return 0
    case "partially-succeeded":
      return allowPartial ? 0 : 8
    case "failed":
    case "cancelled":
      return 3
    case "expired":
      return 7
    case "queued":
    case "running":
    case "unknown":
      return 10
  }
}

/** The code for what went wrong. */
export const ofFailure = (failure: Failure): ExitCode => {
  switch (failure._tag) {
    case "UsageError":
    case "InvalidJobRefError":
    case "InvalidSettingError":
      return 2
    case "ProblemDetailsError":
    case "ApiError":
      return ofStatus(failure.status)
    case "RateLimitedError":
    case "TransportError":
    case "RequestTimeoutError":
    case "ResponseDecodeError":
      return 9
    case "OutputError":
      return failure.isClosedPipe ? 141 : 1
    case "CommandTimeoutError":
    case "WaitTimeoutError":
      return 6
    case "JobFailedError":
      return ofPhase(failure.snapshot.phase, false)
    case "ResultUnavailableError":
      return failure.reason === "expired" ? 7 : 1
    case "DownloadError":
      return ofDownload(failure.reason)
  }
}

const ofStatus = (status: number): ExitCode => {
  if (status === 401 || status === 403) return 4
  if (status === 404) return 5
  // Below 400 the API did not refuse: the answer is one that holds no job.
  return status < 400 || isTransientStatus(status) ? 9 : 1
}

const ofDownload = (reason: DownloadError["reason"]): ExitCode => {
  switch (reason) {
    case "timeout":
      return 6
    case "interrupted":
    case "changed":
    case "length":
    case "digest":
    case "encoding":
      return 9
    case "exists":
      return 2
    case "refused":
    case "unsafe-link":
    case "too-large":
    case "busy":
    case "file":
      return 1
  }
}

/** The published order of several codes. A closed pipe is last: the code of a job says more. */
const fromWorst: ReadonlyArray<ExitCode> = [143, 131, 130, 129, 2, 9, 4, 5, 1, 3, 7, 8, 6, 10, 141]

/** The worst of several codes; 0 for none. */
export const worst = (codes: Iterable<ExitCode>): ExitCode => {
  const given = new Set(codes)
  return fromWorst.find((code) => given.has(code)) ?? 0
}
