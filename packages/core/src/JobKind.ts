/**
 * The kinds of job.
 *
 * @module
 */
import * as Schema from "effect/Schema"

/**
 * The three kinds of job, one per endpoint: `standard` (`GET /standardjob/{id}/status`), `graphql-query`
 * (`GET /graphqlqueryjob/{id}`) and `graphql-bulk` (`GET /graphqlbulkjob/{id}`).
 *
 * @example
 * ```ts
 * import { JobKind } from "@ttd-jobs/core"
 *
 * JobKind.literals // ["standard", "graphql-query", "graphql-bulk"]
 * ```
 */
export const JobKind = Schema.Literals(["standard", "graphql-query", "graphql-bulk"])
export type JobKind = typeof JobKind.Type
