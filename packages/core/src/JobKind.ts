/**
 * Effect schema of the kinds of job.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { jobKindNames } from "./model/index.ts"

/**
 * The kinds of job, one per status operation: the keys of the table `jobKinds` of `@ttd-jobs/core/model`.
 *
 * @example
 * ```ts
 * import { JobKind } from "@ttd-jobs/core"
 *
 * JobKind.literals // ["standard", "graphql-query", "graphql-bulk"]
 * ```
 */
export const JobKind = Schema.Literals(jobKindNames)
export type JobKind = typeof JobKind.Type
