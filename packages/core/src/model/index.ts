/**
 * The data model of job status, in plain TypeScript without Effect: job kinds, job references, phases, the JSON of a snapshot, and errors
 * as data.
 *
 * @module
 */
export type {
  ApiErrorData,
  ConnectionProblem,
  DownloadErrorData,
  DownloadProblem,
  InvalidJobRefData,
  InvalidSettingData,
  JobFailedData,
  JobState,
  ProblemDetailsData,
  RateLimitedData,
  RequestErrorData,
  RequestTimeoutData,
  ResponseDecodeData,
  ResultUnavailableData,
  TransportErrorData,
  TtdJobsErrorData,
  WaitTimeoutData
} from "./ErrorData.ts"
export {
  isJobKind,
  type JobKind,
  type JobKindTraits,
  jobKindNames,
  jobKinds,
  type OperationId,
  statusPath
} from "./JobKinds.ts"
export {
  isFailed,
  isJobPhase,
  isTerminal,
  type JobPhase,
  jobPhaseNames,
  type PhaseTraits,
  phaseOf,
  phases
} from "./Phases.ts"
export {
  formatJobRef,
  type InvalidJobRef,
  type JobIdentity,
  type JobIdInput,
  type JobRefInput,
  type JobRefProblem,
  type ParsedJobRef,
  parseJobRef
} from "./References.ts"
export type { JobResultJson, JobSnapshotJson } from "./SnapshotJson.ts"
export { isTransientStatus } from "./TransientStatus.ts"
