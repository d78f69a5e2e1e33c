/**
 * Reads the JSON bodies of status responses, fast and leniently: a field that the contract calls optional counts as absent when it is
 * malformed, so that it never hides the status of a job.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import type { GraphQlJob, GraphQlJobRetrievalResponse, StandardJobStatusResponse } from "./Responses.ts"

/** A body that was read, or what is wrong with it. */
export type Read<A> = Result.Result<A, string>

/** Reads the response of `getJobStatus` that was received at a time, in milliseconds since the epoch. */
export const readStandard = (json: unknown, receivedAt: number): Read<StandardJobStatusResponse> => {
  if (!isObject(json)) return notAnObject("the body", json)
  const id = int64Of(json["id"])
  if (id === null) return unexpected("id", "an int64", json["id"])
  const completedAtUtc = dateOf(json["completedAtUtc"])
  const createdAtUtc = creationOf(json["createdAtUtc"], completedAtUtc, receivedAt)
  if (createdAtUtc === null) return unexpected("createdAtUtc", "a date and time", json["createdAtUtc"])
  const status = textOf(json["status"])
  if (status === null) return unexpected("status", "a text", json["status"])
  return Result.succeed({
    id,
    createdAtUtc,
    status,
    completedAtUtc,
    completionPercentage: numberOf(json["completionPercentage"]),
    url: textOf(json["url"]),
    rawResult: textOf(json["rawResult"]),
    errors: textsOf(json["errors"])?.join("\n") ?? null
  })
}

/** Reads the response of `getGraphQlQueryJobStatus` and of `getGraphQlBulkJobStatus`. */
export const readGraphQl = (json: unknown, receivedAt: number): Read<GraphQlJobRetrievalResponse> => {
  if (!isObject(json)) return notAnObject("the body", json)
  const errors = textsOf(json["errors"])?.join("\n") ?? null
  if (json["job"] === undefined || json["job"] === null) return Result.succeed({ job: null, errors })
  return Result.map(readGraphQlJob(json["job"], receivedAt), (job) => ({ job, errors }))
}

const readGraphQlJob = (json: unknown, receivedAt: number): Read<GraphQlJob> => {
  if (!isObject(json)) return notAnObject("job", json)
  const id = int64Of(json["id"])
  if (id === null) return unexpected("job.id", "an int64", json["id"])
  const completedAt = dateOf(json["completedAt"])
  const createdAt = creationOf(json["createdAt"], completedAt, receivedAt)
  if (createdAt === null) return unexpected("job.createdAt", "a date and time", json["createdAt"])
  const status = textOf(json["status"])
  if (status === null) return unexpected("job.status", "a text", json["status"])
  return Result.succeed({
    id,
    createdAt,
    status,
    runtimeErrors: textsOf(json["runtimeErrors"]),
    completedAt,
    completionPercentage: numberOf(json["completionPercentage"]),
    url: textOf(json["url"]),
    rawResult: textOf(json["rawResult"]),
    queryGqlErrors: textsOf(json["queryGqlErrors"])
  })
}

/** An int64 as `parseJson` leaves it, a safe number or exact digits, in its one spelling. */
const int64Of = (value: unknown): string | null => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null
  if (typeof value !== "string" || !int64.test(value)) return null
  return value.length < 16 && canonical.test(value) ? value : exactInt64(BigInt(value))
}

const int64 = /^-?\d{1,40}$/
const canonical = /^(0|-?[1-9]\d*)$/

const exactInt64 = (value: bigint) => (BigInt.asIntN(64, value) === value ? value.toString() : null)

/**
 * When a job was created. The contract requires it; where .NET wrote that there is no date it is the completion, else the time of this
 * response, so that the job's status is not lost with it.
 */
const creationOf = (value: unknown, completedAt: DateTime.Utc | null, receivedAt: number): DateTime.Utc | null =>
  typeof value === "string" && value.startsWith(noDate)
    ? (completedAt ?? DateTime.makeUnsafe(receivedAt))
    : dateOf(value)

/** What .NET writes where there is no date: `DateTime.MinValue`. */
const noDate = "0001-01-01"

/** A date and time, UTC where it has no offset (contract, "Time and numbers"); null where there is none. */
const dateOf = (value: unknown): DateTime.Utc | null => {
  if (typeof value !== "string") return null
  const [, date = "", time = "", offset] = dateAndTime.exec(value) ?? []
  if (date === "" || date === noDate) return null
  const milliseconds = Date.parse(`${date}T${time}${offset === undefined ? "Z" : withColon(offset)}`)
  return Number.isNaN(milliseconds) ? null : DateTime.makeUnsafe(milliseconds)
}

/** Of the fraction of a second three digits are kept. JavaScript alone would read "1" as the year 2001. */
const dateAndTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)\d*\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i

const withColon = (offset: string) =>
  offset.length === 3 ? `${offset}:00` : offset.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2").toUpperCase()

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null)

const numberOf = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null)

/** The texts of a list; a single text counts as a list of one. What is no text is left out. */
const textsOf = (value: unknown): ReadonlyArray<string> | null => {
  if (typeof value === "string") return [value]
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : null
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const notAnObject = (path: string, value: unknown) => unexpected(path, "an object", value)

const unexpected = (path: string, expected: string, value: unknown) =>
  Result.fail(`${path}: expected ${expected}, got ${value === undefined ? "nothing" : excerpt(JSON.stringify(value))}`)

const excerpt = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text)
