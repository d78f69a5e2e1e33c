/**
 * The JSON bodies of the status operations, one writer per kind of job.
 *
 * @module
 */
import type { JobKind, Wire } from "@ttd-jobs/core"
import * as Hash from "effect/Hash"
import { dateText } from "./DateText.ts"
import type { JobState, SimulatedJob } from "./SimulatedJob.ts"

/** Fields of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>

/** The parts of a status body, so that faults can change them. */
export interface StatusBody {
  /** The job's fields; null when the body contains no job. */
  readonly job: Fields | null
  /** Puts the job's fields where the operation has them. */
  readonly envelope: (job: Fields | null) => Fields
  /** Fields of the job that the OpenAPI document requires. */
  readonly required: ReadonlySet<string>
  /** Fields of the job that may not be null. */
  readonly neverNull: ReadonlySet<string>
  /** The body with a text as `errors` and without a job; null where the operation has no such body. */
  readonly withErrors: ((errors: string) => Pick<StatusBody, "job" | "envelope">) | null
}

/** The text of a job's inline result and the link to its file. */
export interface ResultFields {
  readonly url: string | null
  readonly rawResult: string | null
}

/** The body of a job in a given state. */
export const statusBody = (job: SimulatedJob, state: JobState, result: ResultFields): StatusBody =>
  writers[job.ref.kind](job, state, result)

/** A body as JSON text. */
export const textOf = ({ envelope, job }: Pick<StatusBody, "job" | "envelope">): string => jsonText(envelope(job))

/**
 * JSON text whose ids are numbers. Ids are strings in the simulator, because an int64 does not fit a JavaScript number.
 */
export const jsonText = (body: object): string =>
  // Inside a JSON string every quote is escaped, so this matches properties only.
  JSON.stringify(body).replace(/(?<=[{,])"(id|jobId)":"(-?\d+)"/g, '"$1":$2')

type Writer = (job: SimulatedJob, state: JobState, result: ResultFields) => StatusBody

/** A job's status may be any text: upstream adds values without notice. */
type AnyStatus<Body extends { readonly status: string }> = Omit<Body, "status"> & { readonly status: string }

const standard: Writer = (job, state, result) => {
  const { createdAt, completedAt, omitted } = common(job, state)
  const required = { id: job.bodyId, createdAtUtc: createdAt, status: state.status }
  const optional = {
    completedAtUtc: completedAt,
    completionPercentage: state.percentage,
    ...result,
    errors: state.ended ? (job.script.errors ?? null) : null
  }
  const fields: AnyStatus<Wire.StandardJobStatusResponse> = { ...required, ...optional }
  return {
    job: omitted({ ...fields }, required),
    envelope: (changed) => changed ?? {},
    required: new Set(Object.keys(required)),
    neverNull: new Set(Object.keys(required)),
    withErrors: null
  }
}

const graphQl: Writer = (job, state, result) => {
  const { script } = job
  const { createdAt, completedAt, omitted } = common(job, state)
  const identity = { id: job.bodyId, createdAt, status: state.status }
  const required = { ...identity, runtimeErrors: runtimeErrorsOf(job, state) }
  const optional = {
    completedAt,
    completionPercentage: state.percentage === null ? null : float32(state.percentage),
    ...result,
    queryGqlErrors: state.ended ? (script.queryGqlErrors ?? null) : null
  }
  const fields: AnyStatus<Wire.GraphQlJob> = { ...required, ...optional }
  const errors = omitted({ errors: state.ended ? (script.errors ?? null) : null }, {})
  const withErrors = (text: string): Pick<StatusBody, "job" | "envelope"> => ({
    job: null,
    envelope: () => ({ ...(script.withoutJob === "null" ? { job: null } : {}), errors: text })
  })
  const body: StatusBody = {
    job: omitted({ ...fields }, required),
    envelope: (changed) => ({ job: changed, ...errors }),
    required: new Set(Object.keys(required)),
    neverNull: new Set(Object.keys(identity)),
    withErrors
  }
  return script.withoutJob === undefined
    ? body
    : { ...body, ...withErrors(script.errors ?? "The job could not be read.") }
}

const writers: Readonly<Record<JobKind, Writer>> = {
  standard,
  "graphql-query": graphQl,
  "graphql-bulk": graphQl
}

const runtimeErrorsOf = ({ script }: SimulatedJob, { ended }: JobState) =>
  ended && script.runtimeErrors !== undefined ? script.runtimeErrors : []

const common = ({ createdAt, ref, script }: SimulatedJob, { completedAt }: JobState) => {
  const dates = (time: number) => dateText(time, script.dates ?? "utc", Hash.string(String(ref)))
  return {
    createdAt: dates(createdAt),
    completedAt: completedAt === null ? null : dates(completedAt),
    /** Without the optional fields that are null, where the script says so. */
    omitted: (fields: Fields, required: Fields): Fields =>
      script.empty === "absent"
        ? Object.fromEntries(Object.entries(fields).filter(([name, value]) => name in required || value !== null))
        : fields
  }
}

/** A 32-bit float with the fewest digits that identify it, as .NET writes it. */
const float32 = (value: number): number => {
  const rounded = Math.fround(value)
  if (!Number.isFinite(rounded)) return value
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(rounded.toPrecision(digits))
    if (Math.fround(short) === rounded) return short
  }
  return rounded
}
