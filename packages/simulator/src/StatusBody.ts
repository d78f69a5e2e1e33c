/**
 * A job as upstream writes it: the bodies of the three operations, and their JSON text.
 *
 * @module
 */
import type { Wire } from "@ttd-jobs/core"
import { Hash } from "effect"
import type { DateStyle } from "./JobScript.ts"
import { mostInlineBytes } from "./ResultScript.ts"
import type { JobState, SimulatedJob } from "./SimulatedJob.ts"

/** A job's status may be any word: upstream adds some without notice. */
type AnyStatus<Body extends { readonly status: string }> = Omit<Body, "status"> & { readonly status: string }

type GraphQlAnswer = Wire.GraphQlQueryJobRetrievalResponse & Wire.GraphQlBulkJobRetrievalResponse

/** The body of a successful answer. */
export type StatusBody =
  | AnyStatus<Wire.StandardJobStatusResponse>
  | (Omit<GraphQlAnswer, "job"> & { readonly job?: AnyStatus<Wire.GraphQlJob> | null })

/** The text of a job's inline result and the link to its file. */
export interface ResultFields {
  readonly url: string | null
  readonly rawResult: string | null
}

/** The body that tells where a job stands. */
export const statusBody = (job: SimulatedJob, state: JobState, result: ResultFields): StatusBody => {
  const { script } = job
  const drop = script.empty === "absent" ? withoutNulls : unchanged
  const errors = state.ended ? (script.errors ?? null) : null
  const dates = (time: number) => dateText(time, script.dates ?? "utc", Hash.string(String(job.ref)))
  const createdAt = dates(job.createdAt)
  const completedAt = state.completedAt === null ? null : dates(state.completedAt)
  const rest = { completionPercentage: state.percentage, ...result }
  if (job.ref.kind === "standard") {
    return {
      id: job.bodyId,
      createdAtUtc: createdAt,
      status: state.status,
      ...drop({ completedAtUtc: completedAt, ...rest, errors })
    }
  }
  if (script.withoutJob !== undefined) {
    const why = { errors: script.errors ?? "The job could not be read." }
    return script.withoutJob === "null" ? { job: null, ...why } : why
  }
  const runtimeErrors = state.ended && script.runtimeErrors !== undefined ? script.runtimeErrors : []
  const queryGqlErrors = state.ended ? (script.queryGqlErrors ?? null) : null
  return {
    job: {
      id: job.bodyId,
      createdAt,
      status: state.status,
      runtimeErrors,
      ...drop({ completedAt, ...rest, queryGqlErrors })
    },
    ...drop({ errors })
  }
}

/** Whether a text may come inside an answer. */
export const fitsInline = (bytes: number): boolean => bytes <= mostInlineBytes

/**
 * A body as JSON text. Ids are strings on our side, because an int64 does not fit a JavaScript number, and bare numbers with
 * all their digits on the wire.
 */
export const jsonText = (body: object): string =>
  // Inside a JSON string every quote is escaped, so this can only match a property.
  JSON.stringify(body).replace(/(?<=[{,])"id":"(-?\d+)"/g, '"id":$1')

const unchanged = <A extends object>(fields: A): Partial<A> => fields

const withoutNulls = <A extends object>(fields: A): Partial<A> => {
  const kept = { ...fields }
  for (const key in kept) if (kept[key] === null) delete kept[key]
  return kept
}

/** .NET ticks are 100 ns: seven digits, of which the last four are the job's own and never change. */
const dateText = (time: number, style: DateStyle, seed: number): string => {
  const iso = new Date(time).toISOString()
  if (style === "seconds") return `${iso.slice(0, 19)}Z`
  const ticks = String((seed >>> 0) % 10_000).padStart(4, "0")
  return `${iso.slice(0, -1)}${ticks}${offsets[style]}`
}

const offsets = { utc: "Z", "no-offset": "", offset: "+00:00" }
