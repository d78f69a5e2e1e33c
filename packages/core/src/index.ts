/**
 * Job status for The Trade Desk's Workflows API, on Effect.
 *
 * @module
 */
export type { CallError, CallOptions } from "./client/Client.ts"
export type { JobStatusOptions } from "./client/ClientOptions.ts"
export * as RetryPolicy from "./client/RetryPolicy.ts"
export { baseUrlOf, isLoopback, type Server, servers } from "./client/Server.ts"
export type { DownloadFailure } from "./download/Download.ts"
export type { DownloadEvent, DownloadOptions } from "./download/DownloadOptions.ts"
export type { RemoteFile } from "./download/FileAnswer.ts"
export type { FileDigest } from "./download/FileDigest.ts"
export { type Endpoint, endpoints, type OperationId, pathOf } from "./Endpoint.ts"
export * from "./errors/Errors.ts"
export type * as Wire from "./generated/job-status.ts"
export { version } from "./generated/version.ts"
export {
  GraphQlJob,
  GraphQlJobRetrievalResponse,
  graphQlJobStatuses,
  ProblemDetails,
  StandardJobStatusResponse,
  standardJobStatuses
} from "./http/Responses.ts"
export { JobKind } from "./JobKind.ts"
export { type JobIdInput, JobRef, type JobRefInput } from "./JobRef.ts"
export { isTerminal, JobPhase, JobResult, JobSnapshot, resultLifetime } from "./JobSnapshot.ts"
export { JobStatus, type JobStatusService } from "./JobStatus.ts"
export type { WaitError } from "./tracking/Observer.ts"
export * as PollSchedule from "./tracking/PollSchedule.ts"
export { ResumePoint } from "./tracking/ResumePoint.ts"
export type { WaitOutcome, WaitRefusal } from "./tracking/Wait.ts"
export type { WaitEvent, WaitOptions } from "./tracking/WaitOptions.ts"
