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
import type { GraphQlJob, StandardJobStatusResponse } from "./Responses.ts"

/** The snapshot of a standard job. */
export const fromStandard = (ref: JobRef, job: StandardJobStatusResponse, lifetimes: ResultLifetimes): JobSnapshot =>
  snapshotOf(ref, lifetimes, {
    ...job,
    createdAt: job.createdAtUtc,
    completedAt: job.completedAtUtc,
    errors: textsOf([job.errors])
  })

/** The snapshot of a GraphQL job of either kind; `errors` is the response's own error text beside the job. */
export const fromGraphQl = (
  ref: JobRef,
  job: GraphQlJob,
  errors: string | null | undefined,
  lifetimes: ResultLifetimes
): JobSnapshot =>
  snapshotOf(ref, lifetimes, {
    ...job,
    errors: textsOf([errors, ...(job.runtimeErrors ?? []), ...(job.queryGqlErrors ?? [])])
  })

interface Job {
  readonly status: string
  readonly createdAt: DateTime.Utc
  readonly completedAt?: DateTime.Utc | null | undefined
  readonly completionPercentage?: number | null | undefined
  readonly url?: string | null | undefined
  readonly rawResult?: string | null | undefined
  readonly errors: ReadonlyArray<string>
}

const snapshotOf = (ref: JobRef, lifetimes: ResultLifetimes, job: Job): JobSnapshot => {
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
    expiresAt: isTerminal(phase) ? DateTime.addDuration(completedAt ?? job.createdAt, lifetimes[ref.kind]) : null,
    result: resultOf(job),
    errors: job.errors
  })
}

const percentageOf = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Math.min(100, Math.max(0, value))

const resultOf = ({ rawResult, url }: Job): JobResult | null => {
  if (rawResult) return { inline: true, bytes: utf8Length(rawResult) }
  if (url) return { inline: false, url }
  return rawResult === "" ? { inline: true, bytes: 0 } : null
}

const textsOf = (texts: ReadonlyArray<string | null | undefined>): ReadonlyArray<string> =>
  texts.flatMap((text) => (text ? [text] : []))

/** The length of a text in UTF-8, in bytes. */
const utf8Length = (text: string): number => new Blob([text]).size
