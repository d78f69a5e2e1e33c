/**
 * Job status for The Trade Desk's Workflows API, on Effect.
 *
 * @module
 */
export type { CallError, CallOptions } from "./Client.ts"
export type { Continuation, DownloadFailure, OpenDownload } from "./Download.ts"
export type { DownloadEvent, DownloadOptions } from "./DownloadOptions.ts"
export { type Endpoint, endpoints, type OperationId, pathOf } from "./Endpoint.ts"
export * from "./Errors.ts"
export type { RemoteFile } from "./FileAnswer.ts"
export type { FileDigest } from "./FileDigest.ts"
export type * as Wire from "./generated/job-status.ts"
export { version } from "./generated/version.ts"
export { JobKind } from "./JobKind.ts"
export { type JobIdInput, JobRef, type JobRefInput } from "./JobRef.ts"
export { isTerminal, JobPhase, JobResult, JobSnapshot, resultLifetime } from "./JobSnapshot.ts"
export { JobStatus, type JobStatusService } from "./JobStatus.ts"
export type { WaitError } from "./Observer.ts"
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
export type { Kept } from "./Transfer.ts"
export type { WaitOutcome, WaitRefusal } from "./Waiting.ts"
export type { WaitEvent, WaitOptions } from "./WaitOptions.ts"
