/**
 * Job status for The Trade Desk's Workflows API, on Effect.
 *
 * @module
 */
export type { CallError } from "./client/Client.ts"
export type { CallOptions, JobStatusOptions } from "./client/ClientOptions.ts"
export type { RawResponse } from "./client/RawResponse.ts"
export * as RetryPolicy from "./client/RetryPolicy.ts"
export { baseUrlOf, isLoopback, type Server, servers } from "./client/Server.ts"
export { CurrentTransport } from "./download/CurrentTransport.ts"
export type { DownloadFailure } from "./download/Download.ts"
export type { DownloadEvent, DownloadOptions } from "./download/DownloadOptions.ts"
export type { DownloadInput, SnapshotInput } from "./download/DownloadSource.ts"
export type { LinkPolicy } from "./download/FileClient.ts"
export type { RemoteFile } from "./download/FileContent.ts"
export type { FileDigest } from "./download/FileDigest.ts"
export type { ByteReader, FileTransport, TransportRequest, TransportResponse } from "./download/FileTransport.ts"
export type { OpenDownload, OpenDownloadOptions } from "./download/OpenDownload.ts"
export type { PartialDownload } from "./download/Transfer.ts"
export type { OperationId } from "./Endpoint.ts"
export * from "./errors/Errors.ts"
export type * as Wire from "./generated/job-status.ts"
export { version } from "./generated/version.ts"
export type { TokenInput, TokenProvider } from "./http/Credential.ts"
export type { FetchFunction, KyOption } from "./http/KyRequest.ts"
export { Redaction, redacted } from "./http/Redaction.ts"
export {
  GraphQlJob,
  GraphQlJobRetrievalResponse,
  graphQlJobStatuses,
  ProblemDetails,
  StandardJobStatusResponse,
  standardJobStatuses
} from "./http/Responses.ts"
export { JobKind } from "./JobKind.ts"
export { type JobIdentity, type JobIdInput, JobRef, type JobRefInput } from "./JobRef.ts"
export { JobPhase, JobResult, JobSnapshot } from "./JobSnapshot.ts"
export { JobStatus, type JobStatusService } from "./JobStatus.ts"
export { makeLimiter } from "./limiter/AccountLimiter.ts"
export { Limiter, type LimiterOption, type LimiterRequest } from "./limiter/Limiter.ts"
export { maxPause } from "./limiter/Pause.ts"
export {
  formatJobRef,
  isFailed,
  isJobKind,
  isJobPhase,
  isTerminal,
  isTransientStatus,
  type JobResultJson,
  type JobSnapshotJson,
  jobKinds,
  parseJobRef,
  phaseOf,
  phases,
  statusPath
} from "./model/index.ts"
export { parseDuration } from "./options/ParseDuration.ts"
export type { ResultLifetimeOption } from "./options/ResultLifetime.ts"
export type { Remedies } from "./text/Advice.ts"
export {
  type FullVocabulary,
  flagVocabulary,
  functionVocabulary,
  makeVocabulary,
  problemVocabulary
} from "./text/Vocabularies.ts"
export type {
  Changed,
  Ended,
  ExpiresSoon,
  JobTrackerEvent,
  PollFailed,
  Refused,
  TimedOut,
  UnknownStatus,
  WaitEvent
} from "./tracking/JobEvent.ts"
export { JobTracker, type JobTrackerService, type TrackOptions } from "./tracking/JobTracker.ts"
export * as PollSchedule from "./tracking/PollSchedule.ts"
export { ResumePoint } from "./tracking/ResumePoint.ts"
export type { TrackerLoad } from "./tracking/Tracker.ts"
export type { WaitOutcome, WaitRefusal } from "./tracking/Wait.ts"
export type { WaitError } from "./tracking/WaitListener.ts"
export type { WaitOptions } from "./tracking/WaitOptions.ts"
