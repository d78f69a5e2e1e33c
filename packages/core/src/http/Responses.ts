/**
 * Effect schemas of the response bodies, each held to its generated type at compile time.
 *
 * They are open where the world is: properties nobody knows are dropped, a status nobody knows keeps its text, nulls and
 * absent fields are both read, and date-times without an offset are UTC (contract, "Time and numbers").
 *
 * @example
 * ```ts
 * import {
 *   GraphQlJob,
 *   GraphQlJobRetrievalResponse,
 *   graphQlJobStatuses,
 *   ProblemDetails,
 *   StandardJobStatusResponse,
 *   standardJobStatuses
 * } from "@ttd-jobs/core"
 * import { Schema } from "effect"
 *
 * const standard = Schema.decodeUnknownSync(StandardJobStatusResponse)({
 *   id: "9223372036854775807",
 *   createdAtUtc: "2026-11-23T20:49:00.1234567",
 *   status: "InProgress"
 * })
 * standard.id // "9223372036854775807"
 * standardJobStatuses.some((known) => known === standard.status) // true
 *
 * const job = { id: 7, createdAt: "2026-11-23T20:49:00Z", status: "Archived", runtimeErrors: null }
 * const bulk = Schema.decodeUnknownSync(GraphQlJobRetrievalResponse)({ job, errors: null })
 * bulk.job?.status // "Archived"
 * Schema.is(GraphQlJob)(bulk.job) // true
 * graphQlJobStatuses.some((known) => known === bulk.job?.status) // false
 *
 * Schema.decodeUnknownSync(ProblemDetails)({ title: "Not Found", traceId: "00-4f3a" })["traceId"] // "00-4f3a"
 * ```
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import type * as Wire from "../generated/job-status.ts"
import { jobKinds } from "../model/JobKinds.ts"

const NullishString = Schema.optional(Schema.NullOr(Schema.String))
const NullishNumber = Schema.optional(Schema.NullOr(Schema.Finite))
const NullishTexts = Schema.optional(Schema.NullOr(Schema.Array(Schema.String)))

/** A date and a time. JavaScript alone would read "1" as the year 2001. */
const DateTimeText = Schema.String.check(Schema.isPattern(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/)).pipe(
  Schema.decodeTo(Schema.DateTimeUtcFromString)
)
const NullishDateTime = Schema.optional(Schema.NullOr(DateTimeText))

/** An int64 as `parseJson` leaves it, a safe number or exact digits; always digits inside. */
const Int64 = Schema.Union([Schema.Int, Schema.String.check(Schema.isPattern(/^-?\d{1,19}$/))]).pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform({ decode: String, encode: (digits): string | number => digits })
  )
)

/** The statuses of a standard job that the contract knows. */
export const standardJobStatuses = jobKinds.standard.statuses

/** The statuses of a GraphQL job that the contract knows. */
export const graphQlJobStatuses = jobKinds["graphql-bulk"].statuses

/** The answer of `getJobStatus`. */
export const StandardJobStatusResponse = Schema.Struct({
  id: Int64,
  createdAtUtc: DateTimeText,
  /** One of `standardJobStatuses`, or a word that is newer than this package. */
  status: Schema.String,
  completedAtUtc: NullishDateTime,
  /** Percent as the server sent it; `JobSnapshot` keeps it within 0 – 100. */
  completionPercentage: NullishNumber,
  url: NullishString,
  /** The result itself, when it is at most 20 MB. */
  rawResult: NullishString,
  errors: NullishString
})
export type StandardJobStatusResponse = typeof StandardJobStatusResponse.Type

/** The job inside a GraphQL job's answer. */
export const GraphQlJob = Schema.Struct({
  id: Int64,
  createdAt: DateTimeText,
  /** One of `graphQlJobStatuses`, or a word that is newer than this package. */
  status: Schema.String,
  runtimeErrors: NullishTexts,
  completedAt: NullishDateTime,
  /** Percent as the server sent it; `JobSnapshot` keeps it within 0 – 100. */
  completionPercentage: NullishNumber,
  url: NullishString,
  /** The result itself, when it is at most 20 MB. */
  rawResult: NullishString,
  /** Why the GraphQL requests inside the job failed hard. */
  queryGqlErrors: NullishTexts
})
export type GraphQlJob = typeof GraphQlJob.Type

/** The answer of `getGraphQlQueryJobStatus` and of `getGraphQlBulkJobStatus`: a job, or `errors` saying why there is none. */
export const GraphQlJobRetrievalResponse = Schema.Struct({
  job: Schema.optional(Schema.NullOr(GraphQlJob)),
  errors: NullishString
})
export type GraphQlJobRetrievalResponse = typeof GraphQlJobRetrievalResponse.Type

/** The body of a refusal (RFC 9457): every field may be absent or null, and there may be more. */
export const ProblemDetails = Schema.StructWithRest(
  Schema.Struct({
    type: NullishString,
    title: NullishString,
    status: NullishNumber,
    detail: NullishString,
    instance: NullishString
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)
export type ProblemDetails = typeof ProblemDetails.Type

// From here on nothing runs: each line stops compiling when a schema and the OpenAPI document part.

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Holds<T extends true> = T
type Flat<T> = { readonly [K in keyof T]: T[K] }

/** A generated type, opened where we read more than the document promises. */
type Opened<T> = Flat<
  {
    readonly [K in keyof T as undefined extends T[K] ? never : K extends "runtimeErrors" ? never : K]: K extends "id"
      ? string | number
      : K extends "status"
        ? string
        : T[K]
  } & {
    readonly [K in keyof T as undefined extends T[K] ? K : K extends "runtimeErrors" ? K : never]?: K extends "job"
      ? Opened<NonNullable<T[K]>> | null | undefined
      : T[K] | undefined
  }
>

/** Proofs that the schemas and the generated types agree. @internal */
export type Proofs = [
  Holds<Equal<Flat<typeof StandardJobStatusResponse.Encoded>, Opened<Wire.StandardJobStatusResponse>>>,
  Holds<Equal<Flat<typeof GraphQlJob.Encoded>, Opened<Wire.GraphQlJob>>>,
  Holds<Equal<Flat<typeof GraphQlJobRetrievalResponse.Encoded>, Opened<Wire.GraphQlQueryJobRetrievalResponse>>>,
  Holds<Equal<Flat<typeof GraphQlJobRetrievalResponse.Encoded>, Opened<Wire.GraphQlBulkJobRetrievalResponse>>>,
  Holds<Equal<(typeof standardJobStatuses)[number], Wire.StandardJobStatus>>,
  Holds<Equal<(typeof graphQlJobStatuses)[number], Wire.GraphQlJobStatus>>,
  Holds<Equal<(typeof jobKinds)["graphql-query"]["statuses"][number], Wire.GraphQlJobStatus>>
]
