/**
 * One snapshot for every kind of job, from the responses of their operations.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import type { JobRef } from "../JobRef.ts"
import { type JobResult, JobSnapshot } from "../JobSnapshot.ts"
import { isTerminal, phaseOf } from "../model/index.ts"
import type { ResultLifetimes } from "../options/ResultLifetime.ts"
import type { Redaction } from "./Redaction.ts"
import type { GraphQlJob, StandardJobStatusResponse } from "./Responses.ts"

/** What a snapshot depends on besides the response. */
export interface SnapshotContext {
  readonly redaction: Redaction
  readonly resultLifetimes: ResultLifetimes
}

/** The snapshot of a standard job. */
export const fromStandard = (ref: JobRef, job: StandardJobStatusResponse, context: SnapshotContext): JobSnapshot =>
  snapshotOf(ref, context, {
    ...job,
    createdAt: job.createdAtUtc,
    completedAt: job.completedAtUtc,
    errors: [job.errors]
  })

/** The snapshot of a GraphQL job of either kind; `errors` is the response's own error text beside the job. */
export const fromGraphQl = (
  ref: JobRef,
  job: GraphQlJob,
  errors: string | null | undefined,
  context: SnapshotContext
): JobSnapshot =>
  snapshotOf(ref, context, {
    ...job,
    errors: [errors, ...(job.runtimeErrors ?? []), ...(job.queryGqlErrors ?? [])]
  })

interface Job {
  readonly status: string
  readonly createdAt: DateTime.Utc
  readonly completedAt?: DateTime.Utc | null | undefined
  readonly completionPercentage?: number | null | undefined
  readonly url?: string | null | undefined
  readonly rawResult?: string | null | undefined
  readonly errors: ReadonlyArray<string | null | undefined>
}

const snapshotOf = (ref: JobRef, { redaction, resultLifetimes }: SnapshotContext, job: Job): JobSnapshot => {
  const phase = phaseOf(job.status)
  const completedAt = job.completedAt ?? null
  return new JobSnapshot({
    ref: String(ref),
    kind: ref.kind,
    id: ref.id,
    phase,
    status: job.status,
    completionPercentage: percentageOf(job.completionPercentage),
    createdAt: job.createdAt,
    completedAt,
    // Without a time of completion only this much is certain: the result was there when the job was created at the earliest.
    expiresAt: isTerminal(phase) ? DateTime.addDuration(completedAt ?? job.createdAt, resultLifetimes(ref.kind)) : null,
    result: resultOf(job),
    // A server may echo the token; links keep their queries, which belong to the job.
    errors: job.errors.flatMap((text) => (text ? [redaction.secrets(text)] : []))
  })
}

const percentageOf = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Math.min(100, Math.max(0, value))

const resultOf = ({ rawResult, url }: Job): JobResult | null => {
  if (rawResult) return { inline: true, bytes: utf8Length(rawResult) }
  if (url) return { inline: false, url }
  return rawResult === "" ? { inline: true, bytes: 0 } : null
}

/** The length of a text in UTF-8, in bytes. */
const utf8Length = (text: string): number => new Blob([text]).size
