/**
 * Full responses for promises, with `Date`s.
 *
 * @module
 */
import type * as Effectful from "../http/Responses.ts"
import { dateOf, dateOrNull } from "./Snapshot.ts"

/** The response of `getJobStatus`. Fields that the server left out are null. */
export interface StandardJobStatusResponse {
  readonly id: string
  readonly createdAtUtc: Date
  /** One of the statuses of a standard job, or a status that is newer than this package. */
  readonly status: string
  readonly completedAtUtc: Date | null
  /** Percent as the server sent it; a snapshot keeps it within 0 – 100. */
  readonly completionPercentage: number | null
  readonly url: string | null
  /** The result itself, when it is at most 20 MB. */
  readonly rawResult: string | null
  readonly errors: string | null
}

/** The job in the response of a GraphQL operation. Fields that the server left out are null. */
export interface GraphQlJob {
  readonly id: string
  readonly createdAt: Date
  /** One of the statuses of a GraphQL job, or a status that is newer than this package. */
  readonly status: string
  readonly runtimeErrors: ReadonlyArray<string> | null
  readonly completedAt: Date | null
  /** Percent as the server sent it; a snapshot keeps it within 0 – 100. */
  readonly completionPercentage: number | null
  readonly url: string | null
  /** The result itself, when it is at most 20 MB. */
  readonly rawResult: string | null
  /** Why the GraphQL requests inside the job failed hard. */
  readonly queryGqlErrors: ReadonlyArray<string> | null
}

/** The response of `getGraphQlQueryJobStatus` and of `getGraphQlBulkJobStatus`: a job, or `errors` that say why there is none. */
export interface GraphQlJobRetrievalResponse {
  readonly job: GraphQlJob | null
  readonly errors: string | null
}

/** The response of a standard job with `Date`s. */
export const plainStandard = (response: Effectful.StandardJobStatusResponse): StandardJobStatusResponse => ({
  id: response.id,
  createdAtUtc: dateOf(response.createdAtUtc),
  status: response.status,
  completedAtUtc: dateOrNull(response.completedAtUtc),
  completionPercentage: response.completionPercentage ?? null,
  url: response.url ?? null,
  rawResult: response.rawResult ?? null,
  errors: response.errors ?? null
})

/** The response of a GraphQL job with `Date`s. */
export const plainGraphQl = ({ errors, job }: Effectful.GraphQlJobRetrievalResponse): GraphQlJobRetrievalResponse => ({
  job: job === null || job === undefined ? null : plainJob(job),
  errors: errors ?? null
})

const plainJob = (job: Effectful.GraphQlJob): GraphQlJob => ({
  id: job.id,
  createdAt: dateOf(job.createdAt),
  status: job.status,
  runtimeErrors: job.runtimeErrors ?? null,
  completedAt: dateOrNull(job.completedAt),
  completionPercentage: job.completionPercentage ?? null,
  url: job.url ?? null,
  rawResult: job.rawResult ?? null,
  queryGqlErrors: job.queryGqlErrors ?? null
})
