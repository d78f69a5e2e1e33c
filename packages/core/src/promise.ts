/**
 * Job status for The Trade Desk's Workflows API, with promises: nothing of Effect has to be known to use it.
 *
 * @module
 */
export type { JobStatusOptions } from "./client/ClientOptions.ts"
export * as RetryPolicy from "./client/RetryPolicy.ts"
export type { Server } from "./client/Server.ts"
export type { DownloadInput, SnapshotInput } from "./download/DownloadSource.ts"
export type { LinkPolicy } from "./download/FileClient.ts"
export type { RemoteFile } from "./download/FileContent.ts"
export type { PartialDownload } from "./download/Transfer.ts"
export {
  ApiError,
  DownloadError,
  InvalidJobRefError,
  InvalidSettingError,
  isPermanent,
  isTransient,
  ProblemDetailsError,
  RateLimitedError,
  type RequestError,
  RequestTimeoutError,
  ResponseDecodeError,
  TransportError
} from "./errors/Errors.ts"
export type { TokenInput, TokenProvider } from "./http/Credential.ts"
export type { FetchFunction, KyOption } from "./http/KyRequest.ts"
export type { JobKind } from "./JobKind.ts"
export { type JobIdInput, JobRef, type JobRefInput } from "./JobRef.ts"
export type { JobPhase, JobResult } from "./JobSnapshot.ts"
export { makeLimiter } from "./limiter/AccountLimiter.ts"
export { maxPause } from "./limiter/Pause.ts"
export { isFailed, isTerminal } from "./model/index.ts"
export { createClient } from "./promise/CreateClient.ts"
export {
  isTtdJobsError,
  JobFailedError,
  ResultUnavailableError,
  type TtdJobsError,
  WaitTimeoutError
} from "./promise/Errors.ts"
export type { DownloadEvent, WaitEvent } from "./promise/Events.ts"
export type {
  CallOptions,
  DownloadOptions,
  JobStatusClient,
  OpenDownload,
  OpenDownloadOptions,
  RawResponse,
  WaitOptions
} from "./promise/JobStatusClient.ts"
export type { GraphQlJob, GraphQlJobRetrievalResponse, StandardJobStatusResponse } from "./promise/Responses.ts"
export { JobSnapshot } from "./promise/Snapshot.ts"
export type { PollPolicyOptions } from "./tracking/PollSchedule.ts"
export { ResumePoint } from "./tracking/ResumePoint.ts"
