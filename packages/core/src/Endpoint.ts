/**
 * The three endpoints, by kind of job. Rate limits and the cap on requests in flight hold per endpoint.
 *
 * @module
 */
import type { operations, paths } from "./generated/job-status.ts"
import type { JobKind } from "./JobKind.ts"
import type { JobRef } from "./JobRef.ts"

/** An upstream operation by its `operationId`. */
export type OperationId = keyof operations

/** An endpoint: the operation and the template of its path. */
export interface Endpoint {
  readonly operationId: OperationId
  readonly template: keyof paths
}

/**
 * The endpoint that tells the status of each kind of job (contract, "Operations").
 *
 * @example
 * ```ts
 * import { endpoints } from "@ttd-jobs/core"
 *
 * endpoints.standard.operationId // "getJobStatus"
 * endpoints["graphql-bulk"].template // "/graphqlbulkjob/{id}"
 * ```
 */
export const endpoints: Readonly<Record<JobKind, Endpoint>> = {
  standard: { operationId: "getJobStatus", template: "/standardjob/{id}/status" },
  "graphql-query": { operationId: "getGraphQlQueryJobStatus", template: "/graphqlqueryjob/{id}" },
  "graphql-bulk": { operationId: "getGraphQlBulkJobStatus", template: "/graphqlbulkjob/{id}" }
}

/**
 * The path of a job's status below the server's base URL, its id percent-encoded.
 *
 * @example
 * ```ts
 * import { JobRef, pathOf } from "@ttd-jobs/core"
 * import { Result } from "effect"
 *
 * pathOf(Result.getOrThrow(JobRef.parse("graphql-bulk:7 ab"))) // "/graphqlbulkjob/7%20ab"
 * ```
 */
export const pathOf = (ref: JobRef): string =>
  endpoints[ref.kind].template.replace("{id}", () => encodeURIComponent(ref.id))
