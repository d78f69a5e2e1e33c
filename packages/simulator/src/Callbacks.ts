/**
 * Completion callbacks: one POST to the URL that the job's submitter gave, when the job ends (contract, "Life of a job").
 *
 * @module
 */
import type { JobKind } from "@ttd-jobs/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import type { CallbackFault } from "./CallbackFault.ts"
import type { NoFault } from "./ConnectionFault.ts"
import { dateText } from "./DateText.ts"
import type { CallbackHeader, CallbackScript } from "./JobScript.ts"
import type { Recorder } from "./Recorder.ts"
import type { SimulatedJob } from "./SimulatedJob.ts"
import { jsonText } from "./StatusBody.ts"

/** Throws a `RangeError` when a callback is invalid for a kind of job. */
export const checkCallback = (kind: JobKind, { headers, url }: CallbackScript): void => {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw new RangeError(`invalid callback URL ${JSON.stringify(url)} (expected an http: or https: URL)`)
  }
  if (headers === undefined || Array.isArray(headers) === (kind !== "standard")) return
  const expected = kind === "standard" ? "an object" : "a list of { key, value }"
  throw new RangeError(`invalid callback headers of a ${kind} job (expected ${expected})`)
}

/** Sends a callback of a job that has ended, and records it. */
export const sendCallback = Effect.fnUntraced(function* (
  job: SimulatedJob,
  callback: CallbackScript,
  fault: CallbackFault | NoFault,
  recorder: Pick<Recorder, "addCallback">
) {
  if (fault._tag === "LateCallback") yield* Effect.sleep(fault.by)
  const times = fault._tag === "LostCallback" ? 0 : fault._tag === "RepeatedCallback" ? fault.times : 1
  const common = { ref: String(job.ref), url: displayUrl(callback.url), fault: nameOf(fault) }
  if (times === 0) {
    recorder.addCallback({ ...common, at: yield* Clock.currentTimeMillis, status: null, error: null })
  }
  for (let sent = 0; sent < times; sent++) {
    const at = yield* Clock.currentTimeMillis
    const outcome = yield* post(callback.url, headersOf(callback, fault), bodyOf(job, fault))
    recorder.addCallback({ ...common, at, ...outcome })
  }
})

const timeout = Duration.seconds(30)

const post = (url: string, headers: Readonly<Record<string, string>>, body: string) =>
  Effect.tryPromise(async (signal) => {
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal })
    await response.body?.cancel()
    return { status: response.status, error: null }
  }).pipe(
    Effect.timeout(timeout),
    Effect.catch((error) => Effect.succeed({ status: null, error: reasonOf(error) }))
  )

const headersOf = ({ headers = {} }: CallbackScript, fault: CallbackFault | NoFault) => {
  const entries = isList(headers) ? headers.map(({ key, value }) => [key, value] as const) : Object.entries(headers)
  const own = entries.map(([name, value]) => [name, fault._tag === "WrongSecretCallback" ? `wrong-${value}` : value])
  return { "content-type": "application/json", ...Object.fromEntries(own) }
}

const isList = (headers: object): headers is ReadonlyArray<CallbackHeader> => Array.isArray(headers)

/** The fields of the vendor's sample for GraphQL jobs; those of standard jobs are undocumented. */
const bodyOf = (job: SimulatedJob, fault: CallbackFault | NoFault): string =>
  jsonText({
    jobId: fault._tag === "UnknownJobCallback" ? fault.id : job.bodyId,
    status: job.status,
    completedAtUtc: dateText(job.endsAt, "no-offset", Hash.string(String(job.ref)))
  })

const displayUrl = (url: string) => {
  const { host, pathname, protocol } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

const nameOf = ({ _tag }: CallbackFault | NoFault) => (_tag === "NoFault" ? null : _tag)

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  return inner instanceof Error ? inner.message || inner.name : String(inner)
}
