/**
 * Job status for The Trade Desk's Workflows API, on Effect.
 *
 * @module
 */
export type { CallError, CallOptions } from "./call/Client.ts"
export type { DownloadFailure } from "./download/Download.ts"
export type { DownloadEvent, DownloadOptions } from "./download/DownloadOptions.ts"
export type { RemoteFile } from "./download/FileAnswer.ts"
export type { FileDigest } from "./download/FileDigest.ts"
export { type Endpoint, endpoints, type OperationId, pathOf } from "./Endpoint.ts"
export * from "./Errors.ts"
export type * as Wire from "./generated/job-status.ts"
export { version } from "./generated/version.ts"
export { JobKind } from "./JobKind.ts"
export { type JobIdInput, JobRef, type JobRefInput } from "./JobRef.ts"
export { isTerminal, JobPhase, JobResult, JobSnapshot, resultLifetime } from "./JobSnapshot.ts"
export { JobStatus, type JobStatusService } from "./JobStatus.ts"
export * as PollSchedule from "./PollSchedule.ts"
export {
  GraphQlJob,
  GraphQlJobRetrievalResponse,
  graphQlJobStatuses,
  ProblemDetails,
  StandardJobStatusResponse,
  standardJobStatuses
} from "./Responses.ts"
export { ResumePoint } from "./ResumePoint.ts"
export * as RetryPolicy from "./RetryPolicy.ts"
export { baseUrlOf, isLoopback, type Server, servers } from "./Server.ts"
export type { JobStatusOptions } from "./Settings.ts"
export type { WaitError } from "./waiting/Observer.ts"
export type { WaitOutcome, WaitRefusal } from "./waiting/Waiting.ts"
export type { WaitEvent, WaitOptions } from "./waiting/WaitOptions.ts"
