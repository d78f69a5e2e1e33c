/**
 * The table of job kinds: one entry per status operation of the Workflows API. Everything that exists once per operation is derived
 * from it, so that a further operation is one more entry here and the schema of its response.
 *
 * @module
 */

/** What is known about one kind of job. */
export interface JobKindTraits {
  /** The `operationId` of its status operation. */
  readonly operationId: string
  /** The path of that operation below the server's base URL. */
  readonly path: `/${string}{id}${string}`
  /** What an id of this kind is: a signed 64-bit integer, or any text. */
  readonly id: "int64" | "text"
  /** The statuses that the contract knows, in the order of a job's life. */
  readonly statuses: ReadonlyArray<string>
  /** How long a result is kept by default, in milliseconds. */
  readonly resultLifetime: number
  /**
   * What the lifetime counts from: `completion`, or `unspecified` where the API does not say. Then the result may be gone a lifetime
   * after the job's creation, and is expected to be gone a lifetime after its completion.
   */
  readonly lifetimeFrom: "completion" | "unspecified"
  /** Other names of the kind in a job reference. */
  readonly aliases: ReadonlyArray<string>
  /** The kind to use instead once the operation has been retired (410 Gone). */
  readonly successor?: string
}

const hour = 3_600_000

/**
 * The kinds of job, by name (contract, "Operations" and "Life of a job").
 *
 * @example
 * ```ts
 * import { jobKinds } from "@ttd-jobs/core/model"
 *
 * jobKinds.standard.operationId // "getJobStatus"
 * jobKinds["graphql-bulk"].path // "/graphqlbulkjob/{id}"
 * ```
 */
export const jobKinds = {
  standard: {
    operationId: "getJobStatus",
    path: "/standardjob/{id}/status",
    id: "int64",
    statuses: ["InProgress", "Success", "PartialSuccess", "Failure", "ResultsExpired"],
    resultLifetime: 24 * hour,
    lifetimeFrom: "unspecified",
    aliases: []
  },
  "graphql-query": {
    operationId: "getGraphQlQueryJobStatus",
    path: "/graphqlqueryjob/{id}",
    id: "text",
    statuses: ["Queued", "InProgress", "Success", "PartialSuccess", "Failure", "Cancelled"],
    resultLifetime: hour,
    lifetimeFrom: "completion",
    aliases: ["graphql"],
    successor: "graphql-bulk"
  },
  "graphql-bulk": {
    operationId: "getGraphQlBulkJobStatus",
    path: "/graphqlbulkjob/{id}",
    id: "text",
    statuses: ["Queued", "InProgress", "Success", "PartialSuccess", "Failure", "Cancelled"],
    resultLifetime: hour,
    lifetimeFrom: "completion",
    aliases: []
  }
} as const satisfies Readonly<Record<string, JobKindTraits>>

/** A kind of job: `standard`, `graphql-query` or `graphql-bulk`. */
export type JobKind = keyof typeof jobKinds

/** An upstream operation by its `operationId`. */
export type OperationId = (typeof jobKinds)[JobKind]["operationId"]

/**
 * Whether a text is the name of a kind of job.
 *
 * @example
 * ```ts
 * import { isJobKind } from "@ttd-jobs/core/model"
 *
 * isJobKind("standard") // true
 * isJobKind("graphql") // false, only an alias in a job reference
 * ```
 */
export const isJobKind = (name: string): name is JobKind => Object.hasOwn(jobKinds, name)

/**
 * The names of all kinds of job, in the table's order.
 *
 * @example
 * ```ts
 * import { jobKindNames } from "@ttd-jobs/core/model"
 *
 * jobKindNames // ["standard", "graphql-query", "graphql-bulk"]
 * ```
 */
export const jobKindNames: ReadonlyArray<JobKind> = /* @__PURE__ */ Object.keys(jobKinds).filter(isJobKind)

/**
 * The path of a job's status below the server's base URL, its id percent-encoded.
 *
 * @example
 * ```ts
 * import { statusPath } from "@ttd-jobs/core/model"
 *
 * statusPath({ kind: "graphql-bulk", id: "7 ab" }) // "/graphqlbulkjob/7%20ab"
 * ```
 */
export const statusPath = ({ id, kind }: { readonly kind: JobKind; readonly id: string }): string =>
  jobKinds[kind].path.replace("{id}", () => encodeURIComponent(id))
